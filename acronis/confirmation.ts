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

/** The fields that say which object an answer describes, and whether they are as sent or as asked for. */
export type Comparison = Readonly<Record<string, boolean>>;

/**
 * Returns the answer to a creation. Fails with `unreadable` when the answer describes another object than the one that
 * was sent: it may belong to somebody else. The message names the fields that differ, never their content.
 */
export function confirmCreation<Answer>(
  call: ConfirmedCall,
  answer: Answer,
  isSame: Comparison,
  { makesMore = false }: { makesMore?: boolean } = {},
): Answer {
  return confirmSame(call, answer, isSame, { verb: 'sent', ...(makesMore ? { makesMore } : {}) });
}

/**
 * Returns the answer to a call about one object. Fails with `unreadable` when the answer describes another object, as a
 * confused cache or proxy would answer. So nothing is done to somebody else's object, and it says nothing of ours.
 */
export function confirmAsked<Answer>(call: ConfirmedCall, answer: Answer, isSame: Comparison): Answer {
  return confirmSame(call, answer, isSame, { verb: 'asked for' });
}

/** Returns the rows of a list. Fails with `unreadable` when one contradicts the filter: then all may be others'. */
export function confirmRows<Row>(call: ConfirmedCall, rows: Row[], compare: (row: Row) => Comparison): Row[] {
  for (const row of rows) confirmAsked(call, row, compare(row));
  return rows;
}

function confirmSame<Answer>(
  { operation, route }: ConfirmedCall,
  answer: Answer,
  isSame: Comparison,
  { verb, ...facts }: { verb: string; makesMore?: boolean },
): Answer {
  const different = Object.keys(isSame).filter((name) => isSame[name] !== true);
  if (different.length === 0) return answer;
  const reason = `the answer describes another object than was ${verb} (different: ${different.join(', ')})`;
  throw new AcronisError('unreadable', operation, { route, status: 200, reason, ...facts });
}

/**
 * Whether an answer fits what was sent. A value that was not sent, or that the answer leaves out, contradicts nothing,
 * and neither does another spelling of the same letters.
 */
export function isConsistent(sent: unknown, answered: unknown): boolean {
  return sent === undefined || sent === null || answered === undefined || answered === null || isEqual(sent, answered);
}

function isEqual(sent: unknown, answered: unknown): boolean {
  return typeof sent === 'string' && typeof answered === 'string'
    ? sent.normalize() === answered.normalize()
    : sent === answered;
}

/**
 * The same for texts that the cloud may tidy up, such as names, logins, addresses and ids. An empty text contradicts
 * nothing.
 */
export function isSameText(sent: string | null | undefined, answered: string | null | undefined): boolean {
  const [wanted, found] = [sent, answered].map((text) => normalize(text ?? ''));
  return wanted === '' || found === '' || wanted === found;
}

/** The same for tenants. Some services send the number of a tenant, which cannot be compared with its GUID. */
export function isSameTenant(asked: string | undefined, answered: string | null): boolean {
  return isNumber(asked) !== isNumber(answered) || isSameText(asked, answered);
}

function isNumber(id: string | null | undefined): boolean {
  return /^\d+$/.test(id ?? '');
}

function normalize(text: string): string {
  return text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
