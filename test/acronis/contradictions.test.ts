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
const newTenant = { name: 'N', parent_id: ROOT_ID, kind: 'customer' as const };
const newUser = { tenant_id: TENANT_ID, login: 'jane', contact: { email: 'jane@example.test' } };

const putItem = async (a: Acronis) => a.offeringItems.put(TENANT_ID, [item]);
const putQuota = async (a: Acronis) => a.offeringItems.put(TENANT_ID, [{ ...item, quota: quota(25) }]);
const switchOff = async (a: Acronis) => a.offeringItems.put(TENANT_ID, [{ ...item, status: 0 }]);
const give = async (a: Acronis) => a.users.replaceAccessPolicies(USER_ID, [role]);
const demand = async (a: Acronis) => a.twoFactor.set(TENANT_ID, true);
const release = async (a: Acronis) => a.twoFactor.set(TENANT_ID, false);
const charge = async (a: Acronis) => a.pricing.put(TENANT_ID, { version: 5, mode: 'production', currency: 'EUR' });
const make = async (a: Acronis) => a.tenants.create({ ...newTenant, ancestral_access: false });
const makeUser = async (a: Acronis) => a.users.create(newUser);
const disable = async (a: Acronis) => a.tenants.update(TENANT_ID, { version: 1, enabled: false });
const close = async (a: Acronis) => a.tenants.update(TENANT_ID, { version: 1, ancestral_access: false });
const lock = async (a: Acronis) => a.tenants.update(TENANT_ID, { version: 1, update_lock: { enabled: true } });
const disableUser = async (a: Acronis) => a.users.update(USER_ID, { version: 1, enabled: false });

type Case = [what: string, call: (acronis: Acronis) => Promise<unknown>, answer: object];

test.each<Case>([
  ['no item', putItem, { items: [] }],
  ['only another item', putItem, { items: [other] }],
  ['the item off', putItem, { items: [{ ...item, status: 0 }] }],
  ['another quota', putQuota, { items: [{ ...item, quota: quota(5) }] }],
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
  ['a user that is enabled', disableUser, aUser()],
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
])('believes a change when the answer shows %s', async (_what, call, answer) => {
  cloud = await startStandIn(() => [200, answer]);

  await expect(call(cloud.acronis)).resolves.toBeDefined();
});
