import type { WorkflowHandle } from '@temporalio/client';
import { factsSignal } from '../../catalogue/event-signals.js';
import { ROLLOUT_QUERY, type RolloutStatus } from '../../contract/rollout.js';
import { factOf } from './fact-reader.js';
import type { Scenario } from './recorded-scenarios.js';
import { waitUntil } from './runs.js';

const because = { actor: 'ann', reason: 'reviewed' };
const limits = { canary: 1, atOnce: 2, maxFailures: { number: 0, share: 0 } };
const input = { action: 'act', ...because, ...limits, refs: ['C-1', 'C-2', 'C-3'] };

/** What is recorded of a rollout. */
export const rolloutScenarios: Scenario[] = [
  ['invalid', {}],
  ['retried', input, undefined, undefined, { meanwhile: retry }],
  ['stopped', input, undefined, undefined, { meanwhile: stop }],
];

/** No source has spoken of the customers; then one does, and a person says retry. */
async function retry(rollout: WorkflowHandle): Promise<void> {
  await untilBlocked(rollout);
  const { taskQueue } = await rollout.describe();
  for (const ref of input.refs) {
    const customer = { ref, name: `Customer ${ref}`, contact: { email: `it@${ref.toLowerCase()}.example` } };
    const { type, ...signal } = factsSignal({ ref, facts: [factOf(ref, { customer })] });
    await rollout.client.signalWithStart(type, { ...signal, taskQueue });
  }
  await rollout.executeUpdate('retry', { args: [because] });
}

/** No source has spoken of the customers; a person goes on with the next one, and then ends it. */
async function stop(rollout: WorkflowHandle): Promise<void> {
  await untilBlocked(rollout);
  await rollout.executeUpdate('resume', { args: [because] });
  await untilBlocked(rollout, 3);
  await rollout.executeUpdate('stop', { args: [because] });
}

async function untilBlocked(rollout: WorkflowHandle, failed = 1): Promise<void> {
  await waitUntil(async () => {
    const { state, counts } = await rollout.query<RolloutStatus>(ROLLOUT_QUERY);
    return state === 'blocked' && counts.failed === failed;
  });
}
