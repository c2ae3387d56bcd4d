import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { agents, alerts, findTenant, plans, protection, resources, tasks } from '../../lookups/index.js';
import { startCloud, type Cloud } from '../support/cloud.js';
import { tenantryHere } from '../support/command-here.js';

let cloud: Cloud;
let customerId: string;
beforeAll(async () => {
  cloud = await startCloud();
  customerId = (await findTenant(cloud.acronis, 'Seeded Customer')).id;
});
afterAll(async () => {
  await cloud.close();
});

const show = async (...args: string[]) => {
  const { url, clientId, clientSecret } = cloud.simulator;
  const settings = { ACRONIS_BASE_URL: url, ACRONIS_CLIENT_ID: clientId, ACRONIS_CLIENT_SECRET: clientSecret };
  const { code, stdout, stderr } = await tenantryHere(['show', ...args], settings);
  return { code, stderr, stdout, json: () => JSON.parse(stdout) as unknown };
};
/** In whole seconds, as times are shown. */
const week = new Date(Math.floor(Date.now() / 1000) * 1000 - 7 * 86_400_000);
const tenantsOf = (rows: { tenantNumber: string | null }[]) => new Set(rows.map(({ tenantNumber }) => tenantNumber));

test('agents, resources and protection of a customer are a part of those of our root', async () => {
  const number = await cloud.acronis.tenants.numberOf(customerId);

  expect(tenantsOf(await cloud.rows(agents, {}, customerId))).toEqual(new Set([number]));
  expect(tenantsOf(await cloud.rows(resources, {}, customerId))).toEqual(new Set([number]));
  expect(tenantsOf(await cloud.rows(protection, {}, customerId))).toEqual(new Set([number]));
  expect(tenantsOf(await cloud.rows(agents, {})).size).toBeGreaterThan(1);
  expect(tenantsOf(await cloud.rows(resources, {})).size).toBeGreaterThan(1);
});

test('unprotected resources are found', async () => {
  const rows = await cloud.rows(protection, { status: 'not_protected' });

  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ plans, lastSuccess }) => plans.length === 0 && lastSuccess === null)).toBe(true);
});

test('plans of a customer are shown with their parts', async () => {
  expect(await cloud.rows(plans, {}, customerId)).toMatchObject([{ enabled: true, parts: ['policy.backup.machine'] }]);
});

test('tasks are those of the time asked for, with ids in full', async () => {
  const [recent, old] = [
    await cloud.rows(tasks, { since: week }, customerId),
    await cloud.rows(tasks, { since: new Date(0) }, customerId),
  ];

  expect(recent.length).toBeGreaterThan(0);
  expect(old.length).toBeGreaterThan(recent.length);
  expect(recent.every(({ updatedAt }) => new Date(updatedAt!) >= week)).toBe(true);
  const times = recent.map(({ updatedAt }) => updatedAt!);
  expect(times).toEqual(times.toSorted((a, b) => b.localeCompare(a)));
  expect(recent[0]?.id).toMatch(/^7310{9}\d+$/);
});

test('alerts are those of the severity asked for and above', async () => {
  const rows = await cloud.rows(alerts, { since: week, severity: 'error' });

  expect(new Set(rows.map(({ severity }) => severity))).toEqual(new Set(['error', 'critical']));
});

test('alerts can be paged in both directions from the command line', async () => {
  interface Shown {
    items: { id: string }[];
    before?: string;
    after?: string;
  }
  const page = async (...args: string[]) =>
    (await show('alerts', '--json', '--since', '30 days', '--limit', '5', ...args)).json() as Shown;

  const first = await page('--paged');
  const second = await page('--after', first.after!);
  const again = await page('--before', second.before!);

  expect(first.before).toBeUndefined();
  expect(second.items).toHaveLength(5);
  expect(again.items).toEqual(first.items);
  expect((await show('alerts', '--paged', '--limit', '5')).stderr).toContain('--after ');
});

test.each(['agents', 'resources', 'protection', 'plans', 'tasks', 'activities', 'alerts'])(
  '%s are a table, and the same in JSON and CSV',
  async (name) => {
    const [table, json, csv] = [await show(name), await show(name, '--json'), await show(name, '--csv')];

    const rows = json.json() as object[];
    expect([table.code, json.code, csv.code]).toEqual([0, 0, 0]);
    expect(rows.length).toBeGreaterThan(0);
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(rows.length + 1);
    expect(csv.stdout.trimEnd().split('\r\n')).toHaveLength(rows.length + 1);
    expect(csv.stdout.split('\r\n')[0]).toBe(Object.keys(rows[0]!).join(','));
  },
);
