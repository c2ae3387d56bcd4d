import type { WorkflowHandle } from '@temporalio/client';
import { blockName } from '../../contract/actors.js';
import { sign } from './actor-keys.js';
import { anOrder } from './orders.js';
import { waitForState } from './runs.js';
import type { Scenario } from './recorded-scenarios.js';

/** A run that is blocked, and goes on after a decision whose actor a worker has verified. */
export const verifiedScenario = (): Scenario => [
  'verified',
  anOrder({ onFailure: 'ask' }),
  'PUT /users/{id}/access_policies',
  { refuse: 403 },
  { meanwhile: retryAsAnn },
];

async function retryAsAnn(run: WorkflowHandle): Promise<void> {
  const { blocked } = await waitForState(run, 'blocked');
  const { workflowId, runId } = await run.describe();
  const request = { actor: 'ann', reason: 'right granted' };
  const proof = sign({ workflowId, runId, choice: 'retry', about: blockName(blocked), request });
  await run.executeUpdate('retry', { args: [{ ...request, proof }] });
}
