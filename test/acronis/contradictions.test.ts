import { afterEach, expect, test } from '@jest/globals';
import type { Acronis } from '../../acronis/index.js';
import { aTenant, aUser, failureOf, ROOT_ID, startStandIn, TENANT_ID, USER_ID, type StandIn } from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const APP = '6e6d0a52-6a0e-4b55-9b0e-1f2d3c4b5a61';
const item = { application_id: APP, name: 'pg_base_storage', status: 1 };
const other = { application_id: APP, name: 'pg_base_vms', status: 1 };
const quota = (value: number) => ({ value, overage: null, version: 1 });
const role = { tenantId: TENANT_ID, roleId: 'company_admin' };
const policy = { tenant_id: TENANT_ID, role_id: 'company_admin' };
const newTenant = { name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' as const };
const newUser = { tenant_id: TENANT_ID, login: 'jane', contact: { email: 'jane@example.test' } };

const putItem = async (a: Acronis) => a.offeringItems.put(TENANT_ID, [item]);
const putQuota = async (a: Acronis) => a.offeringItems.put(TENANT_ID, [{ ...item, quota: quota(25) }]);
const putOverage = async (a: Acronis) =>
  a.offeringItems.put(TENANT_ID, [{ ...item, quota: { ...quota(25), overage: 5 } }]);
const switchOff = async (a: Acronis) => a.offeringItems.put(TENANT_ID, [{ ...item, status: 0 }]);
const give = async (a: Acronis) => a.users.replaceAccessPolicies(USER_ID, [role]);
const demand = async (a: Acronis) => a.twoFactor.set(TENANT_ID, true);
const release = async (a: Acronis) => a.twoFactor.set(TENANT_ID, false);
const charge = async (a: Acronis) => a.pricing.put(TENANT_ID, { version: 5, mode: 'production', currency: 'EUR' });
const make = async (a: Acronis) => a.tenants.create({ ...newTenant, ancestral_access: false });
const makeUser = async (a: Acronis) => a.users.create(newUser);
const disable = async (a: Acronis) => a.tenants.update(TENANT_ID, { version: 1, enabled: false });
const close = async (a: Acronis) => a.tenants.update(TENANT_ID, { version: 1, ancestral_access: false });
const own = { ...newTenant, internal_tag: 'run-1', customer_id: 'ext-7781' };
const makeOwn = async (a: Acronis) => a.tenants.create(own);
const client = { client_id: 'c-9', client_secret: 'hush', tenant_id: TENANT_ID, status: 'enabled' };
const data = { client_name: 'Billing', tenantry_mark: 'run-1' };
const makeClient = async (a: Acronis) => a.clients.create({ tenant_id: TENANT_ID, data, origin_id: 'order-1' });
const scope = `urn:acronis.com:tenant-id:${TENANT_ID}:backup_agent_admin`;
const token = { id: 17, token: '7K2P-9QWX-31AB' };
const makeToken = async (a: Acronis) => a.registrationTokens.create(TENANT_ID, { expires_in: 60, scopes: [scope] });
const period = { start: '2024-07-01', end: '2024-07-31' };
const wish = { tenant_id: TENANT_ID, level: 'accounts', kind: 'usage_summary', formats: ['csv_v2_0'], period } as const;
const ordered = { ...wish, period: { start: '2024-07-01T00:00:00', end: '2024-07-31' } };
const order = async (a: Acronis) => a.reports.create(wish);
const aReport = (fields: object) => ({ id: USER_ID, version: 1, parameters: { ...ordered, ...fields } });
const makePlan = async (a: Acronis) =>
  a.plans.create([{ id: USER_ID, type: 'policy.protection.total', enabled: true, origin: 'upstream' }]);
const lock = async (a: Acronis) => a.tenants.update(TENANT_ID, { version: 1, update_lock: { enabled: true } });
const disableClient = async (a: Acronis) => a.clients.update('c-9', { status: 'disabled' });
const change = (fields: object) => async (a: Acronis) => a.tenants.update(TENANT_ID, { version: 1, ...fields });
const contact = { email: 'new@example.test', firstname: 'Ann' };
const changeUser = async (a: Acronis) => a.users.update(USER_ID, { version: 1, contact });
const disableUser = async (a: Acronis) => a.users.update(USER_ID, { version: 1, enabled: false });

type Case = [what: string, call: (acronis: Acronis) => Promise<unknown>, answer: object];

test.each<Case>([
  ['no item', putItem, { items: [] }],
  ['only another item', putItem, { items: [other] }],
  ['the item off', putItem, { items: [{ ...item, status: 0 }] }],
  ['no limit', putQuota, { items: [{ ...item, quota: { ...quota(25), value: null } }] }],
  ['only another quota', putQuota, { items: [item, { ...other, quota: quota(25) }] }],
  ['another quota', putQuota, { items: [{ ...item, quota: quota(5) }] }],
  ['no end of the overage', putOverage, { items: [{ ...item, quota: quota(25) }] }],
  ['the item still on', switchOff, { items: [item] }],
  ['no role', give, { items: [] }],
  ['the role elsewhere', give, { items: [{ ...policy, tenant_id: ROOT_ID }] }],
  ['no second factor', demand, { mfa_status: 'disabled' }],
  ['a second factor that is being taken away', demand, { mfa_status: 'disable_in_progress' }],
  ['a second factor', release, { mfa_status: 'enabled' }],
  ['a trial', charge, { mode: 'trial', version: 6 }],
  ['another currency', charge, { mode: 'production', currency: 'USD', version: 6 }],
  ['a tenant that is disabled', make, aTenant({ enabled: false })],
  ['a tenant open to those above', make, aTenant({ ancestral_access: true })],
  ['a user that is disabled', makeUser, aUser({ enabled: false })],
  ['a tenant that is enabled', disable, aTenant()],
  ['a tenant still open to those above', close, aTenant({ ancestral_access: true })],
  ['a tenant without lock', lock, aTenant({ update_lock: { enabled: false } })],
  ['the old name', change({ name: 'Northwind Traders' }), aTenant({ name: 'Northwind' })],
  ['the old parent', change({ parent_id: USER_ID }), aTenant({ parent_id: ROOT_ID })],
  ['the old internal tag', change({ internal_tag: 'run-2' }), aTenant({ internal_tag: 'run-1' })],
  ['the old language', change({ language: 'de' }), aTenant({ language: 'en-GB' })],
  [
    'the old address of a contact',
    change({ contact }),
    aTenant({ contact: { ...contact, email: 'old@example.test' } }),
  ],
  ['the old person of a contact', change({ contact }), aTenant({ contact: { ...contact, firstname: 'Bob' } })],
  ['the old address of a user', changeUser, aUser({ contact: { email: 'old@example.test' } })],
  ['a user that is enabled', disableUser, aUser()],
  ['an API client that is enabled', disableClient, client],
])('believes no change when the answer shows %s', async (_what, call, answer) => {
  cloud = await startStandIn(() => [200, answer]);

  expect(await failureOf(call(cloud.acronis))).toMatchObject({
    kind: 'unreadable',
    facts: { reason: 'the answer does not show the change' },
  });
});

test.each<Case>([
  ['the item without its quota', putQuota, { items: [item] }],
  ['the item among others', putItem, { items: [other, item] }],
  ['no item that was switched off', switchOff, { items: [] }],
  ['the role among others', give, { items: [{ ...policy, role_id: 'x' }, policy] }],
  ['a second factor that is on its way', demand, { mfa_status: 'enable_in_progress' }],
  ['a second factor that is being taken away', release, { mfa_status: 'disable_in_progress' }],
  ['no currency', charge, { mode: 'production', version: 6 }],
  ['a mode that nobody knows', charge, { mode: 'postpaid', version: 6 }],
  ['nothing of access', make, aTenant()],
  ['nothing of the lock', lock, aTenant()],
  ['a status that nobody knows', disableClient, { ...client, status: 'sleeping' }],
])('believes a change when the answer shows %s', async (_what, call, answer) => {
  cloud = await startStandIn(() => [200, answer]);

  await expect(call(cloud.acronis)).resolves.toBeDefined();
});

test.each<Case>([
  ['tenant of another name', makeOwn, aTenant({ name: 'Somebody else' })],
  ['tenant below another parent', makeOwn, aTenant({ parent_id: USER_ID })],
  ['tenant of another kind', makeOwn, aTenant({ kind: 'partner' })],
  ['tenant with another mark', makeOwn, aTenant({ internal_tag: 'foreign', version: 9 })],
  ['tenant of another customer id', makeOwn, aTenant({ customer_id: 'ext-1' })],
  ['tenant that is deleted', makeOwn, aTenant({ deleted_at: '2024-07-02T10:11:12' })],
  ['user of another login', makeUser, aUser({ login: 'jane_1' })],
  ['user in another tenant', makeUser, aUser({ tenant_id: ROOT_ID })],
  ['user of another address', makeUser, aUser({ contact: { email: 'boss@other.example.test' } })],
  ['user who is in already', makeUser, aUser({ activated: true })],
  ['user who was changed often', makeUser, aUser({ version: 5 })],
  ['API client of another tenant', makeClient, { ...client, tenant_id: ROOT_ID }],
  ['API client of another origin', makeClient, { ...client, origin_id: 'order-2' }],
  ['API client of another name', makeClient, { ...client, data: { client_name: 'CRM' } }],
  ['API client with another mark', makeClient, { ...client, data: { ...data, tenantry_mark: 'run-2' } }],
  ['API client that is disabled', makeClient, { ...client, status: 'disabled' }],
  ['token of another tenant', makeToken, { ...token, tenant_uuid: ROOT_ID }],
  ['token of another scope', makeToken, { ...token, scopes: ['urn:acronis.com::x'] }],
  ['report on another tenant', order, aReport({ tenant_id: ROOT_ID })],
  ['report of another level', order, aReport({ level: 'itself' })],
  ['report of another kind', order, aReport({ kind: 'usage_current' })],
  ['report in another format', order, aReport({ formats: ['html'] })],
  ['report on other days', order, aReport({ period: { start: '2024-06-01', end: '2024-06-30' } })],
  ['plan with another id', makePlan, { result: [`${ROOT_ID}@policy.protection.total`] }],
])('takes no %s for what it has just made', async (_what, call, answer) => {
  cloud = await startStandIn(() => [200, answer]);

  expect(await failureOf(call(cloud.acronis))).toMatchObject({
    kind: 'unreadable',
    facts: { reason: expect.stringContaining('the answer describes another object than was sent') as unknown },
  });
});

test.each<Case>([
  ['tenant with a tidy name', makeOwn, aTenant({ name: ' Northwind  ', customer_id: 'EXT-7781' })],
  ['tenant without mark', makeOwn, aTenant({ internal_tag: undefined, customer_id: '' })],
  ['tenant with ids in capitals', makeOwn, aTenant({ parent_id: ROOT_ID.toUpperCase() })],
  ['user with a login in capitals', makeUser, aUser({ login: 'JANE', contact: { email: 'Jane@Example.test' } })],
  ['user without login and address', makeUser, aUser({ login: undefined, contact: null })],
  ['API client without origin and mark', makeClient, { ...client, data: null }],
  ['API client of a status that nobody knows', makeClient, { ...client, status: 'fresh' }],
  ['token without tenant and scopes', makeToken, token],
  ['token with more scopes', makeToken, { ...token, tenant_uuid: TENANT_ID, scopes: ['x', scope] }],
  ['report of these days', order, aReport({})],
  ['report without its order', order, { id: USER_ID }],
  ['plan with its id in capitals', makePlan, { result: [`${USER_ID.toUpperCase()}@policy.protection.total`] }],
  ['plan without ids', makePlan, { result: [] }],
])('takes a %s for what it has just made', async (_what, call, answer) => {
  cloud = await startStandIn(() => [200, answer]);

  await expect(call(cloud.acronis)).resolves.toBeDefined();
});
