import { afterEach, expect, test } from '@jest/globals';
import type { Acronis } from '../../acronis/index.js';
import { all, items } from './endpoint-table.js';
import { aTenant, aUser, ROOT_ID, startStandIn, TENANT_ID, USER_ID, type Answer, type StandIn } from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const [tenant, user, root] = [TENANT_ID, USER_ID, ROOT_ID].map((id) => id.toUpperCase()) as [string, string, string];
const item = { application_id: user, name: 'pg_base_storage', status: 1, infra_id: root };
const policy = { id: user, trustee_id: user, tenant_id: tenant, role_id: 'company_admin' };
const lock = { update_lock: { enabled: true, owner_id: root }, owner_id: user };
const client = { client_id: user, tenant_id: root, origin_id: 'x' };
const part = { policy: { id: user, parent_ids: [root] }, context: { id: tenant } };

type Case = [what: string, call: (acronis: Acronis) => Promise<unknown>, answer: Answer];

test.each<Case>([
  ['the root', async (a) => a.rootTenantId(), [200, { ...client, client_id: 'client-1' }]],
  ['an API client', async (a) => a.clients.list({ originId: 'x' }), items(client)],
  ['a tenant', async (a) => a.tenants.get(TENANT_ID), [200, aTenant({ id: tenant, parent_id: root, ...lock })]],
  ['the children of a tenant', async (a) => a.tenants.childIds(TENANT_ID), items(tenant)],
  [
    'a user',
    async (a) => a.users.get(USER_ID),
    [200, aUser({ id: user, tenant_id: tenant, personal_tenant_id: root })],
  ],
  ['a role', async (a) => a.users.accessPolicies(USER_ID), items(policy)],
  ['an offering item', async (a) => a.offeringItems.list(TENANT_ID), items(item)],
  ['an application', async (a) => a.applications.list(), items({ id: user, type: 'backup' })],
  ['a report', async (a) => a.reports.get(USER_ID), [200, { id: user, parameters: { tenant_id: tenant } }]],
  ['the file of a report', async (a) => a.reports.stored(USER_ID), items({ id: user, status: 'saved' })],
  ['a hit', async (a) => a.search.find(ROOT_ID, 'abc'), items({ obj_type: 'user', id: user, parent_id: tenant })],
  ['a token', async (a) => a.registrationTokens.list(TENANT_ID), items({ id: user, token: 'T', tenant_uuid: tenant })],
  ['an agent', async (a) => a.agents.get(USER_ID), [200, { id: user, tenant: { id: tenant } }]],
  ['a resource', async (a) => all(a.resources.list()), items({ id: user, agent_id: root, tenant_id: tenant })],
  ['a plan', async (a) => all(a.plans.list()), items({ policy: [{ id: user, type: 't', parent_ids: [root] }] })],
  ['a plan on a resource', async (a) => all(a.planApplications.list()), items([part])],
])('reads the ids of %s in small letters', async (_what, call, answer) => {
  cloud = await startStandIn(() => answer);

  expect(JSON.stringify(await call(cloud.acronis))).not.toMatch(/[\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}/);
});

test('recognises a role that it has assigned with a tenant id in upper case', async () => {
  cloud = await startStandIn(() => items(policy));

  const held = await cloud.acronis.users.replaceAccessPolicies(USER_ID, [
    { tenantId: tenant, roleId: 'company_admin' },
  ]);

  expect(held).toMatchObject([{ tenant_id: TENANT_ID }]);
});

test('leaves an id that is not a GUID unchanged', async () => {
  cloud = await startStandIn(() => [200, { id: 'Agent-ONE' }]);

  expect(await cloud.acronis.agents.get('Agent-ONE')).toMatchObject({ id: 'Agent-ONE' });
});

test.each(['', ' ', 0, null, '0001-01-01T00:00:00Z'])(
  'treats a deletion time of %j as not deleted',
  async (deleted_at) => {
    cloud = await startStandIn(({ url }) =>
      url.includes('/users/') ? [200, aUser({ deleted_at })] : [200, aTenant({ deleted_at })],
    );

    expect(await cloud.acronis.tenants.get(TENANT_ID)).toMatchObject({ deleted_at: null });
    expect(await cloud.acronis.users.get(USER_ID)).toMatchObject({ deleted_at: null });
  },
);
