import { AcronisError } from './errors.js';

/** Gives the answer to a change, or fails with `unreadable` when it says that things are not as they were asked for. */
export function shown<Answer>(
  { operation, route }: { operation: string; route: string },
  answer: Answer,
  isShown: boolean,
): Answer {
  if (isShown) return answer;
  throw new AcronisError('unreadable', operation, {
    route,
    status: 200,
    reason: 'the answer does not show the change',
  });
}

/** Whether an answer agrees with what was sent. What was not sent, or what the answer leaves out, contradicts nothing. */
export function agrees(sent: unknown, said: unknown): boolean {
  return sent === undefined || sent === null || said === undefined || said === null || sent === said;
}
