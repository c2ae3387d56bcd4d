import { describe, expect, test } from '@jest/globals';
import { codeOf, useCaller, type Answer } from './caller.js';

const caller = useCaller();
const failing = useCaller({ reports: { looks: 2, outcome: 'failed' } });
const GIB = 1024 ** 3;

async function order(more: object = {}, parameters: object = {}, by = caller): Promise<Answer> {
  const wanted = {
    tenant_id: by.simulator.rootTenantId,
    level: 'accounts',
    kind: 'usage_current',
    formats: ['csv_v2_0'],
  };
  const rest = { schedule: { type: 'once' }, result_action: 'save' };
  return await by.call('POST', '/reports', { parameters: { ...wanted, ...parameters }, ...rest, ...more });
}

interface InJson {
  tenants: { tenant: { id: string } }[];
}

async function stored(id: unknown, by = caller): Promise<Record<string, unknown>[]> {
  return (await by.call('GET', `/reports/${String(id)}/stored`)).body['items'] as Record<string, unknown>[];
}

async function text(reportId: unknown): Promise<string> {
  await stored(reportId);
  const [file] = await stored(reportId);
  return (await caller.call('GET', `/reports/${String(reportId)}/stored/${String(file?.['id'])}`)).text;
}

/** A customer with three workstations and two GiB of storage in use. */
async function aCustomer(parent_id = caller.simulator.rootTenantId): Promise<string> {
  const { id } = await caller.aTenant({ name: `Northwind, "demo" ${parent_id}`, parent_id });
  const root = caller.simulator.rootTenantId;
  const offer = await caller.call('GET', `/tenants/${root}/offering_items/available_for_child?kind=customer`);
  const items = (offer.body['items'] as { name: string }[]).filter(({ name }) =>
    ['storage', 'workstations'].includes(name),
  );
  await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items: items });
  caller.simulator.world.setUsage(id, 'workstations', 3);
  caller.simulator.world.setUsage(id, 'storage', 2 * GIB);
  return id;
}

describe('a report', () => {
  test('is made in the background: in progress at the first look, then saved, one file for each format', async () => {
    const { status, body } = await order({}, { formats: ['csv_v2_0', 'json_v2_0'] });

    expect([status, body['version']]).toEqual([200, 1]);
    expect((await stored(body['id'])).map((file) => file['status'])).toEqual(['in_progress', 'in_progress']);
    expect(await stored(body['id'])).toMatchObject([
      { report_format: 'csv_v2_0', status: 'saved' },
      { report_format: 'json_v2_0', status: 'saved' },
    ]);
  });

  test('has no file to fetch before it is saved', async () => {
    const { body } = await order();
    caller.simulator.world.failReport(String(body['id']));
    const [file] = await stored(body['id']);
    const fetchFile = async () =>
      (await caller.call('GET', `/reports/${String(body['id'])}/stored/${String(file!['id'])}`)).status;

    expect(await fetchFile()).toBe(404);
    caller.simulator.world.completeReport(String(body['id']));
    expect(await fetchFile()).toBe(200);
  });

  test('can fail, by fixture and on demand', async () => {
    const { body } = await order({}, {}, failing);
    const seen = [
      await stored(body['id'], failing),
      await stored(body['id'], failing),
      await stored(body['id'], failing),
    ];
    expect(seen.map(([file]) => file?.['status'])).toEqual(['in_progress', 'in_progress', 'failed']);

    const now = await order();
    caller.simulator.world.failReport(String(now.body['id']));
    expect((await stored(now.body['id']))[0]).toMatchObject({ status: 'failed' });
  });

  test('has in CSV what each tenant uses of each item: storage in GiB, names quoted', async () => {
    const id = await aCustomer();
    const { body } = await order();

    const [head, ...rows] = (await text(body['id'])).trim().split('\r\n');

    const columns = head!.split(',');
    expect(columns).toEqual(
      expect.arrayContaining(['tenant.id', 'application.id', 'edition', 'name', 'usage.absolute.total']),
    );
    const mine = rows.filter((row) => row.startsWith(id));
    expect(mine[0]).toContain('"Northwind, ""demo""');
    const cells = mine.map((row) => row.replace(/"Northwind, .*?",/, 'Northwind,').split(','));
    expect(cells.map((row) => row[columns.indexOf('usage.effective.trial')])).toEqual(['3', '2']);
  });

  test('has the same in JSON, nested by the names of the columns', async () => {
    const id = await aCustomer();
    const { body } = await order({}, { formats: ['json_v2_0'], hide_zero_usage: 'true', show_skus: 'true' });

    const rows = (JSON.parse(await text(body['id'])) as InJson).tenants.filter(({ tenant }) => tenant.id === id);

    expect(rows).toMatchObject([
      { name: 'workstations', usage: { absolute: { trial: 3, production: 0, total: 3 } } },
      { name: 'storage', measurement_unit: 'GiB', usage: { absolute: { total: 2 } } },
    ]);
  });

  test.each([
    ['itself', 1],
    ['all_partners', 2],
    ['direct_partners', 3],
    ['all_customers', 5],
    ['accounts', 5],
  ])('of level %s covers %i tenants that have items', async (level, count) => {
    await aCustomer();
    const [partner] = caller.simulator.world.tenants().filter(({ name }) => name === 'Seeded Partner');
    await aCustomer(partner!.id);
    const { body } = await order({}, { level, formats: ['json_v2_0'] });

    const { tenants: rows } = JSON.parse(await text(body['id'])) as InJson;

    expect(new Set(rows.map(({ tenant }) => tenant.id)).size).toBe(count);
  });

  test.each<[string, object, object]>([
    ['an unknown level', {}, { level: 'everybody' }],
    ['an unknown kind', {}, { kind: 'gossip' }],
    ['an unknown format', {}, { formats: ['pdf'] }],
    ['a period in the future', {}, { period: { start: '2020-01-01', end: '2999-01-01' } }],
    ['no recipients for one that is sent', { result_action: 'send' }, {}],
  ])('with %s is refused', async (_what, more, parameters) => {
    expect((await order(more, parameters)).status).toBe(400);
  });

  test('is not taken by Basic login', async () => {
    const { login, password } = caller.simulator;
    const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;

    expect((await caller.call('POST', '/reports', {}, { authorization })).status).toBe(401);
  });

  test('is listed by its tenant, and deleted with its version; only a monthly one changes', async () => {
    const { id } = (await order()).body;
    const monthly = (await order({ schedule: { type: 'monthly', enabled: true } })).body;
    const path = `/tenants/${caller.simulator.rootTenantId}/reports`;

    expect((await caller.call('GET', path)).body['items']).toEqual([id, monthly['id']]);
    expect((await caller.call('PUT', `/reports/${String(id)}`, {})).status).toBe(400);
    const changed = await caller.call('PUT', `/reports/${String(monthly['id'])}`, { schedule: { enabled: 'false' } });
    expect(changed.body).toMatchObject({ version: 2, schedule: { enabled: false } });
    const stale = await caller.call('DELETE', `/reports/${String(monthly['id'])}?version=1`);
    expect([stale.status, codeOf(stale)]).toEqual([409, 1001]);
    expect((await caller.call('DELETE', `/reports/${String(monthly['id'])}?version=2`)).status).toBe(204);
  });
});
