import { afterEach, describe, expect, test } from '@jest/globals';
import { findTenant, path, search, tree, users } from '../../lookups/index.js';
import { startCloud, type Cloud } from '../support/cloud.js';

let cloud: Cloud;
afterEach(async () => {
  await cloud.close();
});

const small = { tree: { partners: 2, customers: 2, units: 1, users: 1 } };
const tenantNamed = async (name: string) => (await findTenant(cloud.acronis, name)).id;

describe('tree', () => {
  test('puts each tenant under its parent, in the order of their names', async () => {
    cloud = await startCloud(small);

    const rows = await cloud.rows(tree, {}, await tenantNamed('Partner 0001'));

    expect(rows.map(({ depth, name }) => `${'-'.repeat(depth)}${name}`)).toEqual([
      'Partner 0001',
      '-Customer 0001-0001',
      '--Unit 0001-0001-0001',
      '-Customer 0001-0002',
      '--Unit 0001-0002-0001',
    ]);
  });

  test('shows thousands of tenants with one call for each 500, and none for a single tenant', async () => {
    cloud = await startCloud({ tree: { partners: 20, customers: 100 } });

    const rows = await cloud.rows(tree, {});

    expect(rows.length).toBeGreaterThan(2020);
    expect(new Set(cloud.calls())).toEqual(new Set(['GET /tenants']));
    expect(cloud.simulator.journal.calls().filter(({ route }) => route === 'GET /tenants')).toHaveLength(
      Math.ceil(rows.length / 500),
    );
  });

  test('goes to the given depth, and shows only the given kind', async () => {
    cloud = await startCloud(small);
    const partner = await tenantNamed('Partner 0001');

    const shallow = await cloud.rows(tree, { depth: 1 }, partner);
    const customers = await cloud.rows(tree, { kind: 'customer' }, partner);
    const alone = await cloud.rows(tree, { depth: 0 }, partner);

    expect(shallow.map(({ kind }) => kind)).toEqual(['partner', 'customer', 'customer']);
    expect(customers.map(({ name }) => name)).toEqual(['Customer 0001-0001', 'Customer 0001-0002']);
    expect(alone).toHaveLength(1);
  });

  test('shows the users of each tenant with one more listing', async () => {
    cloud = await startCloud(small);

    const rows = await cloud.rows(tree, { users: true }, await tenantNamed('Customer 0001-0001'));

    expect(rows.map(({ depth, kind, name }) => [depth, kind, name])).toEqual([
      [0, 'customer', 'Customer 0001-0001'],
      [1, 'user', 'user-0001-0001-0001'],
      [1, 'unit', 'Unit 0001-0001-0001'],
    ]);
    expect(cloud.calls()).toEqual(['GET /tenants', 'GET /users']);
  });
});

const northwind = { name: 'Northwind', customer_id: 'crm-17' };

describe('a tenant', () => {
  test('is found by id, by exact name and by customer id; the root when none is given', async () => {
    cloud = await startCloud({ tenants: [northwind, { name: 'Northwind Traders' }] });
    const { id } = await findTenant(cloud.acronis, ' Northwind ');

    expect((await findTenant(cloud.acronis, id.toUpperCase())).name).toBe('Northwind');
    expect((await findTenant(cloud.acronis, 'crm-17')).id).toBe(id);
    expect((await findTenant(cloud.acronis)).id).toBe(cloud.simulator.rootTenantId);
  });

  test('is found by a customer id that looks like a tenant id', async () => {
    const customer_id = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
    cloud = await startCloud({ tenants: [{ ...northwind, customer_id }] });

    expect((await findTenant(cloud.acronis, customer_id)).name).toBe('Northwind');
  });

  test.each(['north', 'NORTHWIND', 'crm', '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69', '', '../clients'])(
    'that is called %j is refused when there is none',
    async (wanted) => {
      cloud = await startCloud({ tenants: [northwind] });

      await expect(findTenant(cloud.acronis, wanted)).rejects.toMatchObject({
        kind: 'refused',
        message: expect.stringContaining(JSON.stringify(wanted)),
      });
    },
  );

  test('is refused when several match, and these are named', async () => {
    cloud = await startCloud({ uniqueNames: false, tenants: [northwind, { name: 'crm-17', kind: 'partner' }] });

    const failure = await findTenant(cloud.acronis, 'crm-17').catch((error: unknown) => error as Error);

    expect(failure).toMatchObject({ kind: 'refused' });
    expect((failure as Error).message).toMatch(/fits 2 tenants[^]*customer {2}Northwind[^]*partner {2}crm-17/);
  });
});

