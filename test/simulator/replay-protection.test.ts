import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { aPlan } from './a-plan.js';
import { narrow } from './caller.js';
import { useReplay } from './replay.js';

const script = useReplay();
const weekAgo = new Date(Date.now() - 7 * 86_400_000);
const machines = 'api/resource_management/v4/resources?type=resource.machine';
type Listed = {
  items: Record<string, unknown>[];
  size?: number;
  paging: { cursors: { after?: string; before?: string } };
};
const list = async (path: string) => (await script.ask('GET', path)).body as unknown as Listed;

test('get_tenant_usage', async () => {
  const { items } = await list(`api/2/tenants/${script.root()}/usages`);

  expect(items[0]).toMatchObject({ usage_name: expect.any(String), offering_item: { status: 1 } });
});

test.each([
  ['create_report_retrieve', 'usage_current', 'accounts', {}, {}],
  [
    'create_sku_report_retrieve',
    'usage_summary',
    'direct_partners',
    { show_skus: 'true', hide_zero_usage: 'false' },
    { period: { start: '2021-10-01', end: '2021-10-31' } },
  ],
])('%s: asks again until it is saved, and fetches the file', async (_script, kind, level, options, beside) => {
  const parameters = { kind, level, tenant_id: script.root(), formats: ['csv_v2_0'], ...options };
  const wanted = { parameters, schedule: { type: 'once' }, result_action: 'save', ...beside };
  const { id } = (await script.ask('POST', 'api/2/reports', wanted)).body;
  const states: unknown[] = [];
  let file: Record<string, unknown> = {};
  while (file['status'] !== 'saved') {
    file = (await list(`api/2/reports/${String(id)}/stored`)).items[0]!;
    states.push(file['status']);
  }

  const { text } = await script.ask('GET', `api/2/reports/${String(id)}/stored/${String(file['id'])}`);

  expect(states).toEqual(['in_progress', 'saved']);
  expect(text).toContain('tenant.id,');
});

test('get_agent_installation_token, as it was meant: for the tenant of a user', async () => {
  const { id } = await script.makeCustomer();
  const { personal_tenant_id } = await script.aUser(id);
  const wanted = { expires_in: 3600, scopes: ['urn:acronis.com:tenant-id::backup_agent_admin'] };

  const { body } = await script.ask('POST', `api/2/tenants/${String(personal_tenant_id)}/registration_tokens`, wanted);

  expect(body).toMatchObject({ token: expect.any(String), expires_at: expect.any(String) });
});

test('get_all_agents_info, get_all_agents_info_for_customer', async () => {
  const { id } = await script.makeCustomer();
  script.simulator.world.addMachine({ tenantId: id });
  const everywhere = await list('api/agent_manager/v2/agents');
  const group = (await script.ask('GET', `api/1/groups/${id}`)).body;

  expect(group).toMatchObject({ id: expect.any(Number), name: expect.any(String), version: 1 });
  expect(everywhere.items).toHaveLength(3);
  expect((await list(`api/agent_manager/v2/agents?tenant_id=${group['id'] as number}`)).items).toHaveLength(1);
});

test.each(['tasks', 'activities'])('get_%s, and page by page', async (noun) => {
  const path = `api/task_manager/v2/${noun}`;
  const since = `completedAt=gt(${weekAgo.toISOString().slice(0, 10)}T00:00:00Z)`;
  const whole = await list(`${path}?${since}`);
  let page = await list(`${path}?limit=10&lod=short&${since}`);
  let pages = 1;
  while ('paging' in page && page.paging.cursors.after !== undefined) {
    page = await list(`${path}?limit=10&lod=short&after=${page.paging.cursors.after}`);
    pages += 1;
  }

  expect(whole.size).toBe(whole.items.length);
  expect(whole.items[0]).toMatchObject({ state: 'completed', result: { code: expect.any(String) } });
  expect(pages).toBe(Math.ceil(whole.items.length / 10));
});

test('get_alerts; alerts_pagination, which means nanoseconds and sends microseconds', async () => {
  const path = 'api/alert_manager/v1/alerts';
  const bad = await list(`${path}?updated_at=gt(${weekAgo.getTime()}000000)&order=desc(created_at)`);
  const filter = `limit=10&updated_at=gt(${weekAgo.getTime()}000)`;
  const walked: number[] = [];
  let page = await list(`${path}?${filter}`);
  for (const way of ['after', 'before'] as const)
    while (page.paging.cursors[way] !== undefined) {
      page = await list(`${path}?${filter}&${way}=${page.paging.cursors[way]}`);
      walked.push(page.items.length);
    }

  expect(bad.items.length).toBeGreaterThan(0);
  expect(walked).toEqual([10, 8, 10, 10]);
});

test('get_all_resources_info, get_all_resources_protection_statuses, create_dynamic_group with its wrong verb', async () => {
  const path = 'api/resource_management/v4';
  const group = encodeURIComponent(JSON.stringify({ type: 'resource.group.computers', name: 'My Dynamic Group' }));

  expect((await list(`${path}/resources?include_attributes=true`)).items[0]).toHaveProperty('attributes');
  expect((await list(`${path}/resource_statuses`)).items[0]).toMatchObject({
    aggregate: { status: expect.any(String) },
  });
  expect((await list(`${path}/resources?${group}`)).items.length).toBeGreaterThan(0);
});

test('get_all_plans_info, revoke_plan, apply_plan, start_plan_execution: of the first machine and its first plan', async () => {
  const machine = String((await list(machines)).items[0]!['id']);
  const policies = await list(
    `/api/policy_management/v4/policies?applicable_to_context_id=${machine}&type=policy.protection.total`,
  );
  const root = (policies.items[0] as { policy: { id: string }[] }).policy[0]!.id;
  const applied = async (type: string) => {
    const query = `context_id=${machine}&policy_type=${type}`;
    const { items } = await list(`/api/policy_management/v4/applications?${query}`);
    return (items as unknown as { policy: { id: string; parent_ids?: string[] } }[][]).flat();
  };
  const total = (await applied('policy.protection.total'))[0]!.policy.id;

  await script.ask('DELETE', `/api/policy_management/v4/applications?context_id=${machine}&policy_id=${total}`);
  expect(await applied('policy.protection.total')).toEqual([]);
  await script.ask('POST', '/api/policy_management/v4/applications', {
    policy_id: root,
    context: { items: [machine] },
  });
  const parents = (await applied('policy.backup.machine'))[0]!.policy.parent_ids!;
  const start = { state: 'running', policy_id: parents[0], context_ids: [machine] };
  const run = await script.ask('PUT', '/api/policy_management/v4/applications/run', start);

  expect(parents).toEqual([root]);
  expect([run.status, run.text]).toEqual([202, '']);
});

test('create_a_backup_plan: in the name of a customer, with the options inside the subject', async () => {
  const { id } = await script.makeCustomer();
  await narrow(script, id);
  const { subject } = aPlan({ root: randomUUID(), backup: randomUUID() });
  const options = {
    ignore_policy_and_tenant_ids: true,
    override_tenant_id: true,
    disable_applications_on_conflict: true,
  };

  const { body } = await script.ask('POST', 'api/policy_management/v4/policies', {
    subject: { ...options, ...subject },
  });

  expect(body['result']).toEqual([
    expect.stringContaining('@policy.protection.total'),
    expect.stringContaining('@policy.backup.machine'),
  ]);
});
