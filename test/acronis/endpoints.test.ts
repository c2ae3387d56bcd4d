import { afterEach, expect, test } from '@jest/globals';
import { all, items, sendsAsDocumented } from './endpoint-table.js';
import { aRefusal, aTenant, aUser, ROOT_ID, startStandIn, TENANT_ID, USER_ID, type StandIn } from './stand-in.js';

let cloud: StandIn | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const NIL = '00000000-0000-0000-0000-000000000000';
const APP = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const item = { application_id: APP, name: 'pg_base_storage', status: 1, infra_id: ROOT_ID, type: 'infra' };
const policy = { id: USER_ID, trustee_id: USER_ID, tenant_id: TENANT_ID, role_id: 'company_admin', version: 1 };
const pricing = { mode: 'trial', currency: null, version: 1_719_915_071_123 };
const mfa = { mfa_status: 'enabled', users_count: 3 };
const usage = { name: 'pg_base_storage', usage_name: 'storage', value: 5, absolute_value: 7, tenant_id: 1415032 };
const T = `/api/2/tenants/${TENANT_ID}`;
const U = `/api/2/users/${USER_ID}`;

sendsAsDocumented([
  [`GET ${T}`, async (a) => a.tenants.get(TENANT_ID), [200, aTenant()], ''],
  [`GET ${T}?allow_deleted=true`, async (a) => a.tenants.get(TENANT_ID, { allowDeleted: true }), [200, aTenant()], ''],
  [
    `PUT ${T}`,
    async (a) => a.tenants.update(TENANT_ID, { version: 2, name: undefined, internal_tag: null }),
    [200, aTenant()],
    { version: 2, internal_tag: null },
  ],
  [
    `PUT ${T}`,
    async (a) => a.tenants.renew(TENANT_ID, { version: 2, enabled: true }),
    [200, aTenant()],
    { version: 2, enabled: true },
  ],
  [`DELETE ${T}?version=3`, async (a) => a.tenants.remove(TENANT_ID, 3), [204], ''],
  [`POST ${T}/restore`, async (a) => a.tenants.restore(TENANT_ID), [204], ''],
  [`POST ${T}/restore?force=true`, async (a) => a.tenants.restore(TENANT_ID, { force: true }), [204], ''],
  [
    `GET /api/2/tenants?subtree_root_id=${TENANT_ID}&allow_deleted=true&limit=500`,
    async (a) => all(a.tenants.list({ subtreeRootId: TENANT_ID }, { allowDeleted: true })),
    items(aTenant()),
    '',
  ],
  [`GET ${T}/children`, async (a) => a.tenants.childIds(TENANT_ID), items(), ''],
  [
    'GET /api/2/clients/client-9',
    async (a) => a.clients.get('client-9'),
    [200, { client_id: 'client-9', tenant_id: ROOT_ID }],
    '',
  ],
  [
    'POST /api/2/users',
    async (a) => a.users.create({ tenant_id: TENANT_ID, login: 'jane', contact: { email: 'jane@example.test' } }),
    [200, aUser()],
    { tenant_id: TENANT_ID, login: 'jane', contact: { email: 'jane@example.test' } },
  ],
  [`GET ${U}`, async (a) => a.users.get(USER_ID), [200, aUser()], ''],
  [
    `PUT ${U}`,
    async (a) => a.users.update(USER_ID, { version: 1, enabled: false }),
    [200, aUser({ enabled: false })],
    { version: 1, enabled: false },
  ],
  [`DELETE ${U}?version=2`, async (a) => a.users.remove(USER_ID, 2), [204], ''],
  [`GET ${U}/access_policies`, async (a) => a.users.accessPolicies(USER_ID), items(policy), ''],
  [`POST ${U}/send-activation-email`, async (a) => a.users.sendActivationEmail(USER_ID), [204], {}],
  [`POST ${U}/password`, async (a) => a.users.setPassword(USER_ID, 'x'), [204], { password: 'x' }],
  [
    `GET ${T}/offering_items/available_for_child?kind=customer&edition=*`,
    async (a) => a.offeringItems.availableForChild(TENANT_ID, { kind: 'customer' }),
    items(item),
    '',
  ],
  [`GET ${T}/offering_items?edition=*`, async (a) => a.offeringItems.list(TENANT_ID), items(item), ''],
  [
    `GET ${T}/offering_items?edition=pck_per_gigabyte`,
    async (a) => a.offeringItems.list(TENANT_ID, { edition: 'pck_per_gigabyte' }),
    items(item),
    '',
  ],
  [`GET ${T}/mfa/status`, async (a) => a.twoFactor.get(TENANT_ID), [200, mfa], ''],
  [`PUT ${T}/mfa/status`, async (a) => a.twoFactor.set(TENANT_ID, true), [200, mfa], { enabled: true }],
  [`GET ${T}/pricing`, async (a) => a.pricing.get(TENANT_ID), [200, pricing], ''],
  [
    `PUT ${T}/pricing`,
    async (a) => a.pricing.put(TENANT_ID, { version: 5, mode: 'production' }),
    [200, { ...pricing, mode: 'production' }],
    { version: 5, mode: 'production' },
  ],
  [`GET ${T}/usages`, async (a) => a.usages.list(TENANT_ID), items(usage), ''],
]);

