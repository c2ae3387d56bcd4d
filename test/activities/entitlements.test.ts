import { describe, expect, test } from '@jest/globals';
import { attempt } from '../support/activity-environment.js';
import { consoleClient, waitForCall } from '../support/console.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({ storages: 2 });
const cloud = 'default';
const GET_ITEMS = 'GET /tenants/{id}/offering_items';

const storages = () =>
  env.simulator.world
    .items(env.simulator.rootTenantId)
    .filter(({ name }) => name === 'pg_base_storage')
    .map(({ infra_id }) => infra_id!);

/** A customer with workstations and servers, and what an order for it changes. */
async function aCustomer() {
  const tenantId = env.simulator.world.addTenant({ name: 'Entitled' });
  const find = async (fields: object) => {
    const spec = { cloud, tenantId, kind: 'customer', parentTenantId: env.simulator.rootTenantId };
    const order = { offeringItems: [], quotas: {}, remove: [], infraId: undefined, ...fields };
    return (await attempt(env.activities.findItemChanges, { ...spec, ...order })).result;
  };
  const change = async ({ on, off, before }: Awaited<ReturnType<typeof find>>) =>
    await attempt(env.activities.changeOfferingItems, { cloud, tenantId, on, off, before });
  await change(await find({ offeringItems: ['workstations', 'servers'], quotas: { workstations: { limit: 5 } } }));
  const names = () => env.simulator.world.items(tenantId).map(({ name }) => name);
  return { tenantId, find, change, names };
}

test('where data lies is never guessed, and an order may say it', async () => {
  const { find } = await aCustomer();
  const [one, other] = storages();

  await expect(find({ offeringItems: ['storage'] })).rejects.toMatchObject({
    type: 'Tenantry.NotOffered',
    message: expect.stringContaining(`infra.backup: several are offered for storage; name one of ${one}, ${other}`),
  });
  const { on } = await find({ offeringItems: ['storage'], infra: { backup: other } });
  expect(on).toMatchObject([{ name: 'storage', infra_id: other }]);
});

test('an item that the customer has stays where it is, although there are several storages', async () => {
  const { find, change } = await aCustomer();
  const [, other] = storages();
  await change(await find({ offeringItems: ['storage'], infraId: other }));

  const quotas = { storage: { limit: '1 TiB' } };
  expect((await find({ offeringItems: ['storage'], quotas })).on).toMatchObject([{ infra_id: other }]);
  expect((await find({ quotas })).on).toMatchObject([{ infra_id: other, field: 'quotas.storage' }]);
});

test('a place that is named for a kind of data counts only where the customer has no such data yet', async () => {
  const { find, change } = await aCustomer();
  const [one, other] = storages();

  expect((await find({ offeringItems: ['vms'], infra: { backup: one } })).on).toMatchObject([{ name: 'vms' }]);
  await change(await find({ offeringItems: ['storage'], infra: { backup: other } }));
  const quotas = { storage: { limit: '1 TiB' } };
  const { on } = await find({ offeringItems: ['storage'], quotas, infra: { backup: one } });
  expect(on).toMatchObject([{ infra_id: other, quota: { value: 2 ** 40 } }]);
  await expect(find({ offeringItems: ['storage'], infraId: one })).rejects.toMatchObject({ type: 'Acronis.Rejected' });
});

test('an item that the cloud has locked is not switched off', async () => {
  const { tenantId, find } = await aCustomer();
  const servers = env.simulator.world.items(tenantId).find(({ name }) => name === 'servers')!;
  servers.locked = true;
  await expect(find({ remove: ['servers'] })).rejects.toMatchObject({
    message: expect.stringMatching(/^remove: .*locked servers/),
  });
});

test('the use is read only when something might be taken away', async () => {
  const { find, change } = await aCustomer();
  const usages = () => env.simulator.journal.calls('GET /tenants/{id}/usages').length;

  await change(await find({ offeringItems: ['vms'], quotas: { workstations: { limit: 6 } } }));
  expect(usages()).toBe(0);
  await find({ remove: ['vms'] });
  expect(usages()).toBe(1);
});

test('what nobody lists is said in the plan, and what becomes unlimited', async () => {
  const { find } = await aCustomer();

  expect(await find({ offeringItems: ['workstations', 'device_control'], remove: ['boats', 'servers'] })).toMatchObject(
    {
      unlimited: ['workstations'],
      unlisted: ['boats'],
      off: [{ name: 'servers' }],
    },
  );
});

describe('a change that was never answered', () => {
  async function lostChange() {
    const customer = await aCustomer();
    const { tenantId } = customer;
    const found = await customer.find({ quotas: { workstations: { limit: 9 } }, remove: ['servers'] });
    const spec = { cloud, tenantId, items: found.on, off: found.off, before: found.before, awaitsLate: true as const };
    const undo = async () =>
      (await attempt(env.activities.restoreItems, { ...spec, unsure: true, doubted: true })).result;
    const quota = () => env.simulator.world.items(tenantId).find(({ name }) => name === 'workstations')!.quota!.value;
    return { ...customer, found, undo, quota };
  }

  test('is undone when it comes while the undo looks', async () => {
    const { found, change, undo, names, quota } = await lostChange();
    const seen = env.simulator.journal.calls(GET_ITEMS).length;
    const undone = undo();
    await waitForCall(
      { ...env.simulator, journal: { calls: () => env.simulator.journal.calls(GET_ITEMS).slice(seen) } } as never,
      GET_ITEMS,
    );
    await change(found);

    expect(await undone).toEqual({ undone: true, leftovers: [] });
    expect([names().toSorted(), quota()]).toEqual([['servers', 'workstations'], 5]);
  });

  test('is named when it does not come', async () => {
    const { tenantId, undo } = await lostChange();

    expect(await undo()).toMatchObject({
      undone: false,
      leftovers: [
        {
          kind: 'setting',
          id: tenantId,
          reason: 'a call that was never answered may still change: workstations, servers',
        },
      ],
    });
  });

  test.each<[string, (tenantId: string) => Promise<void>]>([
    ['the item is on again', async (tenantId) => await byHand(tenantId, { name: 'servers', status: 1 })],
    ['the quota is another one', async (tenantId) => await byHand(tenantId, { name: 'workstations', value: 7 })],
  ])('is left, and named, when %s: somebody else was there too', async (_words, happen) => {
    const { tenantId, found, change, undo, names } = await lostChange();
    await change(found);
    await happen(tenantId);
    const there = names();

    expect(await undo()).toMatchObject({
      undone: false,
      leftovers: [{ id: tenantId, reason: expect.stringMatching(/^somebody else has changed them too/) }],
    });
    expect(names()).toEqual(there);
  });
});

/** What a person does in the console. */
async function byHand(
  tenantId: string,
  { name, value = null, status = 1 }: { name: string; value?: number | null; status?: number },
) {
  const { offeringItems } = consoleClient(env.simulator);
  const row = (await offeringItems.list(tenantId)).find((one) => one.name === name)!;
  const quota = { value, overage: null, version: row.quota?.version ?? 0 };
  await offeringItems.put(tenantId, [{ application_id: row.application_id, name, status, quota }]);
}
