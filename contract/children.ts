import type { InputProblem } from './errors.js';
import type { OperationStatus } from './status.js';

/**
 * Signal to an operation, with a `WatchRequest`: inform a workflow about this run. It is answered by news at once, and
 * again whenever the state of the run changes. Safe to repeat. A workflow that starts an operation as its child needs
 * not ask: it gets the news of its child anyway.
 */
export const WATCH_SIGNAL = 'watch';

export interface WatchRequest {
  /** The workflow that gets the news, whichever of its runs is open then. */
  workflowId: string;
}

/** Signal from an operation to a workflow that watches it, with `RunNews`. */
export const RUN_NEWS_SIGNAL = 'runNews';

/** The state of a run has changed. The last news of a run say how it has ended, unless somebody terminated it. */
export interface RunNews {
  id: string;
  /** The first run id. */
  runId: string;
  status: RunStatus;
}

type Brief<Status> = Status extends unknown ? Omit<Status, 'steps' | 'decisions' | 'dropped' | 'grace'> : never;

/**
 * The status of a run without its steps and its past. It also says how a run has ended: `completed`, with the result of
 * its operation; or `failed`, `undone` or `cancelled` with a reason, whose type is `Refused`, `Different`, `Undone`,
 * `Kept`, `Leftovers`, `InvalidInput`, `Cancelled` or `Terminated`.
 */
export type RunStatus = Brief<OperationStatus>;

/** Leaves out of a status what only people read. */
export function toRunStatus(status: OperationStatus): RunStatus {
  const { steps: _steps, decisions: _decisions, dropped: _dropped, grace: _grace, ...brief } = status;
  return brief;
}

/** A run of an operation that a workflow has started, or that it has found open and watches. */
export interface Child {
  /** The workflow id. */
  id: string;
  /** The first run id: a reset gives the run another one. */
  runId: string;
  operation: string;
  /** True for a run that this workflow has started. It never cancels another one. */
  own: boolean;
  /**
   * How the input of the run differs from the one that was to be started; absent when both are equal. Then nothing was
   * started, because only one run of a key can be open.
   */
  otherInput?: string[];
  status: RunStatus;
}

/** An operation that was not started, because its input is refused. */
export interface RefusedStart {
  refused: InputProblem[];
}
