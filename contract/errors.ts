/**
 * What went wrong, for programs: `refused` is a mistake of whoever asked, `unavailable` a service that does not answer just now, `internal` anything
 * else. Each door has a table from kinds to what its callers know: exit codes, HTTP statuses.
 */
export type ErrorKind = 'refused' | 'notFound' | 'unavailable' | 'internal';

/** What would help, for a door to put into words that its own users can act on. */
export type Remedy =
  | { do: 'listRuns' | 'setUp' | 'startTemporal' | 'startWorker' | 'checkClouds' }
  | { do: 'askStatus'; id: string };

/** One thing that is wrong with an input: where, and why. */
export interface InputProblem {
  path: string;
  message: string;
}

/** Something that a person can fix. The message says what is wrong, the remedies what to do about it. */
export class TenantryError extends Error {
  override readonly name = 'TenantryError';
  readonly remedies: readonly Remedy[];
  readonly problems: readonly InputProblem[];

  constructor(
    readonly kind: ErrorKind,
    message: string,
    { remedies = [], problems = [] }: { remedies?: readonly Remedy[]; problems?: readonly InputProblem[] } = {},
  ) {
    super(message);
    this.remedies = remedies;
    this.problems = problems;
  }
}
