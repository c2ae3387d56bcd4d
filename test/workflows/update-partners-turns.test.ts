import { expect, test } from '@jest/globals';
import type { OperationStatus } from '../../contract/status.js';
import { expectSoon, reached } from '../support/desk.js';
import { statusAtEnd } from '../support/house.js';
import { aFolder, editionsOf, outcomesOf } from '../support/partner-folders.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();
const PUT = 'PUT /tenants/{id}/offering_items';
const called = (id: string) => house.simulator.journal.calls(PUT).some(({ path }) => path.includes(id));

const updating = (id: string) => `WorkflowType = 'updatePartner' AND AcronisTenantId = '${id}'`;

async function waitsFor(handle: { query<R>(name: string): Promise<R> }): Promise<string | undefined> {
  const status = await handle.query<OperationStatus>('status');
  return status.state === 'running' ? status.waitsFor : undefined;
}

test('a cancelled run begins no other partner, and names those that it has updated or may have', async () => {
  const { ids, order } = aFolder(house, 12);
  // ten at once: while these ten do not end, the last is not begun
  const [updated, stuck, notBegun] = [ids[0]!, ids.slice(1, 11), ids[11]!];
  house.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: stuck });
  const handle = await house.begin('updatePartners', order);
  await expectSoon(async () => stuck.every(called));

  await handle.cancel();

  const { leftovers } = await reached(handle, 'cancelled');
  const told = leftovers!.map(({ id, reason }) => `${id} ${reason}`);
  expect(told.sort()).toEqual(
    [
      `${updated} what it was given stays, for its customers may have it by now`,
      ...stuck.map((id) => `${id} cancelled before it was known whether it took effect`),
    ].sort(),
  );
  expect(editionsOf(house, notBegun)).toEqual(['pck_per_gigabyte']);
});

test('a partner at which another run is at work is left out in the end', async () => {
  const { root, ids, order } = aFolder(house, 1);
  const [tenantId] = ids as [string];
  house.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 }, { about: ids });
  const other = await house.begin('disableTenant', { tenant: { id: tenantId } }, 'at work');
  await reached(other, 'blocked');

  const spec = {
    cloud: 'default',
    tenantId,
    parentTenantId: root,
    to: order.to,
    name: 'Busy',
    turnWithin: '1 second',
    startedAt: Date.now(),
  };
  const update = await house.begin('updatePartner', spec);

  expect(await update.result()).toEqual({ outcome: 'skipped', reason: 'at work is at work there', apiCalls: 0 });
  expect(editionsOf(house, tenantId)).toHaveLength(1);
});

test('a run on a partner that is being updated waits until that is done', async () => {
  const { ids, order } = aFolder(house, 1);
  house.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: ids });
  const handle = await house.begin('updatePartners', order);
  await expectSoon(async () => called(ids[0]!));
  const other = await house.begin('lockTenant', { tenant: { id: ids[0]! } });
  await expectSoon(async () => (await waitsFor(other))?.startsWith('updatePartner:') === true);

  house.simulator.faults.clear();

  expect(outcomesOf(await statusAtEnd(handle))).toEqual({ [ids[0]!]: 'updated' });
  expect(await statusAtEnd(other)).toMatchObject({ state: 'completed', changed: true });
});

test('a partner whose run is ended from outside is told, and the others are updated', async () => {
  const { ids, order } = aFolder(house, 2);
  house.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: [ids[0]!] });
  const handle = await house.begin('updatePartners', order);
  await expectSoon(async () => (await house.client.workflow.count(updating(ids[0]!))).count > 0);
  for await (const { workflowId } of house.client.workflow.list({ query: updating(ids[0]!) }))
    await house.client.workflow.getHandle(workflowId).terminate('enough');

  expect(outcomesOf(await statusAtEnd(handle))).toEqual({
    [ids[0]!]: expect.stringMatching(/^failed: its run has not ended by itself/),
    [ids[1]!]: 'updated',
  });
});

test('while the cloud is away nobody is asked, and all are updated when it is back', async () => {
  const { ids, order } = aFolder(house, 3);
  house.simulator.faults.next(PUT, { refuse: 503 }, { times: Infinity, about: ids });
  const handle = await house.begin('updatePartners', order);
  await expectSoon(async () => ids.every(called));
  house.notices.length = 0;
  house.simulator.faults.next('POST /idp/token', { refuse: 401 }, { times: Infinity });
  house.simulator.expireTokens();
  await expectSoon(async () => house.notices.some(({ about }) => about === 'cloud'));

  house.simulator.faults.clear();

  expect(Object.values(outcomesOf(await statusAtEnd(handle)))).toEqual(['updated', 'updated', 'updated']);
  expect(house.notices.filter(({ about }) => about === 'run')).toEqual([]);
  await house.client.workflow.getHandle('cloudTrouble:default').result();
});
