import { expect, test } from '@jest/globals';
import { waitForState, waitForTurnOf, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { aFolder, editionsOf, outcomesOf } from '../support/partner-folders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const PUT = 'PUT /tenants/{id}/offering_items';
const called = (id: string) => env.simulator.journal.calls(PUT).some(({ path }) => path.includes(id));

const updating = (id: string) => `WorkflowType = 'updatePartner' AND AcronisTenantId = '${id}'`;

test('a cancelled run begins no other partner, and names those that it has updated or may have', async () => {
  const { ids, order } = aFolder(env, 12);
  // ten at once: while these ten do not end, the last is not begun
  const [updated, stuck, notBegun] = [ids[0]!, ids.slice(1, 11), ids[11]!];
  env.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: stuck });
  const handle = await env.begin('updatePartners', order);
  await waitUntil(async () => stuck.every(called));

  await handle.cancel();

  const { leftovers } = await waitForState(handle, 'cancelled');
  const told = leftovers!.map(({ id, reason }) => `${id} ${reason}`);
  expect(told.sort()).toEqual(
    [
      `${updated} its new items stay, because its customers may use them by now`,
      ...stuck.map((id) => `${id} cancelled before it was known whether it took effect`),
    ].sort(),
  );
  expect(editionsOf(env, notBegun)).toEqual(['pck_per_gigabyte']);
});

test('a partner at which another run is at work is left out in the end', async () => {
  const { root, ids, order } = aFolder(env, 1);
  const [tenantId] = ids as [string];
  env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 }, { about: ids });
  const other = await env.begin('disableTenant', { tenant: { id: tenantId } }, 'at work');
  await waitForState(other, 'blocked');

  const spec = {
    cloud: 'default',
    tenantId,
    parentTenantId: root,
    to: order.to,
    name: 'Busy',
    turnWithin: '1 second',
    startedAt: Date.now(),
  };
  const update = await env.begin('updatePartner', spec);

  expect(await update.result()).toEqual({ outcome: 'skipped', reason: 'at work is working there', apiCalls: 0 });
  expect(editionsOf(env, tenantId)).toHaveLength(1);
});

test('a run on a partner that is being updated waits until that is done', async () => {
  const { ids, order } = aFolder(env, 1);
  env.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: ids });
  const handle = await env.begin('updatePartners', order);
  await waitUntil(async () => called(ids[0]!));
  const other = await env.begin('lockTenant', { tenant: { id: ids[0]! } });
  await waitForTurnOf(other, /^updatePartner:/);

  env.simulator.faults.clear();

  expect(outcomesOf(await statusAtEnd(handle))).toEqual({ [ids[0]!]: 'updated' });
  expect(await statusAtEnd(other)).toMatchObject({ state: 'completed', changed: true });
});

test('a partner whose run is ended from outside is reported, and the others are updated', async () => {
  const { ids, order } = aFolder(env, 2);
  env.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: [ids[0]!] });
  const handle = await env.begin('updatePartners', order);
  await waitUntil(async () => (await env.client.workflow.count(updating(ids[0]!))).count > 0);
  for await (const { workflowId } of env.client.workflow.list({ query: updating(ids[0]!) }))
    await env.client.workflow.getHandle(workflowId).terminate('enough');

  expect(outcomesOf(await statusAtEnd(handle))).toEqual({
    [ids[0]!]: expect.stringMatching(/^failed: its run has not ended by itself/),
    [ids[1]!]: 'updated',
  });
});

test('while the cloud is down nobody is asked, and all are updated when it is back', async () => {
  const { ids, order } = aFolder(env, 3);
  env.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: ids });
  const handle = await env.begin('updatePartners', order);
  await waitUntil(async () => ids.every(called));
  env.notices.length = 0;
  env.simulator.faults.next('POST /idp/token', { refuse: 401 }, { times: Infinity });
  env.simulator.expireTokens();
  await waitUntil(async () => env.notices.some(({ about }) => about === 'cloud'));

  env.simulator.faults.clear();

  expect(Object.values(outcomesOf(await statusAtEnd(handle)))).toEqual(['updated', 'updated', 'updated']);
  expect(env.notices.filter(({ about }) => about === 'run')).toEqual([]);
  await env.client.workflow.getHandle('cloudTrouble:default').result();
});