test('creates a tenant with only the given fields, and drops unknown fields of the answer', async () => {
  cloud = await startStandIn(() => [201, aTenant()]);

  const fields = { name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' as const, customer_id: undefined };
  const tenant = await cloud.acronis.tenants.create({ ...fields, internal_tag: 'run-1', enhanced_security: false });

  expect(JSON.parse(cloud.calls[0]?.body ?? '')).toEqual({
    name: 'Northwind',
    parent_id: ROOT_ID,
    kind: 'customer',
    internal_tag: 'run-1',
  });
  expect(tenant).toMatchObject({ internal_tag: 'run-1', customer_id: null, contact: null });
  expect(tenant).not.toHaveProperty('brand_id');
});

test('asks for enhanced security in both places where the platform may look', async () => {
  cloud = await startStandIn(() => [201, aTenant()]);

  await cloud.acronis.tenants.create({
    name: 'Northwind',
    parent_id: ROOT_ID,
    kind: 'customer',
    enhanced_security: true,
  });

  expect(JSON.parse(cloud.calls[0]?.body ?? '')).toMatchObject({
    enhanced_security: true,
    settings: { enhanced_security: true },
  });
});

test.each([
  [204, undefined, 'free'],
  [409, aRefusal(409, 'login in use'), 'taken'],
  [409, undefined, 'taken'],
  [406, aRefusal(1033, 'login is not acceptable'), 'unacceptable'],
  [406, undefined, 'unacceptable'],
])('takes %i on a login, with %j, for the value %s', async (status, body, expected) => {
  cloud = await startStandIn(() => [status, body]);

  expect(await cloud.acronis.users.checkLogin('jane+1@example.test')).toBe(expected);
  expect(cloud.calls[0]?.url).toBe('/api/2/users/check_login?username=jane%2B1%40example.test');
});

test('replaces roles by writing the whole list with nil ids and version 0', async () => {
  cloud = await startStandIn(() => items(policy));

  const roles = [{ tenantId: TENANT_ID, roleId: 'company_admin' }];
  const held = await cloud.acronis.users.replaceAccessPolicies(USER_ID, roles);

  expect(JSON.parse(cloud.calls[0]?.body ?? '')).toEqual({
    items: [
      {
        id: NIL,
        issuer_id: NIL,
        trustee_id: USER_ID,
        trustee_type: 'user',
        tenant_id: TENANT_ID,
        role_id: 'company_admin',
        version: 0,
      },
    ],
  });
  expect(held).toEqual([{ id: USER_ID, trustee_id: USER_ID, tenant_id: TENANT_ID, role_id: 'company_admin' }]);
});

test('puts of a whole offering item only what a change consists of', async () => {
  cloud = await startStandIn(() => items(item));
  const [offered] = await cloud.acronis.offeringItems.availableForChild(ROOT_ID, { kind: 'customer' });
  const quota = { value: 25, overage: null, version: 0 };

  await cloud.acronis.offeringItems.put(TENANT_ID, [
    { ...offered!, quota },
    { application_id: APP, name: 'local_storage', infra_id: null, status: 0, quota: null },
  ]);

  expect(JSON.parse(cloud.calls[1]?.body ?? '')).toEqual({
    offering_items: [
      { application_id: APP, name: 'pg_base_storage', infra_id: ROOT_ID, status: 1, quota },
      { application_id: APP, name: 'local_storage', status: 0 },
    ],
  });
});
