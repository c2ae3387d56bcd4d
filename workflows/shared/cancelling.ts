import { CancellationScope, defineSignal, setHandler } from '@temporalio/workflow';
import { CANCELLING_SIGNAL, type DecisionRequest } from './decisions.js';

/** Hears from now on who cancels this run and why; answers what to say of it. What comes after the cancellation is not heard. */
export function hearWhoCancels(): () => string {
  let said: Partial<DecisionRequest> = {};
  setHandler(
    defineSignal<[DecisionRequest]>(CANCELLING_SIGNAL),
    (request?: DecisionRequest) => {
      if (!CancellationScope.current().consideredCancelled) said = { ...request };
    },
    { description: 'Says who is about to cancel the run, and why: {"actor", "reason"}' },
  );
  return () => {
    const by = said.actor ? ` by ${said.actor}` : '';
    return `the run was cancelled${by}${said.reason ? `: ${said.reason}` : ''}`;
  };
}
