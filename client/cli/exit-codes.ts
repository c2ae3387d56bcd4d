import type { ErrorKind } from '../../contract/errors.js';
import { FailureType } from '../../contract/failures.js';
import type { OperationStatus } from '../../contract/status.js';

/** Exit codes of the command line. */
export const Exit = {
  done: 0,
  internal: 1,
  refused: 2,
  failed: 3,
  blocked: 4,
  cancelled: 5,
} as const;

/** The exit code after an error. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  refused: Exit.refused,
  notFound: Exit.refused,
  unavailable: Exit.internal,
  internal: Exit.internal,
};

/** Failures that only the input causes. */
const inputFailures: readonly string[] = [FailureType.InvalidInput, FailureType.Different];

/** The exit code of a command that has followed a run. */
export function exitCodeOf(status: OperationStatus): number {
  switch (status.state) {
    case 'completed':
      return Exit.done;
    case 'blocked':
      return Exit.blocked;
    case 'running':
      // followed no further, because it waits for a blocked run
      return Exit.blocked;
    case 'cancelled':
      return Exit.cancelled;
    case 'failed':
      return inputFailures.includes(status.reason.type) ? Exit.refused : Exit.failed;
    case 'undoing':
    case 'undone':
      return Exit.failed;
  }
}
