import type { ErrorKind, InputProblem } from './errors.js';

/** The types of the short workflows by which a program without credentials of a cloud asks a worker, and the first parts of their ids. */
export const PLAN_OPERATION = 'planOperation';
export const LOOK_UP = 'lookUp';
/** The look-up of a report that a worker has kept. Its query names the artefact, so only programs ask it. */
export const REPORT_ROWS = 'report';
export const questionTypes = [PLAN_OPERATION, LOOK_UP] as const;

/** A longer answer helps nobody: whoever asks has gone by then. */
export const ANSWER_TIME = '30 seconds';

/** Asks what an operation would do. */
export interface PlanQuestion {
  operation: string;
  input: unknown;
}

/** Asks for one page of a look-up. */
export interface LookUpQuestion {
  lookUp: string;
  /** As texts, as a caller has typed them. */
  query: Readonly<Record<string, string>>;
}

/** What a worker answers: a result, or an error that a person can do something about. */
export type Answered<T> = { ok: true; result: T } | { ok: false; error: AnsweredError };

export interface AnsweredError {
  kind: ErrorKind;
  type: string;
  message: string;
  problems: InputProblem[];
}

/** The value of a field of a row. */
export type RowCell = string | number | boolean | null | readonly string[];
export type LookUpRow = Readonly<Record<string, RowCell>>;

/** One page of a look-up. */
export interface LookUpPage {
  /** The fields of every row, in order. */
  fields: readonly string[];
  rows: readonly LookUpRow[];
  /** Continues the list: the `after` of the next question. Absent on the last page. */
  next?: string;
  /** What a reader must know of the rows. */
  note?: string;
}
