import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import type { ProduceReportResult } from '../../workflows/produce-report/contract.js';
import { waitUntil, waitForState } from '../support/runs.js';
import { exampleOf } from '../support/orders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const POST = 'POST /reports';
let made = 0;

/** A customer of its own, so that no two tests order a report on the same tenant. */
function aCustomer() {
  made += 1;
  const name = `Reported ${made}`;
  const id = env.simulator.world.addTenant({ name, edition: 'standard' });
  env.simulator.world.setUsage(id, 'workstations', 3);
  return { id, name };
}
const anOrder = (id: string, fields: object = {}) => ({
  tenant: { id },
  kind: 'usage_current',
  level: 'accounts',
  onFailure: 'undo',
  ...fields,
});
const fileOf = (id: string) => env.artefacts.filter(({ name }) => name.includes(id));
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');

test('a usage report is kept with all its rows, and nothing of it stays in the cloud', async () => {
  const { id, name } = aCustomer();
  env.calls();

  const status = (await env.run('produceReport', anOrder(id))) as unknown as ProduceReportResult;

  const [file] = fileOf(id);
  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: id });
  const rows = file!.content.trim().split('\r\n').length - 1;
  const bytes = Buffer.byteLength(file!.content);
  expect(status.report).toMatchObject({ artefact: `test:${file!.name}`, bytes, rows });
  expect(file).toMatchObject({
    name: expect.stringMatching(/usage_current-.*\.csv$/),
    type: expect.stringMatching(/csv/),
  });
  expect(file!.content).toContain(name);
  expect(writes()).toEqual([POST, 'DELETE /reports/{id}']);
  expect(env.simulator.world.reports(id)).toEqual([]);
});

test("an SKU report of our own tenant's partners is ordered with every field as the order says", async () => {
  const order = exampleOf('produceSkuReport') as object;

  const status = await env.run('produceReport', { ...order, format: 'json_v2_0' });

  const { rootTenantId } = env.simulator;
  expect(status).toMatchObject({ state: 'completed', tenantId: rootTenantId, report: { rows: expect.any(Number) } });
  expect(env.simulator.journal.calls(POST).at(-1)!.body).toEqual({
    parameters: {
      tenant_id: rootTenantId,
      kind: 'usage_summary',
      level: 'direct_partners',
      period: { start: '2021-10-01', end: '2021-10-31' },
      formats: ['json_v2_0'],
      hide_zero_usage: false,
      show_skus: true,
    },
    schedule: { type: 'once' },
    result_action: 'save',
  });
  expect(env.artefacts.at(-1)!.content).toContain('"sku":');
});

const summary = { kind: 'usage_summary', level: 'accounts' };

test.each<[string, object, string]>([
  ['no kind', { level: 'accounts' }, 'kind: must be one of usage_daily, '],
  ['a kind that nobody knows', { kind: 'gossip', level: 'accounts' }, 'kind: '],
  ['a summary of no period', summary, 'period: is missing'],
  ['each day of no period', { ...summary, kind: 'usage_daily' }, 'period: is missing'],
  [
    'a period of what is current',
    { ...summary, kind: 'usage_current', period: { start: '2021-10-01', end: '2021-10-31' } },
    'period: does not go with usage_current',
  ],
  [
    'a period that ends first',
    { ...summary, period: { start: '2021-10-31', end: '2021-10-01' } },
    'period.end: must not',
  ],
  ['a day that there never was', { ...summary, period: { start: '2021-02-30', end: '2021-03-01' } }, 'period.start: '],
  [
    'a day to come',
    { ...summary, period: { start: '2021-10-01', end: '2999-01-01' } },
    'period.end: must not be in the future',
  ],
  ['a deadline without words', { kind: 'usage_current', level: 'accounts', within: 'soon' }, 'within: '],
  ['a field that nobody knows', { kind: 'usage_current', level: 'accounts', formats: ['csv'] }, 'formats: '],
])('an input with %s fails at once, and says where', async (_words, order, sentence) => {
  env.calls();

  const status = await env.run('produceReport', order);

  expect(status).toMatchObject({ failureType: 'InvalidInput', reason: { message: expect.stringContaining(sentence) } });
  expect(env.calls()).toEqual([]);
});

