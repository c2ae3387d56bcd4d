import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAcronis, type Acronis, type NewTenant, type Tenant } from '../../acronis/index.js';
import { startSimulator, type Fault, type Simulator } from '../../simulator/index.js';
import { failureOf } from './stand-in.js';

let simulator: Simulator;
let acronis: Acronis;
beforeEach(async () => {
  simulator = await startSimulator({ port: 0 });
  const { url: baseUrl, clientId, clientSecret } = simulator;
  acronis = createAcronis({ baseUrl, clientId, clientSecret, version: '1.0.0', timeoutMs: 1000 });
});
afterEach(async () => {
  const { unknownRoutes } = simulator;
  await simulator.close();
  expect(unknownRoutes).toEqual([]);
});

const aCustomer = (fields: Partial<NewTenant> = {}): NewTenant => ({
  name: 'Northwind',
  parent_id: simulator.rootTenantId,
  kind: 'customer',
  ...fields,
});
const made = async (): Promise<Tenant> => acronis.tenants.create(aCustomer({ internal_tag: 'run-1' }));
const namesBelow = async (parentId: string): Promise<string[]> => {
  const names: string[] = [];
  for await (const { name } of acronis.tenants.list({ parentId })) names.push(name);
  return names;
};

test('provisions a customer from the tenant to the activation mail', async () => {
  const rootId = await acronis.rootTenantId();
  const fields = { customer_id: 'ext-1', language: 'en', contact: { email: 'jane@example.test' } };
  const tenant = await acronis.tenants.create(aCustomer({ ...fields, enhanced_security: true }));
  const secured = await acronis.twoFactor.set(tenant.id, true);
  const edition = 'pck_per_gigabyte';
  const offered = await acronis.offeringItems.availableForChild(rootId, { kind: 'customer', edition });
  const ordinary = offered.filter(({ infra_id, name }) => infra_id === null && name.startsWith('pg_base_'));
  const put = await acronis.offeringItems.put(tenant.id, ordinary);
  const check = await acronis.users.checkLogin('jane.roe');
  const contact = { email: 'jane@example.test', firstname: 'Jane' };
  const user = await acronis.users.create({ tenant_id: tenant.id, login: 'jane.roe', contact });
  const role = { tenantId: tenant.id, roleId: 'company_admin' };
  const policies = await acronis.users.replaceAccessPolicies(user.id, [role]);
  await acronis.users.sendActivationEmail(user.id);

  expect(tenant).toMatchObject({ parent_id: rootId, customer_id: 'ext-1', version: 1 });
  expect(secured.mfa_status).toBe('enabled');
  expect(put).toHaveLength(ordinary.length);
  expect(ordinary.length).toBeGreaterThan(0);
  expect(check).toBe('free');
  expect(policies).toMatchObject([{ trustee_id: user.id, role_id: 'company_admin' }]);
  expect(simulator.world.mails()).toHaveLength(1);
});

test('reads back what it wrote', async () => {
  const tenant = await made();
  const user = await acronis.users.create({
    tenant_id: tenant.id,
    login: 'jane',
    contact: { email: 'j@example.test' },
  });
  await acronis.users.setPassword(user.id, 'correct horse battery');
  const before = await acronis.pricing.get(tenant.id);
  const after = await acronis.pricing.put(tenant.id, { version: before.version, mode: 'production' });
  const logins: string[] = [];
  for await (const { login } of acronis.users.list({ tenantId: tenant.id })) logins.push(login);

  expect(await acronis.tenants.get(tenant.id)).toEqual(expect.objectContaining({ internal_tag: 'run-1' }));
  expect(await acronis.users.get(user.id)).toMatchObject({ login: 'jane', activated: true });
  expect([before.mode, after.mode]).toEqual(['trial', 'production']);
  expect(logins).toEqual(['jane']);
  expect(await acronis.users.accessPolicies(user.id)).toEqual([]);
  expect(await acronis.twoFactor.get(tenant.id)).toMatchObject({ mfa_status: 'disabled' });
  expect(await acronis.offeringItems.list(tenant.id)).toEqual(expect.any(Array));
  expect(await acronis.usages.list(tenant.id)).toEqual(expect.any(Array));
  expect(await acronis.tenants.childIds(simulator.rootTenantId)).toContain(tenant.id);
  expect(await namesBelow(simulator.rootTenantId)).toContain('Northwind');
});

