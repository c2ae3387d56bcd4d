import { afterEach, describe, expect, test } from '@jest/globals';
import {
  activities,
  agents,
  alerts,
  alertsPage,
  type Cell,
  type Lookup,
  plans,
  protection,
  resources,
  tasks,
} from '../../lookups/index.js';
import { all, items } from '../acronis/endpoint-table.js';
import { aTenant, ROOT_ID, startStandIn, TENANT_ID, type Answer, type StandIn } from '../acronis/stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const since = new Date('2024-06-25T00:00:00.000Z');
const machine = { id: 'm1', name: 'WS-014', type: 'resource.machine', tenant_id: '1415032' };
const laptop = { ...machine, id: 'm2', user_defined_name: "Jane's laptop", name: 'NB-1' };

/** A cloud that knows our root and one customer, and gives one answer to everything else. */
async function start(answer: Answer): Promise<void> {
  cloud = await startStandIn(({ url }) => {
    if (url.startsWith('/api/2/clients/')) return [200, { client_id: 'client-1', tenant_id: ROOT_ID }];
    if (url.startsWith('/api/1/groups/')) return [200, { id: 1415032 }];
    if (url.startsWith('/api/2/tenants/')) return [200, aTenant({ id: url.split('/').at(-1) })];
    return answer;
  });
}
async function rows<Filter, Row extends Record<keyof Row, Cell>>(
  lookup: Lookup<Filter, Row>,
  filter: Filter,
  tenantId = TENANT_ID,
): Promise<Row[]> {
  const tenant = await cloud.acronis.tenants.get(tenantId);
  return all(lookup.find({ acronis: cloud.acronis, tenant }, filter));
}
const asked = () => decodeURIComponent(cloud.calls.at(-1)?.url ?? '');
const scopes = () => cloud.tokenCalls.flatMap(({ body }) => new URLSearchParams(body).get('scope') ?? []);

test.each<[string, () => Promise<unknown>]>([
  ['resources', () => rows(resources, {})],
  ['protection', () => rows(protection, {})],
  ['plans', () => rows(plans, {})],
  ['tasks', () => rows(tasks, { since })],
  ['activities', () => rows(activities, { since })],
  ['alerts', () => rows(alerts, { since })],
])('%s are asked for in the scope of the customer', async (_name, look) => {
  await start(items());

  await look();

  expect(scopes()).toEqual([`urn:acronis.com:tenant-id:${TENANT_ID}`]);
});

test.each<[string, () => Promise<unknown>]>([
  ['resources', () => rows(resources, {}, ROOT_ID)],
  ['alerts', () => rows(alerts, { since }, ROOT_ID)],
  ['agents', () => rows(agents, {}, ROOT_ID)],
])('%s of our root are asked for by our own token and without a filter', async (_name, look) => {
  await start(items());

  await look();

  expect(scopes()).toEqual([]);
  expect(asked()).not.toContain('tenant');
});

test('agents of a customer are requested by its number', async () => {
  const version = { current: { release_id: '24.06', build: '37891' } };
  const platform = { family: 'WINDOWS', name: 'Windows 11 Pro' };
  const registration_date = 'Tue, 02 Jul 2024 10:30:00 UTC';
  const tenant = { id: '1415032', name: 'Northwind' };
  await start(
    items(
      { id: 'a1', hostname: 'ws-014.local', online: true, tenant, platform, core_version: version, registration_date },
      { id: 'a2', name: 'WS-015' },
    ),
  );

  const found = await rows(agents, { online: true, hostname: 'ws', os: 'windows' });

  expect(asked()).toBe(
    '/api/agent_manager/v2/agents?tenant_id=1415032&hostname=like(ws)&online=true&os_family=WINDOWS&limit=100',
  );
  expect(found).toMatchObject([
    { hostname: 'ws-014.local', os: 'Windows 11 Pro', version: '24.06', registeredAt: '2024-07-02T10:30:00Z' },
    { hostname: 'WS-015', online: null, os: null, tenant: null },
  ]);
});

