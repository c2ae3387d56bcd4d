import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { UpdatePartnersResult } from '../../workflows/update-partners/contract.js';
import { waitUntil } from '../support/runs.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const PARTNERS = 300;
const AT_ONCE = 10;
const PUT = 'PUT /tenants/{id}/offering_items';
const quota = { value: 25, overage: 5, version: 1_700_000_000_000 };

/** Partners with one edition and a quota each; every tenth has all already, every hundredth is disabled. */
function manyPartners() {
  const { world } = env.simulator;
  const root = world.addTenant({ name: 'Many partners', kind: 'folder' });
  for (const edition of ['pck_per_gigabyte', 'fss_per_user']) world.giveItems(root, edition);
  const partners = Array.from({ length: PARTNERS }, (_none, at) => {
    const fields = { name: `Of many ${at}`, kind: 'partner', parent_id: root, edition: 'pck_per_gigabyte' };
    const id = world.addTenant(fields);
    if (at % 10 === 1) world.giveItems(id, 'fss_per_user');
    if (at % 100 === 2) world.disable(id);
    Object.assign(world.items(id)[0]!, { quota });
    // nobody knows what a worker that died had sent, so one that needed nothing may count as updated
    const right = at % 10 === 1 ? ['unchanged', 'updated'] : at % 100 === 2 ? ['skipped'] : ['updated'];
    return { id, right };
  });
  return { root, partners };
}

/** How many children were open at the same time, and how many events there are. */
async function measured(handle: WorkflowHandle): Promise<{ most: number; events: number }> {
  const { events } = await handle.fetchHistory();
  let [open, most] = [0, 0];
  for (const event of events ?? []) {
    if (event.startChildWorkflowExecutionInitiatedEventAttributes) open += 1;
    if (event.childWorkflowExecutionCompletedEventAttributes) open -= 1;
    most = Math.max(most, open);
  }
  return { most, events: events?.length ?? 0 };
}

test('three hundred partners are updated although answers are lost, the cloud is busy and the worker is killed twice', async () => {
  const { simulator } = env;
  const { root, partners } = manyPartners();
  simulator.faults.chance(0.03, 'commit-then-drop', { seed: 7 });
  simulator.faults.chance(0.03, { refuse: 503 }, { seed: 8 });
  const handle = await env.client.workflow.start('updatePartners', {
    taskQueue: 'tenantry',
    workflowId: 'updatePartners:many',
    args: [{ root: { id: root }, to: { editions: 'all' } }],
    workflowTaskTimeout: '5 seconds',
  });

  for (const puts of [60, 160]) {
    await waitUntil(async () => simulator.journal.calls(PUT).length >= puts);
    env.worker.kill();
    await env.replaceWorker();
  }
  const result = (await handle.result()) as UpdatePartnersResult;

  expect(result).toMatchObject({ state: 'completed', changed: true });
  expect(result.partners.map(({ id }) => id)).toEqual(partners.map(({ id }) => id));
  for (const [at, { id, right }] of partners.entries()) {
    const { outcome } = result.partners[at]!;
    const items = simulator.world.items(id);
    expect(right).toContain(outcome);
    expect(new Set(items.map(({ edition }) => edition)).size).toBe(outcome === 'skipped' ? 1 : 2);
    expect(items[0]).toMatchObject({ quota });
  }
  const { most, events } = await measured(handle);
  expect(most).toBeLessThanOrEqual(AT_ONCE);
  expect(events).toBeLessThan(10 * PARTNERS);
});
