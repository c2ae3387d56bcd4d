import type { Acronis } from '../../acronis/index.js';
import { all } from './endpoint-table.js';
import { APP, type things } from './full-replies.js';
import { ROOT_ID, TENANT_ID, USER_ID } from './stand-in.js';

type Name = keyof typeof things;
export type Row = [
  method: string,
  thing: Name,
  call: (acronis: Acronis) => Promise<unknown>,
  around?: (told: unknown) => unknown,
];

const list = (told: unknown) => ({ items: [told] });
const to = { applicationId: APP, edition: 'pck_per_workload' };
const tenant = { name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' as const };
const user = { tenant_id: TENANT_ID, login: 'jane', contact: { email: 'jane@example.test' } };
const report = { tenant_id: TENANT_ID, level: 'accounts', kind: 'usage_current', formats: ['csv_v2_0'] } as const;

/** Every method that reads an answer. */
export const rows: Row[] = [
  ['clients.get', 'apiClient', async (a) => a.clients.get('client-9')],
  ['clients.list', 'apiClient', async (a) => a.clients.list({ originId: 'run-1' }), list],
  [
    'clients.create',
    'newApiClient',
    async (a) => a.clients.create({ tenant_id: ROOT_ID, data: { client_name: 'Backup' } }),
  ],
  ['clients.update', 'apiClient', async (a) => a.clients.update('client-9', {})],
  ['tenants.numberOf', 'group', async (a) => a.tenants.numberOf(TENANT_ID)],
  ['tenants.create', 'newTenant', async (a) => a.tenants.create(tenant)],
  ['tenants.get', 'tenant', async (a) => a.tenants.get(TENANT_ID)],
  ['tenants.update', 'tenant', async (a) => a.tenants.update(TENANT_ID, { version: 1 })],
  ['tenants.renew', 'tenant', async (a) => a.tenants.renew(TENANT_ID, { version: 1 })],
  ['tenants.list', 'tenant', async (a) => all(a.tenants.list({ parentId: ROOT_ID })), list],
  ['tenants.page', 'tenant', async (a) => (await a.tenants.page(ROOT_ID)).items, list],
  ['tenants.childIds', 'id', async (a) => a.tenants.childIds(TENANT_ID), list],
  ['users.accessPolicies', 'accessPolicy', async (a) => a.users.accessPolicies(USER_ID), list],
  ['users.replaceAccessPolicies', 'accessPolicy', async (a) => a.users.replaceAccessPolicies(USER_ID, []), list],
  ['users.create', 'newUser', async (a) => a.users.create(user)],
  ['users.get', 'user', async (a) => a.users.get(USER_ID)],
  ['users.update', 'user', async (a) => a.users.update(USER_ID, { version: 1 })],
  ['users.list', 'user', async (a) => all(a.users.list({ tenantId: TENANT_ID })), list],
  [
    'offeringItems.availableForChild',
    'item',
    async (a) => a.offeringItems.availableForChild(ROOT_ID, { kind: 'unit' }),
    list,
  ],
  ['offeringItems.list', 'item', async (a) => a.offeringItems.list(TENANT_ID), list],
  ['offeringItems.put', 'item', async (a) => a.offeringItems.put(TENANT_ID, []), list],
  ['editions.check', 'warnings', async (a) => a.editions.check(TENANT_ID, to)],
  ['applications.list', 'application', async (a) => a.applications.list(), list],
  ['applications.idsOf', 'id', async (a) => a.applications.idsOf(TENANT_ID), list],
  ['twoFactor.get', 'twoFactor', async (a) => a.twoFactor.get(TENANT_ID)],
  ['twoFactor.set', 'twoFactor', async (a) => a.twoFactor.set(TENANT_ID, true)],
  ['pricing.get', 'pricing', async (a) => a.pricing.get(TENANT_ID)],
  ['pricing.put', 'pricing', async (a) => a.pricing.put(TENANT_ID, { version: 1 })],
  ['usages.list', 'usage', async (a) => a.usages.list(TENANT_ID), list],
  [
    'usages.ofTenants',
    'usage',
    async (a) => (await all(a.usages.ofTenants([TENANT_ID])))[0]?.usages,
    (told) => list({ tenant: TENANT_ID, usages: [told] }),
  ],
  ['reports.create', 'report', async (a) => a.reports.create(report)],
  ['reports.get', 'report', async (a) => a.reports.get(USER_ID)],
  ['reports.stored', 'storedReport', async (a) => a.reports.stored(USER_ID), list],
  ['reports.idsOf', 'id', async (a) => a.reports.idsOf(TENANT_ID), list],
  ['search.find', 'hit', async (a) => a.search.find(ROOT_ID, 'north'), list],
  [
    'registrationTokens.create',
    'registrationToken',
    async (a) => a.registrationTokens.create(TENANT_ID, { expires_in: 60, scopes: [] }),
  ],
  ['registrationTokens.list', 'registrationToken', async (a) => a.registrationTokens.list(TENANT_ID), list],
  ['agents.get', 'agent', async (a) => a.agents.get('agent-1')],
  ['agents.list', 'agent', async (a) => all(a.agents.list()), list],
  ['resources.list', 'resource', async (a) => all(a.resources.list()), list],
  ['resources.statuses', 'protection', async (a) => all(a.resources.statuses()), list],
  ['plans.list', 'policy', async (a) => (await all(a.plans.list()))[0], (told) => list({ policy: [told] })],
  [
    'plans.create',
    'newPlan',
    async (a) => a.plans.create([{ id: 'b1', type: 'x', enabled: true, origin: 'upstream' }]),
  ],
  ['plans.remove', 'issues', async (a) => a.plans.remove('b1')],
  [
    'planApplications.list',
    'planApplication',
    async (a) => (await all(a.planApplications.list()))[0],
    (told) => list([told]),
  ],
  ['planApplications.apply', 'issues', async (a) => a.planApplications.apply('b1', ['machine-1'])],
  ['planApplications.revoke', 'issues', async (a) => a.planApplications.revoke('b1', 'machine-1')],
  ['tasks.list', 'task', async (a) => all(a.tasks.list()), list],
  ['taskActivities.list', 'taskActivity', async (a) => all(a.taskActivities.list()), list],
  ['alerts.list', 'alert', async (a) => all(a.alerts.list()), list],
  ['alerts.page', 'alert', async (a) => (await a.alerts.page({})).items, list],
];