describe('resources', () => {
  test('have the name that people gave them', async () => {
    await start(items(machine, laptop));

    const found = await rows(resources, { name: 'LAPTOP', type: 'resource.machine' });

    expect(found).toMatchObject([{ name: "Jane's laptop", attributes: null }]);
    expect(asked()).toContain('type=resource.machine');
  });

  test('show all attributes on request', async () => {
    const attributes = [
      {
        name: 'computer',
        kvs: [
          { key: 'os', value: 'Windows' },
          { key: 'cores', value: 8 },
        ],
      },
    ];
    await start(items({ ...machine, attributes }));

    const [found] = await rows(resources, { attributes: true });

    expect(found?.attributes).toEqual(['computer.os=Windows', 'computer.cores=8']);
  });
});

test('protection shows the latest run over all parts of the plans', async () => {
  const policies = [
    { type: 'policy.backup.machine', last_run: '2024-07-02T02:00:00Z', last_success_run: '2024-07-01T02:00:00Z' },
    { type: 'policy.security.antimalware_protection', last_run: '2024-07-02T04:00:00Z', last_success_run: null },
    { type: 'policy.security.edr' },
  ];
  await start(
    items(
      { context: machine, aggregate: { names: 'Nightly', status: 'error' }, policies },
      { context: laptop, aggregate: { names: ['Nightly', 'Laptops'], status: 'ok' } },
    ),
  );

  const [broken, fine] = [await rows(protection, { status: 'error' }), await rows(protection, { status: 'ok' })];

  expect(broken).toMatchObject([
    { name: 'WS-014', plans: ['Nightly'], lastRun: '2024-07-02T04:00:00Z', lastSuccess: '2024-07-01T02:00:00Z' },
  ]);
  expect(fine).toMatchObject([{ plans: ['Nightly', 'Laptops'], lastRun: null }]);
});

test('plans show which of their parts are on', async () => {
  const root = { id: 'p1', type: 'policy.protection.total', name: 'Workstations', enabled: true, tenant_id: '1415032' };
  const [on, off] = [true, false].map((enabled) => ({ id: 'p2', type: `policy.${String(enabled)}`, enabled }));
  await start(items({ policy: [root, on, off] }, { policy: [{ ...root, name: 'Servers' }] }));

  const found = await rows(plans, { name: 'work', applicableTo: 'm1' });

  expect(found).toMatchObject([{ name: 'Workstations', parts: ['policy.true'], tenantNumber: '1415032' }]);
  expect(asked()).toContain('applicable_to_context_id=m1');
});

test('tasks are those that changed since then, the latest first', async () => {
  const task = {
    id: 17,
    idString: '731000000000000123',
    state: 'completed',
    result: { code: 'error' },
    type: 'backup',
  };
  await start(items({ ...task, resource: { id: 'm1', name: 'WS-014' }, completedAt: '2024-07-01T02:10:00Z' }));

  const found = await rows(tasks, { since, state: 'completed', result: 'error', type: 'backup' });

  expect(asked()).toBe(
    '/api/task_manager/v2/tasks?state=completed&type=backup&resultCode=error&order=desc(updatedAt)' +
      '&updatedAt=gt(2024-06-25T00:00:00.000Z)&limit=100',
  );
  expect(found).toMatchObject([
    { id: '731000000000000123', result: 'error', resource: 'WS-014', plan: null, completedAt: '2024-07-01T02:10:00Z' },
  ]);
});

test('alerts come page by page, with the neighbouring pages in both directions', async () => {
  const alert = { id: 'a', severity: 'error', type: 'BackupFailed', details: { resourceName: 'WS-014', planName: 7 } };
  await start([200, { items: [alert], paging: { cursors: { before: 'b1', after: 'a1' } } }]);
  const tenant = await cloud.acronis.tenants.get(TENANT_ID);

  const page = await alertsPage(
    { acronis: cloud.acronis, tenant },
    { since, severity: 'warning' },
    { after: 'a0', limit: 5 },
  );

  expect(page).toMatchObject({ items: [{ resource: 'WS-014', plan: null }], before: 'b1', after: 'a1' });
  expect(asked()).toBe(
    '/api/alert_manager/v1/alerts?updated_at=gt(1719273600000000000)&severity=ge(warning)&order=desc(created_at)' +
      '&after=a0&limit=5',
  );
});
