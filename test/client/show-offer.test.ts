import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { applications, editions, items, usage } from '../../lookups/index.js';
import { startCloud, type Cloud } from '../support/cloud.js';

let cloud: Cloud;
let customerId: string;
beforeEach(async () => {
  cloud = await startCloud();
  const { acronis, simulator } = cloud;
  const parentId = simulator.rootTenantId;
  customerId = simulator.world.addTenant({ name: 'Northwind' });
  const edition = 'pck_per_gigabyte';
  const offered = await acronis.offeringItems.availableForChild(parentId, { kind: 'customer', edition });
  const [workstations, ...others] = offered.filter(({ type }) => type === 'count');
  const quota = { value: 25, overage: 5, version: 0 };
  await acronis.offeringItems.put(customerId, [{ ...workstations!, quota }, ...others]);
});
afterEach(async () => {
  await cloud.close();
});

test('applications are those that the tenant has, or all, with a mark on those it has', async () => {
  const has = await cloud.rows(applications, {}, customerId);
  const all = await cloud.rows(applications, { all: true }, customerId);

  expect(has.map(({ type }) => type).sort()).toEqual(['backup', 'platform']);
  expect(all.filter(({ enabled }) => enabled)).toEqual(has);
  expect(all.find(({ type }) => type === 'notary')).toMatchObject({ enabled: false });
});

test('editions show how much of each the tenant has and could have', async () => {
  const rows = await cloud.rows(editions, {}, customerId);

  expect(rows.find(({ edition }) => edition === 'pck_per_gigabyte')).toMatchObject({
    application: 'backup',
    itemsOn: expect.any(Number),
    warnings: null,
  });
  expect(rows.find(({ edition }) => edition === 'pck_per_workload')).toMatchObject({ itemsOn: 0, warnings: null });
  expect(rows.every(({ itemsOn, itemsOffered }) => itemsOn <= itemsOffered!)).toBe(true);
});

test('editions of our root do not show what its parent offers, which we cannot ask', async () => {
  const rows = await cloud.rows(editions, {});

  expect(rows.length).toBeGreaterThan(1);
  expect(rows.every(({ itemsOffered }) => itemsOffered === null)).toBe(true);
});

test('editions show the warnings before a switch to each other edition, and switch nothing', async () => {
  const rows = await cloud.rows(editions, { check: true }, customerId);

  const calls = cloud.calls();
  const [had, others] = [rows.filter((row) => row.itemsOn > 0), rows.filter((row) => row.itemsOn === 0)];
  expect(had.every(({ warnings }) => warnings === null)).toBe(true);
  expect(others.find(({ edition }) => edition === 'pck_per_workload')?.warnings).not.toEqual([]);
  expect(others.every(({ warnings }) => warnings !== null)).toBe(true);
  expect(calls.filter((route) => route === 'GET /tenants/{id}/edition')).toHaveLength(others.length);
  expect(calls.filter((route) => !route.startsWith('GET '))).toEqual([]);
});

test('editions show why a switch is impossible', async () => {
  const message = 'edition is not available';
  cloud.simulator.faults.next('GET /tenants/{id}/edition', { refuse: 400, code: 1021, message }, { times: 9 });

  const rows = await cloud.rows(editions, { check: true }, customerId);

  expect(rows.find(({ itemsOn }) => itemsOn === 0)).toMatchObject({ warnings: [`impossible: ${message}`] });
});

test('items show limits in the unit of the vendor, and what is on', async () => {
  const rows = await cloud.rows(items, { on: true }, customerId);

  expect(rows.find(({ usageName }) => usageName === 'workstations')).toMatchObject({
    on: true,
    limit: 25,
    overage: 5,
    unit: 'quantity',
  });
  expect(rows.every(({ on }) => on)).toBe(true);
});

test('items are of one edition, or those that the tenant could give to a child', async () => {
  const ofEdition = await cloud.rows(items, { edition: 'pck_per_workload', offeredTo: 'customer' });

  expect(ofEdition.some(({ edition }) => edition === 'pck_per_workload')).toBe(true);
  expect(new Set(ofEdition.map(({ edition }) => edition))).toEqual(new Set(['pck_per_workload', null]));
  expect(cloud.calls()).toEqual(['GET /tenants/{id}/offering_items/available_for_child']);
});

test('usage shows what is used and its limit', async () => {
  cloud.simulator.world.setUsage(customerId, 'workstations', 7);

  const rows = await cloud.rows(usage, { used: true }, customerId);

  expect(rows).toMatchObject([
    { tenant: 'Northwind', usageName: 'workstations', value: 7, total: 7, limit: 25, overage: 5, tenantId: customerId },
  ]);
});

test('usage of every customer below comes in one call for all', async () => {
  cloud.simulator.world.setUsage(customerId, 'workstations', 7);

  const rows = await cloud.rows(usage, { customers: true, used: true });

  expect(rows.map(({ tenant, value }) => [tenant, value])).toEqual([['Northwind', 7]]);
  expect(cloud.calls()).toEqual(['GET /tenants', 'GET /tenants/usages']);
});

test('usage leaves out only the customers that deny us access', async () => {
  const { acronis, simulator } = cloud;
  const barred = simulator.world.addTenant({ name: 'Contoso' });
  await acronis.tenants.update(barred, { version: 1, ancestral_access: false });
  simulator.world.setUsage(customerId, 'workstations', 7);

  const rows = await cloud.rows(usage, { customers: true, used: true });

  expect(rows.map(({ tenant }) => tenant)).toEqual(['Northwind']);
});