test('disables and deletes a user and a tenant, and finds them gone', async () => {
  const tenant = await made();
  const user = await acronis.users.create({
    tenant_id: tenant.id,
    login: 'jane',
    contact: { email: 'j@example.test' },
  });

  const tooEarly = await failureOf(acronis.tenants.remove(tenant.id, tenant.version));
  const off = await acronis.users.update(user.id, { version: user.version, enabled: false });
  await acronis.users.remove(user.id, off.version);
  const disabled = await acronis.tenants.update(tenant.id, { version: tenant.version, enabled: false });
  await acronis.tenants.remove(tenant.id, disabled.version);

  expect(tooEarly).toMatchObject({ kind: 'rejected', facts: { code: 1006 } });
  expect(await failureOf(acronis.users.get(user.id))).toMatchObject({ kind: 'not-found' });
  expect(await failureOf(acronis.tenants.get(tenant.id))).toMatchObject({ kind: 'not-found' });
  expect((await acronis.tenants.get(tenant.id, { allowDeleted: true })).deleted_at).not.toBeNull();

  await acronis.tenants.restore(tenant.id);
  expect((await acronis.tenants.get(tenant.id)).id).toBe(tenant.id);
});

test('reports taken for a name or login in use, and conflict for a stale version', async () => {
  const tenant = await made();
  await acronis.tenants.update(tenant.id, { version: 1, language: 'de' });

  const name = await failureOf(made());
  const contact = { email: 'j@example.test' };
  const login = await failureOf(acronis.users.create({ tenant_id: tenant.id, login: 'taken.login', contact }));
  const stale = await failureOf(acronis.tenants.update(tenant.id, { version: 1, language: 'fr' }));

  expect(name).toMatchObject({ kind: 'taken', facts: { code: 1004 } });
  expect(login).toMatchObject({ kind: 'taken' });
  expect(stale).toMatchObject({ kind: 'conflict', facts: { code: 1001 } });
  expect(await acronis.users.checkLogin('taken.login')).toBe('taken');
  expect(await acronis.users.checkLogin('not a login ü')).toBe('unacceptable');
});

test.each<[fault: Fault, kind: string, exists: boolean]>([
  ['drop-before', 'unavailable', false],
  ['commit-then-drop', 'unavailable', true],
  ['hang', 'unavailable', false],
  ['garble', 'unreadable', true],
  [{ delay: 2000 }, 'unavailable', true],
  [{ refuse: 500 }, 'unavailable', false],
  [{ refuse: 503, html: true, commit: true }, 'unavailable', true],
  [{ refuse: 401 }, 'none', true],
  [{ refuse: 403 }, 'forbidden', false],
  [{ refuse: 404 }, 'not-found', false],
  [{ refuse: 409 }, 'taken', false],
  [{ refuse: 400, code: 1022 }, 'quota', false],
  [{ refuse: 400 }, 'rejected', false],
  [{ throttle: 0 }, 'throttled', false],
  ['expire-tokens', 'none', true],
])(
  'on %j of POST /tenants says %s and sends it no second time unless the token was refused',
  async (fault, kind, exists) => {
    simulator.faults.next('POST /tenants', fault);

    const outcome: unknown = await acronis.tenants.create(aCustomer()).catch((error: unknown) => error);
    await new Promise((resolve) => {
      setTimeout(resolve, typeof fault === 'object' && 'delay' in fault ? 600 : 0);
    });

    const posts = simulator.journal.entries.filter(({ route }) => route === 'POST /tenants');
    expect((outcome as { kind: string }).kind).toBe(kind === 'none' ? 'customer' : kind);
    expect(posts).toHaveLength(kind === 'none' ? 2 : 1);
    expect(simulator.world.tenants().some(({ name }) => name === 'Northwind')).toBe(exists);
  },
);

test('reports conflict when somebody else changed the tenant in between', async () => {
  const tenant = await made();
  simulator.faults.next('PUT /tenants/{id}', 'bump-version');

  const failure = await failureOf(acronis.tenants.update(tenant.id, { version: tenant.version, language: 'de' }));

  expect(failure).toMatchObject({ kind: 'conflict', operation: 'tenants.update' });
});

test('reports not-found for a tenant that is not visible yet', async () => {
  simulator.faults.next('POST /tenants', { stale: 1 });
  const tenant = await made();

  expect(await failureOf(acronis.tenants.get(tenant.id))).toMatchObject({ kind: 'not-found' });
  expect((await acronis.tenants.get(tenant.id)).id).toBe(tenant.id);
});

test('holds back all calls after a 429 with a long Retry-After', async () => {
  simulator.faults.next('GET /tenants/{id}', { throttle: 60 });

  const first = await failureOf(acronis.tenants.get(simulator.rootTenantId));
  const second = await failureOf(acronis.users.checkLogin('jane'));

  expect(first).toMatchObject({ kind: 'throttled', facts: { status: 429, retryAfterMs: 60_000 } });
  expect(second).toMatchObject({ kind: 'throttled', operation: 'users.checkLogin' });
  expect(simulator.journal.entries.map(({ route }) => route)).toEqual(['POST /idp/token', 'GET /tenants/{id}']);
});