describe('path', () => {
  test('shows what is above a tenant, our root first', async () => {
    cloud = await startCloud(small);
    const [partner, unit] = [await tenantNamed('Partner 0001'), await tenantNamed('Unit 0001-0002-0001')];

    const [row, ...others] = await cloud.rows(path, {}, unit);

    expect(others).toEqual([]);
    expect(row).toMatchObject({ name: 'Unit 0001-0002-0001', kind: 'unit', id: unit });
    expect(row!.path.slice(-2)).toEqual(['Partner 0001', 'Customer 0001-0002']);
    expect(row!.parentIds.slice(0, 2)).toEqual([cloud.simulator.rootTenantId, partner]);
  });

  test('of several tenants reads each of them, and each above them, once', async () => {
    cloud = await startCloud(small);
    const ids = [await tenantNamed('Customer 0001-0001'), await tenantNamed('Customer 0001-0002')];

    const rows = await cloud.rows(path, { ids: [...ids, ids[0]!.toUpperCase()] });

    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(cloud.calls()).toEqual(['GET /tenants/{id}', 'GET /tenants/{id}', 'GET /tenants/{id}']);
  });

  test('goes on without a tenant that cannot be read, and fails while the cloud is away', async () => {
    cloud = await startCloud(small);
    const ids = [await tenantNamed('Partner 0001'), await tenantNamed('Partner 0002')];
    const read = async () => (await cloud.rows(path, { ids })).map(({ name }) => name);
    const failNext = (status: number) =>
      cloud.simulator.faults.next('GET /tenants/{id}', { refuse: status }, { about: [ids[0]!] });

    failNext(409);
    expect(await read()).toEqual(['Partner 0002']);
    failNext(503);
    await expect(read()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('has a deleted tenant, and none that the cloud does not show', async () => {
    cloud = await startCloud({ tenants: [northwind] });
    const { id, version } = await findTenant(cloud.acronis, 'Northwind');
    const disabled = await cloud.acronis.tenants.update(id, { version, enabled: false });
    await cloud.acronis.tenants.remove(id, disabled.version);

    const rows = await cloud.rows(path, { ids: [id, '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69'] });

    expect(rows.map(({ name }) => name)).toEqual(['Northwind']);
  });
});

test('search shows tenants and users, and where they are', async () => {
  cloud = await startCloud(small);

  const rows = await cloud.rows(search, { text: 'user-0001' });
  const tenants = await cloud.rows(search, { text: 'Partner 0002' });

  expect(rows.map(({ type, name }) => [type, name])).toEqual([
    ['user', 'user-0001-0001-0001'],
    ['user', 'user-0001-0002-0001'],
  ]);
  expect(tenants).toMatchObject([{ type: 'tenant', kind: 'partner', path: [expect.any(String)] }]);
});

test('search refuses less than three characters before it asks', async () => {
  cloud = await startCloud();

  await expect(cloud.rows(search, { text: ' ab ' })).rejects.toMatchObject({ kind: 'refused' });
  expect(cloud.calls()).toEqual([]);
});

describe('users', () => {
  test('are those of the tenant and of all below it, or of the tenant alone', async () => {
    cloud = await startCloud(small);
    const logins = async (filter: object) => (await cloud.rows(users, filter)).map(({ login }) => login);

    expect(await logins({})).toEqual(expect.arrayContaining(['demo.admin', 'user-0002-0002-0001']));
    expect(await logins({ here: true })).toEqual(['demo.admin']);
    expect(await logins({ inactive: true })).not.toContain('demo.admin');
  });

  test('have their roles shown on request, with one call each', async () => {
    cloud = await startCloud(small);
    const tenantId = await tenantNamed('Customer 0001-0001');
    const [user] = await cloud.rows(users, {}, tenantId);
    await cloud.acronis.users.replaceAccessPolicies(user!.id, [{ tenantId, roleId: 'company_admin' }]);

    const without = await cloud.rows(users, {}, tenantId);
    const calls = cloud.calls();
    const withRoles = await cloud.rows(users, { roles: true }, tenantId);

    expect(without).toMatchObject([{ email: 'user-0001-0001-0001@customer.example', roles: null }]);
    expect(calls).toEqual(['GET /users']);
    expect(withRoles).toMatchObject([{ roles: ['company_admin'] }]);
    expect(cloud.calls()).toEqual(['GET /users', 'GET /users/{id}/access_policies']);
  });
});
