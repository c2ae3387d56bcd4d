import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  upsertMemo,
} from '@temporalio/workflow';
import { describeFailure } from './describe-failure.js';
import { FailureType } from '../../contract/failures.js';
import type { StepRunner } from './step-runner.js';
import type { StatusBoard } from './status-board.js';
import { FINAL_STATUS_MEMO, type Leftover, type Reason } from '../../contract/status.js';

/** Its undos know only what the run has done since. */
const RESTARTED =
  'the run was reset to its start: what it had done before that is not in its history, so look at the steps of the former run';

/** Ends a run that cannot complete: leaves everything as it is, or undoes what it made and names what it could not. `cancelReason` says by whom. */
export async function endRun(
  error: Error,
  how: 'undo' | 'keep',
  { board, runner, cancelReason }: { board: StatusBoard; runner: StepRunner; cancelReason(): string },
): Promise<never> {
  // a call that fails after the cancellation is not tried again, and fails with its own error
  const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
  const { type, message, step } = describeFailure(error);
  const cause: Reason = cancelled
    ? { type: 'Cancelled', message: cancelReason() }
    : { type, message, ...(step === undefined ? {} : { step }) };
  const different = type === FailureType.Different;
  if (how === 'keep' && !cancelled && !different && runner.mayHaveMade)
    return finish({ ...cause, type: FailureType.Kept }, 'failed', board, board.leftovers());
  board.setState({ state: 'undoing', reason: cause }, cause);
  const { undone, leftovers, mayAppear } = await runner.undo();
  // whoever is left is named for that
  if (board.facts.uninvited !== undefined) board.setFacts({ uninvited: [] });
  const hints = [mayAppear && yetToCome(mayAppear), runner.restarted && RESTARTED].filter(Boolean);
  const why = { ...cause, message: [cause.message, ...hints].join('; ') };
  if (leftovers.length > 0)
    return finish({ ...why, type: FailureType.Leftovers }, cancelled ? 'cancelled' : 'failed', board, [
      ...leftovers,
      ...board.leftovers().filter(({ id }) => leftovers.every((one) => one.id !== id)),
    ]);
  // what the run had to leave is taken back with all else that it made
  const left = undone ? [] : board.leftovers();
  if (cancelled) return finish(why, 'cancelled', board, left);
  const refused = different ? FailureType.Different : FailureType.Refused;
  return finish({ ...why, type: undone ? FailureType.Undone : refused }, undone ? 'undone' : 'failed', board, left);
}

/** The cloud may take hours for a call that it has not answered: only a person can look then. */
function yetToCome(end: string): string {
  return `a creation was not answered and nothing of it is seen: a tenant whose internal tag ends in "${end}" may still appear`;
}

function finish(
  reason: Reason,
  state: 'undone' | 'failed' | 'cancelled',
  board: StatusBoard,
  leftovers: Leftover[],
): never {
  board.setState({ state, reason, ...(leftovers.length > 0 && state !== 'undone' ? { leftovers } : {}) }, reason);
  if (state === 'cancelled') {
    upsertMemo({ [FINAL_STATUS_MEMO]: board.status() });
    throw new CancelledFailure(reason.message);
  }
  throw closingFailure(board, reason);
}

/** The failure with which a run closes; its first detail is the final status. */
export function closingFailure(board: StatusBoard, { type: reason, message }: Reason): ApplicationFailure {
  // one of the refusals, which says more in the status
  const type = reason === FailureType.Different ? FailureType.Refused : reason;
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [board.status()] });
}
