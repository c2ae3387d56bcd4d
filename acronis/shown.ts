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

/**
 * Gives the answer to a creation, or fails with `unreadable` when it names something else than what was sent: then it may be somebody else's. The
 * message names the fields that differ, never what they hold.
 */
export function made<Answer>(
  { operation, route }: { operation: string; route: string },
  answer: Answer,
  fields: Readonly<Record<string, boolean>>,
  { makesMore = false }: { makesMore?: boolean } = {},
): Answer {
  const others = Object.keys(fields).filter((name) => fields[name] !== true);
  if (others.length === 0) return answer;
  throw new AcronisError('unreadable', operation, {
    route,
    status: 200,
    reason: `the answer is not of what was sent, by its ${others.join(', ')}`,
    ...(makesMore ? { makesMore } : {}),
  });
}

/** Whether an answer agrees with what was sent. What was not sent, or what the answer leaves out, contradicts nothing. */
export function agrees(sent: unknown, said: unknown): boolean {
  return sent === undefined || sent === null || said === undefined || said === null || sent === said;
}

/** The same for texts that the cloud may tidy up, such as names, logins, addresses and ids. An empty one says nothing. */
export function isSameText(sent: string | null | undefined, said: string | null | undefined): boolean {
  const [wanted, told] = [sent, said].map((text) => plain(text ?? ''));
  return wanted === '' || told === '' || wanted === told;
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
