import { CancellationScope, defineSignal, setHandler } from '@temporalio/workflow';
import { CANCELLING_SIGNAL, type DecisionRequest } from '../../contract/decisions.js';

/** Hears from now on who cancels this run and why; answers what to say of it. The last word before the cancellation counts. */
export function listenForCancelReason(): () => string {
  let said: Partial<DecisionRequest> | undefined;
  setHandler(
    defineSignal<[DecisionRequest]>(CANCELLING_SIGNAL),
    (request?: DecisionRequest) => {
      // a run that no worker had begun hears of both at once, of the cancellation first
      if (said === undefined || !CancellationScope.current().consideredCancelled) said = { ...request };
    },
    { description: 'Says who is about to cancel the run, and why: {"actor", "reason"}' },
  );
  return () => {
    const { actor, reason } = said ?? {};
    return `the run was cancelled${actor ? ` by ${actor}` : ''}${reason ? `: ${reason}` : ''}`;
  };
}
