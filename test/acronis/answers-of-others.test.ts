import { afterEach, expect, test } from '@jest/globals';
import type { Acronis } from '../../acronis/index.js';
import { all } from './endpoint-table.js';
import { things } from './full-replies.js';
import { rows, type Row } from './reading-methods.js';
import { aTenant, failureOf, ROOT_ID, startStandIn, TENANT_ID, USER_ID, type StandIn } from './stand-in.js';

const OTHER = '0b7d3f2e-6a0e-4b55-9b0e-1f2d3c4b5a70';

/** What an answer about somebody else says differently, and the call if it is not the usual one of the method. */
type Foreign = [different: object, call?: Row[2]];

/** For each method what an answer about somebody else may look like. */
const foreign: Record<string, Foreign[]> = {
  'clients.get': [[{ client_id: 'client-1' }]],
  'clients.list': [[{ origin_id: 'run-2' }], [{ origin_id: null, data: null }], [{ origin_id: undefined, data: {} }]],
  'clients.update': [[{ client_id: 'client-1' }]],
  'tenants.numberOf': [[{ uuid: OTHER }]],
  'tenants.get': [[{ id: OTHER }], [{ id: OTHER, deleted_at: '2024-07-02T10:11:12' }]],
  'tenants.update': [[{ id: OTHER }]],
  'tenants.renew': [[{ id: OTHER }]],
  'tenants.list': [
    [{ parent_id: OTHER }],
    [{ id: OTHER }, async (a) => all(a.tenants.list({ subtreeRootId: TENANT_ID }))],
    [{ id: OTHER, parent_id: USER_ID }, async (a) => all(a.tenants.list({ subtreeRootId: TENANT_ID }))],
  ],
  'users.get': [[{ id: OTHER }], [{ id: OTHER, deleted_at: '2024-07-02T10:11:12' }]],
  'users.update': [[{ id: OTHER }]],
  'users.accessPolicies': [[{ trustee_id: OTHER }], [{ trustee_id: OTHER, trustee_type: 'user_group' }]],
  'users.replaceAccessPolicies': [[{ trustee_id: OTHER }]],
  'offeringItems.list': [[{ tenant_id: OTHER }]],
  'offeringItems.put': [[{ tenant_id: OTHER }]],
  'usages.list': [[{ tenant_uuid: OTHER }]],
  'usages.ofTenants': [[{ tenant_uuid: OTHER }], [{}, async (a) => all(a.usages.ofTenants([OTHER]))]],
  'reports.get': [[{ id: OTHER }]],
  'registrationTokens.list': [[{ tenant_uuid: OTHER }]],
  'agents.get': [[{ id: 'agent-2' }]],
  'resources.list': [
    [{ type: 'resource.group.computers' }, async (a) => all(a.resources.list({ type: 'resource.machine' }))],
    [{ id: 'machine-2' }, async (a) => all(a.resources.list({ resourceId: 'machine-1' }))],
    [{ agent_id: 'agent-2' }, async (a) => all(a.resources.list({ agentId: 'agent-1' }))],
  ],
  'resources.statuses': [
    [{ context: { id: 'machine-2' } }, async (a) => all(a.resources.statuses({ resourceId: 'machine-1' }))],
  ],
  'plans.list': [
    [{ type: 'policy.antimalware' }, async (a) => all(a.plans.list({ type: 'policy.backup.machine' }))],
    [{ id: 'b9' }, async (a) => all(a.plans.list({ policyId: 'b2' }))],
    [{ tenant_id: '1415033' }, async (a) => all(a.plans.list({ tenantId: '1415032' }))],
    [{ tenant_id: OTHER }, async (a) => all(a.plans.list({ tenantId: TENANT_ID }))],
  ],
  'planApplications.list': [
    [{ context: { id: 'machine-2' } }, async (a) => all(a.planApplications.list({ resourceId: 'machine-1' }))],
    [{ policy: { id: 'b8', parent_ids: ['b9'] } }, async (a) => all(a.planApplications.list({ policyId: 'b1' }))],
  ],
};

/** Methods whose answers cannot be compared with what was asked for, or whose rows are only shown. */
const incomparable: Record<string, readonly string[]> = {
  'the answer names no owner': [
    'tenants.childIds',
    'applications.idsOf',
    'editions.check',
    'twoFactor.get',
    'twoFactor.set',
    'pricing.get',
    'pricing.put',
    'reports.stored',
    'reports.idsOf',
    'plans.remove',
    'planApplications.apply',
    'planApplications.revoke',
  ],
  'nothing is selected': ['applications.list'],
  'the tenant of a row is not documented': ['offeringItems.availableForChild'],
  'the rows may be of tenants below': ['tenants.page', 'users.list', 'agents.list'],
  'the search matches fields that a hit does not have': ['search.find'],
  'the rows are only shown': ['tasks.list', 'taskActivities.list', 'alerts.list', 'alerts.page'],
  'contradictions.test.ts has it': [
    'clients.create',
    'tenants.create',
    'users.create',
    'reports.create',
    'registrationTokens.create',
    'plans.create',
  ],
};

let cloud: StandIn;
afterEach(async () => {
  await cloud?.close();
});

