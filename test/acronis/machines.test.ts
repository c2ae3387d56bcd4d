import { afterEach, expect, test } from '@jest/globals';
import { all, items, sendsAsDocumented } from './endpoint-table.js';
import { startStandIn, TENANT_ID, type StandIn } from './stand-in.js';

let cloud: StandIn | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const AGENTS = '/api/agent_manager/v2/agents';
const RESOURCES = '/api/resource_management/v4/resources';
const POLICIES = '/api/policy_management/v4/policies';
const APPLICATIONS = '/api/policy_management/v4/applications';
const agent = { id: 'agent-1', hostname: 'ws-014.local', tenant: { id: 1415032, name: 'Northwind' } };
const resource = { id: 'machine-1', name: 'WS-014', type: 'resource.machine', tenant_id: '1415032' };
const root = { id: 'b1', type: 'policy.protection.total', name: 'Workstations', enabled: true, tenant_id: '1415032' };
const backup = { id: 'b2', type: 'policy.backup.machine', parent_ids: ['b1'], enabled: true };
const application = { policy: { id: 'b1' }, context: { id: 'machine-1', type: 'resource.machine' }, enabled: true };
const plan = [
  { id: 'b1', type: 'policy.protection.total', enabled: true, origin: 'upstream' as const },
  { id: 'b2', type: 'policy.backup.machine', enabled: true, origin: 'upstream' as const, parent_ids: ['b1'] },
];

sendsAsDocumented([
  [`GET ${AGENTS}?limit=100`, async (a) => all(a.agents.list()), items(agent), ''],
  [
    `GET ${AGENTS}?tenant_id=1415032&hostname=like(ws)&online=false&os_family=WINDOWS&limit=100`,
    async (a) =>
      all(a.agents.list({ tenantNumber: '1415032', hostname: 'like(ws)', online: false, osFamily: 'WINDOWS' })),
    items(),
    '',
  ],
  [`GET ${AGENTS}/agent-1`, async (a) => a.agents.get('agent-1'), [200, agent], ''],
  [
    `GET ${RESOURCES}?type=resource.machine&search=ws&include_attributes=true&limit=100`,
    async (a) => all(a.resources.list({ type: 'resource.machine', search: 'ws', includeAttributes: true })),
    items({ ...resource, attributes: [{ name: 'computer', kvs: [{ key: 'os_type', value: 'Windows' }] }] }),
    '',
  ],
  [
    'GET /api/resource_management/v4/resource_statuses?resource_id=machine-1&agent_id=agent-1&tenant_id=1415032&limit=100',
    async (a) => all(a.resources.statuses({ resourceId: 'machine-1', agentId: 'agent-1', tenantNumber: '1415032' })),
    items({ context: resource, aggregate: { status: 'ok' } }),
    '',
  ],
  [
    `POST ${RESOURCES}`,
    async (a) => a.resources.createGroup({ name: 'Test machines', group_condition: 'test*' }),
    [204],
    {
      type: 'resource.group.computers',
      name: 'Test machines',
      user_defined_name: 'Test machines',
      group_condition: 'test*',
      allowed_member_types: ['resource.machine'],
    },
  ],
  [`DELETE ${RESOURCES}/group-1`, async (a) => a.resources.remove('group-1'), [204], ''],
  [
    `GET ${POLICIES}?type=policy.protection.total&applicable_to_context_id=machine-1&limit=100`,
    async (a) => all(a.plans.list({ type: 'policy.protection.total', applicableTo: 'machine-1' })),
    items({ policy: [root, backup], context: { items: [] } }),
    '',
  ],
  [
    `POST ${POLICIES}`,
    async (a) => a.plans.create(plan),
    [200, { result: ['b1@policy.protection.total', 'b2@policy.backup.machine'] }],
    { subject: { policy: plan } },
  ],
  [`DELETE ${POLICIES}/b1`, async (a) => a.plans.remove('b1'), [204], ''],
  [
    `GET ${APPLICATIONS}?context_id=machine-1&limit=100`,
    async (a) => all(a.planApplications.list({ resourceId: 'machine-1' })),
    items([application]),
    '',
  ],
  [
    `POST ${APPLICATIONS}`,
    async (a) => a.planApplications.apply('b1', ['machine-1']),
    [204],
    { policy_id: 'b1', context: { items: ['machine-1'] } },
  ],
  [
    `DELETE ${APPLICATIONS}?context_id=machine-1&policy_id=b1`,
    async (a) => a.planApplications.revoke('b1', 'machine-1'),
    [204],
    '',
  ],
  [
    `PUT ${APPLICATIONS}/run`,
    async (a) => a.planApplications.run('b1', ['machine-1']),
    [202],
    { state: 'running', policy_id: 'b1', context_ids: ['machine-1'] },
  ],
  [`GET /api/1/groups/${TENANT_ID}`, async (a) => a.tenants.numberOf(TENANT_ID), [200, { id: 1415032, name: 'N' }], ''],
]);

test.each([1415032, '1415032'])('returns the number of a tenant as text, in whatever form it arrives', async (id) => {
  cloud = await startStandIn(() => [200, { id }]);

  expect(await cloud.acronis.tenants.numberOf(TENANT_ID)).toBe('1415032');
});

test('returns the ids of a new plan and the warnings about it', async () => {
  const answer = { result: ['b1@policy.protection.total'], issues: [{ code: 'NoLicense', severity: 'warning' }] };
  cloud = await startStandIn(() => [200, answer]);

  expect(await cloud.acronis.plans.create(plan)).toEqual({
    policies: [{ id: 'b1', type: 'policy.protection.total' }],
    issues: ['NoLicense'],
  });
});

test.each([
  ['nothing', [204], []],
  ['an empty list', [200, { issues: [] }], []],
  ['a list', [200, { issues: [{ code: 'Conflict', severity: 'warning' }] }], ['Conflict']],
] as const)('reports the warnings about a plan that is applied, answered as %s', async (_how, answer, expected) => {
  cloud = await startStandIn(() => [...answer]);

  expect(await cloud.acronis.planApplications.apply('b1', ['machine-1'])).toEqual(expected);
});

test('keeps the settings of a plan digit for digit on their way from a template to a plan', async () => {
  const template = `{"items":[{"policy":[{"id":"t1","type":"policy.backup.machine","settings":{"size":9223372036854775807}}]}]}`;
  cloud = await startStandIn(({ method }) => [200, method === 'GET' ? template : { result: ['b2@x'] }]);

  const [[read] = []] = await all(cloud.acronis.plans.list({ templatesOnly: true, includeSettings: true }));
  await cloud.acronis.plans.create([{ ...plan[1]!, settings: read?.settings }]);

  expect(cloud.calls[1]?.body).toContain('"settings":{"size":9223372036854775807}');
});
