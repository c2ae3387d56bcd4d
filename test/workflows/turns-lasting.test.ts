import { expect, test } from '@jest/globals';
import { queueIdFor } from '../../activities/turn-claims.js';
import { placeOfTenant } from '../../contract/turn-queue.js';
import { decideFor, reset, startBlockedAt, waitForState, waitForTurnOf, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { aFolder } from '../support/partner-folders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const SLOTS = 2;
const env = useTestEnvironment({}, { slots: SLOTS });
const PUT = 'PUT /tenants/{id}';
/** A run that asks without a pause has hundreds. */
const EVENTS_AT_MOST = 100;

/** A run on a tenant of its own that has its turn and waits for a person. */
async function blockedOn(name: string) {
  const id = env.simulator.world.addTenant({ name });
  env.simulator.faults.next(PUT, { refuse: 403 });
  const handle = await env.begin('disableTenant', { tenant: { id } }, name);
  await waitForState(handle, 'blocked');
  return { id, handle };
}

const waitingOn = async (id: string, holder: string) => {
  const handle = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(handle, holder);
  return handle;
};

test('more runs may wait for a turn than a worker does activities at a time', async () => {
  const { id, handle } = await blockedOn('Much wanted');
  const waiting = await Promise.all(Array.from({ length: SLOTS + 1 }, () => waitingOn(id, 'Much wanted')));

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  for (const run of waiting) expect(await statusAtEnd(run)).toMatchObject({ state: 'completed' });
});

test('a run that is reset keeps its turn until it has closed, then the next one has it', async () => {
  const { id, handle } = await blockedOn('Reset late');
  const again = await reset(env, handle, 'last');
  await waitForState(again, 'blocked');
  const next = await waitingOn(id, 'Reset late');

  await decideFor(again, 'retry');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed' });
  expect(await statusAtEnd(next)).toMatchObject({ state: 'completed', changed: true });
  expect((await next.describe()).historyLength).toBeLessThan(EVENTS_AT_MOST);
});

test('a run that is reset to before its turn takes it again', async () => {
  const { id, handle } = await blockedOn('Reset early');
  const again = await reset(env, handle, 'first');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed', changed: true });
  expect(await env.run('lockTenant', { tenant: { id } })).toMatchObject({ state: 'completed' });
  expect((await again.describe()).historyLength).toBeLessThan(EVENTS_AT_MOST);
});

test('a tenant whose maker was reset is left alone until that has closed', async () => {
  const { handle, order } = await startBlockedAt(env, 'PUT /users/{id}/access_policies');
  const again = await reset(env, handle, 'last');
  await waitForState(again, 'blocked');
  const disabling = await env.begin('disableTenant', { tenant: { name: order.customer.name } });
  await waitForTurnOf(disabling, handle.workflowId);

  await decideFor(again, 'retry');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed' });
  expect(await statusAtEnd(disabling)).toMatchObject({ state: 'completed', changed: true });
});

test('a queue that is reset keeps who works and who waits', async () => {
  const { id, handle } = await blockedOn('Queue reset');
  const next = await waitingOn(id, 'Queue reset');
  await reset(env, env.client.workflow.getHandle(queueIdFor('default', placeOfTenant(id), env.taskQueue)), 'last');
  const last = await waitingOn(id, 'Queue reset');

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(next)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(last)).toMatchObject({ state: 'completed', changed: false });
});

test('a run of an older version that has its turn is waited for', async () => {
  const { root, ids, order } = aFolder(env, 1);
  const [tenantId] = ids as [string];
  const route = 'PUT /tenants/{id}/offering_items';
  env.simulator.faults.next(route, { refuse: 503 }, { times: Infinity, about: ids });
  const old = { cloud: 'default', tenantId, parentTenantId: root, to: order.to, name: 'Old', turnWithin: '1 second' };
  const update = await env.begin('updatePartner', old, 'of an older version');
  await waitUntil(async () => env.simulator.journal.calls(route).some(({ path }) => path.includes(tenantId)));
  const next = await waitingOn(tenantId, 'of an older version');

  env.simulator.faults.clear();

  expect(await update.result()).toMatchObject({ outcome: 'updated' });
  expect(await statusAtEnd(next)).toMatchObject({ state: 'completed', changed: true });
});
