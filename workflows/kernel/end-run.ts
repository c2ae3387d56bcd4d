import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  upsertMemo,
} from '@temporalio/workflow';
import { lookForDoubles } from './doubles.js';
import { describeFailure } from './describe-failure.js';
import { FailureType } from '../../contract/failures.js';
import type { CancelReason } from '../decisions/cancellation.js';
import type { StepRunner } from './step-runner.js';
import type { StatusBoard } from './status-board.js';
import type { Undos } from './undos.js';
import { FINAL_STATUS_MEMO, type Leftover, type Reason } from '../../contract/status.js';

/** After a reset to the start, undos know only what the run has done since. */
const RESET_TO_START_MESSAGE =
  'the run was reset to its start: its history does not show what it did before, so check the steps of the former run';

interface Ending {
  board: StatusBoard;
  runner: StepRunner;
  undos: Undos;
  /** A decision, or the deadline, has ended the run: the cloud did not refuse it. */
  givenUp: boolean;
  cancelReason: CancelReason;
}

/** Ends a run that cannot complete: keeps everything, or undoes what it created and reports each leftover. */
export async function endRun(
  error: Error,
  how: 'undo' | 'keep',
  { board, runner, undos, givenUp, cancelReason }: Ending,
): Promise<never> {
  // a call that fails after the cancellation is not retried, and ends with its own error
  const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
  const { type, message, step } = describeFailure(error);
  const said = cancelled ? cancelReason() : message;
  const cause: Reason = cancelled
    ? { type: 'Cancelled', message: typeof said === 'string' ? said : await said }
    : { type, message, ...(step === undefined ? {} : { step }) };
  const different = type === FailureType.Different;
  if (how === 'keep' && !cancelled && !different && runner.mayHaveMade) {
    await lookForDoubles({ board, runner, undos });
    return finish({ ...cause, type: FailureType.Kept }, 'failed', board, board.leftovers());
  }
  board.setState({ state: 'undoing', reason: cause }, cause);
  const { undone, leftovers, mayAppear } = await runner.undo();
  // users that are left are reported as leftovers of the undo
  if (board.facts.uninvited !== undefined) board.setFacts({ uninvited: [] });
  const hints = [mayAppear && mayAppearMessage(mayAppear), runner.wasResetToStart && RESET_TO_START_MESSAGE].filter(
    Boolean,
  );
  const why = { ...cause, message: [cause.message, ...hints].join('; ') };
  if (leftovers.length > 0)
    return finish({ ...why, type: FailureType.Leftovers }, cancelled ? 'cancelled' : 'failed', board, [
      ...leftovers,
      ...board.leftovers().filter(({ id }) => leftovers.every((one) => one.id !== id)),
    ]);
  // after a complete undo, what the run itself has left is gone too
  const left = undone ? board.leftAsFound() : board.leftovers();
  if (cancelled) return finish(why, 'cancelled', board, left);
  if (undone || (givenUp && left.length === 0))
    return finish({ ...why, type: FailureType.Undone }, 'undone', board, left);
  if (givenUp) return finish({ ...why, type: FailureType.Leftovers }, 'failed', board, left);
  return finish({ ...why, type: different ? FailureType.Different : FailureType.Refused }, 'failed', board, left);
}

/** The cloud may take hours for a call that it has not answered; then only a person can check. */
function mayAppearMessage(end: string): string {
  return `a creation got no answer: a tenant whose internal tag ends in "${end}" may still appear`;
}

function finish(
  reason: Reason,
  state: 'undone' | 'failed' | 'cancelled',
  board: StatusBoard,
  leftovers: Leftover[],
): never {
  board.setState({ state, reason, ...(leftovers.length > 0 ? { leftovers } : {}) }, reason);
  if (state === 'cancelled') {
    upsertMemo({ [FINAL_STATUS_MEMO]: board.status() });
    throw new CancelledFailure(reason.message);
  }
  throw createClosingFailure(board, reason);
}

/** The failure with which a run closes; its first detail is the final status. */
export function createClosingFailure(board: StatusBoard, { type: reason, message }: Reason): ApplicationFailure {
  // `Different` closes as a refusal; the status keeps the exact type
  const type = reason === FailureType.Different ? FailureType.Refused : reason;
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [board.status()] });
}
