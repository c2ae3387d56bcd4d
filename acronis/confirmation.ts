import { AcronisError } from './errors.js';

interface ConfirmedCall {
  operation: string;
  route: string;
}

/** Returns the answer to a change. Fails with `unreadable` when the answer contradicts the change. */
export function confirmChange<Answer>(
  { operation, route }: ConfirmedCall,
  answer: Answer,
  isConfirmed: boolean,
): Answer {
  if (isConfirmed) return answer;
  const reason = 'the answer does not show the change';
  throw new AcronisError('unreadable', operation, { route, status: 200, reason });
}

/**
 * Returns the answer to a creation. Fails with `unreadable` when the answer describes another object than the one that
 * was sent: it may belong to somebody else. The message names the fields that differ, never their content.
 */
export function confirmCreation<Answer>(
  { operation, route }: ConfirmedCall,
  answer: Answer,
  isSame: Readonly<Record<string, boolean>>,
  { makesMore = false }: { makesMore?: boolean } = {},
): Answer {
  const different = Object.keys(isSame).filter((name) => isSame[name] !== true);
  if (different.length === 0) return answer;
  const reason = `the answer describes another object than was sent (different: ${different.join(', ')})`;
  throw new AcronisError('unreadable', operation, { route, status: 200, reason, ...(makesMore ? { makesMore } : {}) });
}

/**
 * Whether an answer fits what was sent. A value that was not sent, or that the answer leaves out, contradicts nothing.
 */
export function isConsistent(sent: unknown, answered: unknown): boolean {
  return sent === undefined || sent === null || answered === undefined || answered === null || sent === answered;
}

/**
 * The same for texts that the cloud may tidy up, such as names, logins, addresses and ids. An empty text contradicts
 * nothing.
 */
export function isSameText(sent: string | null | undefined, answered: string | null | undefined): boolean {
  const [wanted, found] = [sent, answered].map((text) => normalize(text ?? ''));
  return wanted === '' || found === '' || wanted === found;
}

function normalize(text: string): string {
  return text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
