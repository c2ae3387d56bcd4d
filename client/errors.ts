import { Unreadable } from '../vault/index.js';
import type { InputProblem } from '../workflows/shared/input.js';

/** Exit codes of the command line. */
export const Exit = {
  done: 0,
  internal: 1,
  refused: 2,
  failed: 3,
  blocked: 4,
  cancelled: 5,
} as const;

/** Something a person can fix: the message says what and how, the exit code says to programs which kind it is. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    message: string,
    readonly exitCode: number = Exit.internal,
    readonly problems: readonly InputProblem[] = [],
  ) {
    super(message);
  }
}

/** What to say where something can only be read with keys that are not here; undefined for any other error. */
export function unreadable(what: string, error: unknown): ClientError | undefined {
  if (!(error instanceof Unreadable)) return undefined;
  return new ClientError(cannotBeRead(what, error.message), Exit.refused);
}

/** Says so, and what to do about it. */
export function cannotBeRead(what: string, why: string): string {
  return `${what} cannot be read here: ${why}. Give the keys that the workers have.`;
}