test.each<[string, object, RegExp]>([
  [
    'partners of a customer',
    { level: 'direct_partners' },
    /level: .* is a customer and has nobody for direct_partners/,
  ],
  ['customers of a customer', { level: 'all_customers' }, /take "itself" or "accounts"/],
  ['a breakdown of a customer', { kind: 'usage_breakdown' }, /kind: .* is of partners/],
])('%s are refused before anything is ordered', async (_words, fields, sentence) => {
  const { id } = aCustomer();
  env.calls();

  const status = await env.run('produceReport', anOrder(id, fields));

  expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
  expect(writes()).toEqual([]);
});

test('a tenant that nobody knows is refused', async () => {
  const order = { ...summary, kind: 'usage_current', tenant: { name: 'Nobody' } };

  expect(await env.run('produceReport', order)).toMatchObject({ failureType: 'Refused' });
});

test('whatever happens to its order, one report is kept, and only reports whose orderer is unknown stay in the cloud', async () => {
  const faults: Fault[] = ['commit-then-drop', 'drop-before', 'garble', { refuse: 503 }, { refuse: 500, commit: true }];
  const customers = faults.map((fault) => {
    const { id } = aCustomer();
    env.simulator.faults.next(POST, fault, { about: [id] });
    return id;
  });

  const ends = await Promise.all(customers.map((id) => env.run('produceReport', anOrder(id))));

  expect(ends).toEqual(customers.map(() => expect.objectContaining({ state: 'completed' })));
  expect(customers.map((id) => fileOf(id).length)).toEqual(customers.map(() => 1));
  const named = ends.map((end) => (end as unknown as { report: { inDoubt?: string[] } }).report.inDoubt ?? []);
  expect(customers.map((id) => env.simulator.world.reports(id).map((report) => report.id))).toEqual(named);
  expect(named.map(({ length }) => length)).toEqual([1, 0, 1, 0, 1]);
});

test('a lost report that is listed only after another was ordered is named, and stays in the cloud', async () => {
  const { id } = aCustomer();
  env.simulator.faults.next(POST, { stale: 2, drop: true }, { about: [id] });

  const status = await env.run('produceReport', anOrder(id));

  const [lost, ...others] = env.simulator.world.reports(id);
  expect(others).toEqual([]);
  expect(status).toMatchObject({
    state: 'completed',
    report: { inDoubt: [lost!.id] },
    leftovers: [{ kind: 'report', id, reason: expect.stringContaining(lost!.id) }],
  });
});

test('a repeat makes another report, and keeps it beside the first', async () => {
  const { id } = aCustomer();
  const order = anOrder(id);
  await env.run('produceReport', order);

  expect(await env.run('produceReport', order)).toMatchObject({ state: 'completed', changed: true });
  expect(new Set(fileOf(id).map(({ name }) => name)).size).toBe(2);
});

describe('a run that does not complete', () => {
  test('removes its report, and no other report of the tenant', async () => {
    const { id } = aCustomer();
    env.simulator.faults.next('GET /reports/{id}/stored', { refuse: 403 }, { times: 99 });

    const status = await env.run('produceReport', anOrder(id));

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(env.simulator.world.reports(id)).toEqual([]);
    expect(fileOf(id)).toEqual([]);
  });

  test('that is cancelled leaves no report', async () => {
    const { id } = aCustomer();
    env.simulator.faults.next('GET /reports/{id}/stored', { refuse: 503 }, { times: 999 });
    const handle = await env.begin('produceReport', anOrder(id));
    await waitUntil(async () => env.simulator.world.reports(id).length === 1);

    await handle.cancel();

    expect(await waitForState(handle, 'cancelled')).not.toHaveProperty('leftovers');
    expect(env.simulator.world.reports(id)).toEqual([]);
  });

  test('leaves the report when the order says keep', async () => {
    const { id } = aCustomer();
    env.simulator.faults.next('GET /reports/{id}/stored', { refuse: 403 }, { times: 99 });

    expect(await env.run('produceReport', anOrder(id, { onFailure: 'keep' }))).toMatchObject({ failureType: 'Kept' });
    expect(env.simulator.world.reports(id)).toHaveLength(1);
  });
});
