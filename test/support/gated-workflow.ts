import { condition, continueAsNew, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import type { Intent } from '../../contract/brake.js';
import type { CustomerStart } from '../../contract/customers.js';
import { BrakeGate, type AskedIntent } from '../../workflows/brake/gate.js';

// oxlint-disable-next-line import/export -- a bundle has all workflows of its workers
export * from '../../workflows/index.js';

export const askFor = defineSignal<[Intent]>('askFor');
export const forgetAbout = defineSignal<[string]>('forgetAbout');
export const continueNow = defineSignal('continueNow');
export const forgetAndContinue = defineSignal<[string]>('forgetAndContinue');
export const intentsOf = defineQuery<readonly AskedIntent[]>('intents');

/** A customer that asks, forgets and continues as new when a test says so. */
export async function gated(
  customer: CustomerStart,
  askAgainMs: number,
  saved?: readonly AskedIntent[],
): Promise<void> {
  const gate = new BrakeGate(customer, saved, askAgainMs);
  let continues = false;
  setHandler(askFor, (intent) => gate.ask(intent));
  setHandler(forgetAbout, (id) => gate.forget(id));
  setHandler(continueNow, () => void (continues = true));
  setHandler(forgetAndContinue, (id) => {
    gate.forget(id);
    continues = true;
  });
  setHandler(intentsOf, () => gate.all);
  await condition(() => continues && !gate.isWithdrawing);
  await continueAsNew<typeof gated>(customer, askAgainMs, gate.all);
}