const isAnothers = {
  kind: 'unreadable',
  facts: { reason: expect.stringContaining('the answer describes another object than was asked for') as unknown },
};

test('every method that reads is here, so that no answer of another goes untried', () => {
  const named = [...Object.keys(foreign), ...Object.values(incomparable).flat()];

  expect(named.sort()).toEqual(rows.map(([method]) => method).sort());
});

const cases = rows.flatMap(([method, thing, usual, around = (told) => told]) =>
  (foreign[method] ?? []).map(([different, call = usual]): [string, object, Row[2], unknown] => [
    method,
    different,
    call,
    around({ ...(things[thing].full as object), ...different }),
  ]),
);

test.each(cases)('%s refuses an answer of another: %j', async (_method, _different, call, answer) => {
  cloud = await startStandIn(() => [200, answer]);

  expect(await failureOf(call(cloud.acronis))).toMatchObject(isAnothers);
});

test.each(cases.filter(([, , , answer]) => Array.isArray((answer as { items?: unknown }).items)))(
  '%s gives no row of a page that has one of another: %j',
  async (method, _different, call, answer) => {
    const [, thing, , around] = rows.find(([name]) => name === method)!;
    const own = around!(things[thing].full) as { items: unknown[] };
    cloud = await startStandIn(() => [200, { items: [...own.items, ...(answer as { items: unknown[] }).items] }]);

    expect(await failureOf(call(cloud.acronis))).toMatchObject(isAnothers);
  },
);

test.each<[string, (acronis: Acronis) => Promise<unknown>]>([
  ['a login', async (a) => a.impersonation.whoIs({ login: 'jane' })],
  ['an id', async (a) => a.impersonation.whoIs({ userId: USER_ID })],
])('who acts as the user of %s and turns out to be another is logged out', async (_by, call) => {
  cloud = await startStandIn(({ url }) => {
    if (url.endsWith('/idp/ott')) return [200, { ott: 'once' }];
    if (url.endsWith('/ott/login')) return [200, {}, { 'set-cookie': 's=1; Path=/' }];
    return [200, { id: OTHER, tenant_id: TENANT_ID, login: 'boss' }];
  });

  expect(await failureOf(call(cloud.acronis))).toMatchObject(isAnothers);
  expect(cloud.calls.at(-1)?.url).toBe('/api/2/idp/logout');
});

test('items after a switch of edition must be those of the tenant', async () => {
  cloud = await startStandIn(() => [200, { items: [{ tenant_id: OTHER }] }]);
  const to = { applicationId: USER_ID, edition: 'pck_per_workload' };

  expect(await failureOf(cloud.acronis.editions.switch(TENANT_ID, to))).toMatchObject(isAnothers);
});

test('the root tenant is not read from another API client', async () => {
  cloud = await startStandIn(() => [200, { client_id: 'client-2', tenant_id: OTHER }]);

  expect(await failureOf(cloud.acronis.rootTenantId())).toMatchObject(isAnothers);
  expect(await failureOf(cloud.acronis.probe())).toMatchObject(isAnothers);
});

test('resources of other tenants than asked for are left out', async () => {
  const of = (tenant_id: string | null) => ({ id: `machine of ${tenant_id}`, tenant_id });
  cloud = await startStandIn(() => [200, { items: ['1415032', '1415033', null].map(of) }]);

  const found = await all(cloud.acronis.resources.list({ tenantNumber: '1415032' }));

  expect(found.map(({ id }) => id)).toEqual(['machine of 1415032', 'machine of null']);
});

test('API clients that carry a mark of this product may come without their origin', async () => {
  const client = { client_id: 'c', tenant_id: ROOT_ID, data: { tenantry_mark: 'tenantry:x' } };
  cloud = await startStandIn(() => [200, { items: [client] }]);

  expect(await cloud.acronis.clients.list({ originId: 'run-1' })).toHaveLength(1);
});

test('the tenants of a subtree may come in any order', async () => {
  const [customer, unit, below] = [OTHER, USER_ID, 'c0b7d3f2-6a0e-4b55-9b0e-1f2d3c4b5a71'];
  const tree = [
    { id: below, parent_id: unit, name: 'below' },
    { id: unit, parent_id: customer, name: 'unit' },
    { id: TENANT_ID, name: 'root' },
    { id: customer, parent_id: TENANT_ID, name: 'customer' },
  ];
  const [first, second] = [tree.slice(0, 2), tree.slice(2)].map((part) => part.map(aTenant));
  cloud = await startStandIn(({ url }) => [
    200,
    url.includes('after=') ? { items: second } : { items: first, paging: { cursors: { after: 'x' } } },
  ]);

  const tenants = await all(cloud.acronis.tenants.list({ subtreeRootId: TENANT_ID.toUpperCase() }));

  expect(tenants.map(({ name }) => name)).toEqual(['root', 'customer', 'unit', 'below']);
});

test('ids are the same in capitals and in small letters', async () => {
  cloud = await startStandIn(() => [200, aTenant({ id: TENANT_ID.toUpperCase() })]);

  expect(await cloud.acronis.tenants.get(TENANT_ID)).toMatchObject({ id: TENANT_ID });
  expect(await cloud.acronis.tenants.get(TENANT_ID.toUpperCase())).toMatchObject({ id: TENANT_ID });
});
