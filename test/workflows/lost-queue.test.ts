import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { queueIdFor } from '../../activities/turn-claims.js';
import { placeOfKey, placeOfTenant, type TurnPlace } from '../../contract/turn-queue.js';
import { keyOf } from '../support/orders.js';
import { decideFor, startBlockedAt, waitForState, waitForTurnOf, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const PUT = 'PUT /tenants/{id}';
/** Temporal's search may be as late. */
const VISIBLE_MS = 1100;
/** Without the watch on its claim, a run claims again after ten minutes. */
const SOON_MS = 120_000;

async function terminateQueueOf(place: TurnPlace): Promise<void> {
  await env.client.workflow.getHandle(queueIdFor('default', place, env.taskQueue)).terminate();
  await sleep(VISIBLE_MS);
}

/** A run on a tenant of its own that has its turn and waits for a person. */
async function blockedOn(name: string) {
  const id = env.simulator.world.addTenant({ name });
  env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });
  const handle = await env.begin('disableTenant', { tenant: { id } }, name);
  await waitForState(handle, 'blocked');
  return { id, handle };
}

test('runs that waited when their queue was terminated have their turns soon, in the order in which they were started', async () => {
  const { id, handle } = await blockedOn('Queue gone');
  const second = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(second, 'Queue gone');
  await terminateQueueOf(placeOfTenant(id));
  const third = await env.begin('unlockTenant', { tenant: { id } });
  await waitForTurnOf(third, 'Queue gone');

  await decideFor(handle, 'retry');

  const since = Date.now();
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(third)).toMatchObject({ state: 'completed', changed: true });
  expect(Date.now() - since).toBeLessThan(SOON_MS);
});

test('a run that waits alone goes on soon after its queue was terminated', async () => {
  const { id, handle } = await blockedOn('Queue gone for one');
  const second = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(second, 'Queue gone for one');
  await terminateQueueOf(placeOfTenant(id));

  await decideFor(handle, 'retry');

  const since = Date.now();
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: true });
  expect(Date.now() - since).toBeLessThan(SOON_MS);
});

test('a remedy passes the blocked run that needs it, also when their queue was terminated', async () => {
  const { id, handle } = await blockedOn('Needs a remedy');
  await terminateQueueOf(placeOfTenant(id));

  expect(await env.run('unlockTenant', { tenant: { id } })).toMatchObject({ state: 'completed' });

  expect(await handle.query('status')).toMatchObject({ state: 'blocked' });
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});

test('a second order for a customer waits for the first one, also when the queue of its key was terminated', async () => {
  const { order, handle } = await startBlockedAt(env, 'GET /tenants/{id}/offering_items/available_for_child');
  await terminateQueueOf(placeOfKey({ environment: 'test', key: keyOf(order) }));

  const second = await env.start(order, 'typed by hand');

  await waitForTurnOf(second, handle.workflowId);
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: false });
  const made = env.simulator.world.customers().filter(({ name }) => name === order.customer.name);
  expect(made).toHaveLength(1);
});

test.each([
  ['a start delay', { startDelay: '1 day' }],
  ['a cron schedule', { cronSchedule: '0 0 1 1 *' }],
] as const)('a run that waits for %s holds up no other run', async (_what, when) => {
  const name = `Later, ${Object.keys(when)[0]}`;
  const id = env.simulator.world.addTenant({ name });
  const { taskQueue } = env;
  const options = { taskQueue, workflowId: name, args: [{ tenant: { name } }], ...when };
  const later = await env.client.workflow.start('disableTenant', options);
  await waitUntil(async () => {
    for await (const run of env.client.workflow.list({ query: `WorkflowId = '${name}'` }))
      return run.workflowId === name;
    return false;
  });

  expect(await env.run('lockTenant', { tenant: { id } })).toMatchObject({ state: 'completed', changed: true });

  await later.terminate();
});
