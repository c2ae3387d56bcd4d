import { CancellationScope } from '@temporalio/workflow';
import { CANCELLING_SIGNAL, type DecisionRequest } from '../../contract/decisions.js';
import { onSignal } from '../kernel/signals.js';

/**
 * Listens for who cancels this run and why. The returned function words it. The last signal before the cancellation
 * counts.
 */
export function listenForCancelReason(onDropped: (signal: string) => void): () => string {
  let said: Partial<DecisionRequest> | undefined;
  onSignal(
    CANCELLING_SIGNAL,
    (request?: DecisionRequest) => {
      // a run without a first task yet gets both at once, the cancellation first
      if (said === undefined || !CancellationScope.current().consideredCancelled) said = { ...request };
    },
    { description: 'Who is about to cancel the run, and why: {"actor", "reason"}', onDropped },
  );
  return () => {
    const { actor, reason } = said ?? {};
    return `the run was cancelled${actor ? ` by ${actor}` : ''}${reason ? `: ${reason}` : ''}`;
  };
}
