import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAcronis, type Acronis } from '../../acronis/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { failureOf } from './stand-in.js';

let simulator: Simulator;
let acronis: Acronis;
beforeEach(async () => {
  simulator = await startSimulator();
  const { url: baseUrl, clientId, clientSecret } = simulator;
  acronis = createAcronis({ baseUrl, clientId, clientSecret, version: '1.0.0' });
});
afterEach(async () => {
  const { unknownRoutes } = simulator;
  await simulator.close();
  expect(unknownRoutes).toEqual([]);
});

const APP = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const PLATFORM = '7459244f-68f3-3bf4-9f53-5f63ecc1d91f';

async function aCustomerWith(edition: string): Promise<string> {
  const parent_id = simulator.rootTenantId;
  const { id } = await acronis.tenants.create({ name: 'Northwind Traders', parent_id, kind: 'customer' });
  const offered = await acronis.offeringItems.availableForChild(parent_id, { kind: 'customer', edition });
  await acronis.offeringItems.put(
    id,
    offered.filter((item) => item.type === 'count'),
  );
  return id;
}
const editionsOf = async (id: string) => {
  const items = await acronis.offeringItems.list(id);
  return new Set(items.filter(({ status }) => status === 1).map(({ edition }) => edition));
};

test('checks a switch of editions without making it, then makes it', async () => {
  const id = await aCustomerWith('pck_per_gigabyte');
  const to = { applicationId: APP, edition: 'pck_per_workload' };

  const warnings = await acronis.editions.check(id, to);
  const before = await editionsOf(id);
  await acronis.editions.switch(id, to);

  expect(warnings).toContain('NewFeaturesBecomeAvailable');
  expect(before).toContain('pck_per_gigabyte');
  expect(await editionsOf(id)).not.toContain('pck_per_gigabyte');
  expect(await editionsOf(id)).toContain('pck_per_workload');
});

test('reports rejected for an edition that the parent does not have, and names the missing items', async () => {
  const id = await aCustomerWith('pck_per_gigabyte');

  const failure = await failureOf(acronis.editions.check(id, { applicationId: APP, edition: 'none_such' }));

  expect(failure).toMatchObject({ kind: 'rejected', facts: { code: 1021 } });
  expect((failure as Error).message).toContain('pg_base_workstations');
});

test('switches an application off with all its items, but never the platform', async () => {
  const id = await aCustomerWith('pck_per_gigabyte');
  const before = await acronis.applications.idsOf(id);

  await acronis.applications.unbind(APP, id);
  const refused = await failureOf(acronis.applications.unbind(PLATFORM, id));

  expect(before).toEqual(expect.arrayContaining([APP, PLATFORM]));
  expect(await acronis.applications.idsOf(id)).toEqual([PLATFORM]);
  expect(simulator.world.items(id)).toEqual([]);
  expect(refused).toMatchObject({ kind: 'rejected' });
  expect((await acronis.applications.list()).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['backup', 'platform']),
  );
});

test('finds tenants and users by the beginnings of their words', async () => {
  const id = await aCustomerWith('pck_per_gigabyte');
  const contact = { email: 'j@example.test', firstname: 'Traudl' };
  const user = await acronis.users.create({ tenant_id: id, login: 'jane', contact });

  const hits = await acronis.search.find(simulator.rootTenantId, 'tra');

  expect(hits.map(({ obj_type, id }) => [obj_type, id])).toEqual([
    ['tenant', id],
    ['user', user.id],
  ]);
  expect(await failureOf(acronis.search.find(simulator.rootTenantId, 'no'))).toMatchObject({ kind: 'rejected' });
});

test('lists deleted tenants only when asked to, and restores one under a free name', async () => {
  const parentId = simulator.rootTenantId;
  const id = await aCustomerWith('pck_per_gigabyte');
  const { version } = await acronis.tenants.update(id, { version: 1, enabled: false });
  await acronis.tenants.remove(id, version);
  await acronis.tenants.create({ name: 'Northwind Traders', parent_id: parentId, kind: 'customer' });
  const idsBelow = async (allowDeleted: boolean) => {
    const ids: string[] = [];
    for await (const tenant of acronis.tenants.list({ parentId }, { allowDeleted })) ids.push(tenant.id);
    return ids;
  };

  const refused = await failureOf(acronis.tenants.restore(id));

  expect(await idsBelow(false)).not.toContain(id);
  expect(await idsBelow(true)).toContain(id);
  expect(refused).toMatchObject({ kind: 'taken' });
  await acronis.tenants.restore(id, { force: true });
  expect((await acronis.tenants.get(id)).deleted_at).toBeNull();
});
