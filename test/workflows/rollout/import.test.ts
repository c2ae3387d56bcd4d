import { expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { readRows, sha256Of, textOfRows } from '../../../catalogue/imported-rows.js';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../../../contract/customers.js';
import { storedRowsName, type ImportedRow, type StoredRows } from '../../../contract/imported-rows.js';
import { resumedFrom, type RolloutMemory } from '../../../contract/rollout-memory.js';
import type { RolloutStart } from '../../../contract/rollout.js';
import { customersIn } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { outcomesOf, rolloutsIn } from '../../support/rollouts.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

/** The files of the imports, by their SHA-256. */
const kept = new Map<string, string>();
/** The first activity that reads these rows waits for this, in each of its attempts. */
const late = new Map<string, { until: Promise<void>; activityId?: string }>();
const importedRows = {
  read: async ({ sha256 }: StoredRows) => {
    const [wait, { activityId }] = [late.get(sha256), Context.current().info];
    if (wait !== undefined && (wait.activityId ??= activityId) === activityId) await wait.until;
    return readRows(kept.get(sha256) ?? '', sha256);
  },
  forget: async ({ sha256 }: StoredRows) => void kept.delete(sha256),
};
const brake = { hour: 5, hourShare: 0, day: 10, dayShare: 0, creations: 1 };
const env = useVirtualEnvironment({}, { readFacts, brake, importedRows });
const aCustomer = customersIn(env);
const aRollout = rolloutsIn(env);

const rowOf = (ref: string, { quantity = 5, email = `it@${ref.toLowerCase()}.example` } = {}): ImportedRow => ({
  customer: { ref, name: `Customer ${ref}`, contact: { email } },
  subscription: { ref, items: [{ plan: 'desktop', quantity }], state: 'active' },
});
const rowsOf = (prefix: string, count: number) => Array.from({ length: count }, (_, nth) => rowOf(`${prefix}-${nth}`));

let imports = 0;
async function anImport(rows: readonly ImportedRow[], more: Partial<RolloutStart> = {}, memory?: RolloutMemory) {
  const text = textOfRows(rows);
  const sha256 = sha256Of(text);
  kept.set(sha256, text);
  imports += 1;
  const at = new Date(Date.now() + imports).toISOString();
  const stored = { source: 'csv', place: `memory:/${storedRowsName(sha256)}`, sha256, at };
  const refs = rows.map(({ customer }) => customer.ref);
  return await aRollout(refs, { action: 'import', rows: stored, ...more }, memory);
}

const shown = async (ref: string) =>
  await env.client.workflow.getHandle(customerWorkflowId(ref)).query<CustomerStatus>(CUSTOMER_QUERY);
const eventsOf = async (rows: readonly ImportedRow[]) =>
  await Promise.all(rows.map(async ({ customer }) => (await shown(customer.ref)).events.length));
const tenantsOf = (prefix: string) =>
  env.simulator.world
    .customers()
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`Customer ${prefix}-`));
const changes = (calls: readonly string[]) =>
  calls.filter((route) => !route.startsWith('GET ') && !route.includes('token'));

test('every one of fifty rows has its outcome, and answers that were lost double nothing', async () => {
  const rows = rowsOf('A', 50);
  const { email } = rows[0]!.customer.contact!;
  rows[40] = rowOf('A-40', { email });
  env.simulator.faults.next('POST /tenants', 'commit-then-drop', { times: 2, after: 10 });
  env.simulator.faults.next('POST /users', 'commit-then-drop', { times: 2, after: 20 });
  env.simulator.faults.next('PUT /tenants/{id}/offering_items', 'commit-then-drop', { times: 2, after: 15 });
  const { until, decide, result } = await anImport(rows, {
    canary: 5,
    atOnce: 10,
    maxFailures: { number: 3, share: 0 },
  });

  const { blocked, customers } = await until(({ state }) => state === 'blocked');
  expect(blocked!.why).toBe('every customer has had its turn, and 1 of 50 failed');
  expect(customers.filter(({ outcome }) => outcome !== 'done')).toEqual([
    { ref: 'A-40', outcome: 'failed', state: 'blocked', why: expect.stringContaining(email) },
  ]);
  const tenants = tenantsOf('A');
  expect(tenants).toHaveLength(49);
  expect(new Set(tenants).size).toBe(49);
  expect(await eventsOf(rows)).toEqual(Array(50).fill(1));

  await decide('resume');
  expect(await result()).toMatchObject({ state: 'completed', counts: { done: 49, failed: 1 } });
  expect(kept.size).toBe(0);
});

test('rows that cannot begin yet hold up no others', async () => {
  const rows = rowsOf('G', 20);
  let release!: () => void;
  late.set(sha256Of(textOfRows(rows)), { until: new Promise((resolve) => (release = resolve)) });
  const { until, result } = await anImport(rows, { canary: 0, atOnce: 20 });

  expect((await until(({ counts }) => counts.done === 10)).counts).toMatchObject({ underWay: 10, failed: 0 });

  release();
  expect(await result()).toMatchObject({ state: 'completed', counts: { done: 20 } });
});

test('no row reaches anybody before its turn, not even a customer that is acted for already', async () => {
  const known = await aCustomer();
  await known.until(({ state }) => state === 'steady');
  const bad = rowOf('B-0', { email: `admin@${known.ref.toLowerCase()}.example` });
  const { until, decide, result } = await anImport([bad, rowOf(known.ref, { quantity: 7 })], { canary: 1 });

  await until(({ state }) => state === 'blocked');
  expect((await known.status()).events.map(({ source }) => source)).toEqual(['store']);

  await decide('resume');
  expect(await result()).toMatchObject({ counts: { done: 1, failed: 1 } });
  expect((await known.status()).subscriptions).toMatchObject([{ source: 'store' }, { source: 'csv', ref: known.ref }]);
});

test('one that was stopped goes on without a repeated row; once more changes nothing, and a corrected row only itself', async () => {
  const rows = rowsOf('E', 20);
  const first = await anImport(rows, { canary: 2, atOnce: 3 });
  await first.until(({ counts }) => counts.done >= 6);
  await first.decide('stop');
  const stopped = await first.result();
  expect(stopped.counts.waiting).toBeGreaterThan(5);

  const second = await anImport(rows, { canary: 2, atOnce: 3 }, resumedFrom(stopped).memory);
  const again = await second.status();
  expect(again.counts.done).toBe(stopped.counts.done);
  expect(outcomesOf(await second.result())).toEqual(Array(20).fill('done'));
  expect(tenantsOf('E')).toHaveLength(20);
  expect(await eventsOf(rows)).toEqual(Array(20).fill(1));

  env.calls();
  expect(await (await anImport(rows)).result()).toMatchObject({ state: 'completed', counts: { done: 20 } });
  expect(changes(env.calls())).toEqual([]);
  expect(await eventsOf(rows)).toEqual(Array(20).fill(1));

  const corrected = rows.with(7, rowOf('E-7', { quantity: 9 }));
  expect(await (await anImport(corrected)).result()).toMatchObject({ counts: { done: 20 } });
  expect(await eventsOf(rows)).toEqual(Array(20).fill(1).with(7, 2));
  expect((await shown('E-7')).wanted.quotas).toEqual({ workstations: { limit: 9 } });
  expect(changes(env.calls())).toEqual(['PUT /tenants/{id}/offering_items']);
});

test('a corrected row stops the run that the wrong one has blocked, and is not taken for failed meanwhile', async () => {
  const [first] = rowsOf('F', 1);
  const wrong = rowOf('F-1', { email: first!.customer.contact!.email });
  const before = await anImport([first!, wrong], { canary: 1 });
  expect((await before.until(({ state }) => state === 'blocked')).customers[1]).toMatchObject({ outcome: 'failed' });
  await before.decide('stop');
  await before.result();

  const after = await anImport([first!, rowOf('F-1')], { canary: 1 });

  expect(await after.result()).toMatchObject({ state: 'completed', counts: { done: 2 } });
  expect(tenantsOf('F')).toHaveLength(2);
});

test('rows that are not there fail in their turn, with the reason, and a person can say retry', async () => {
  const rows = rowsOf('D', 3);
  const { until, decide, result } = await anImport(rows, { canary: 1 });
  const [[sha256, text]] = [...kept] as [[string, string]];
  kept.clear();
  const { customers } = await until(({ state }) => state === 'blocked');
  expect(customers[0]).toMatchObject({
    outcome: 'failed',
    why: expect.stringContaining('cannot be read from memory:/imports/'),
  });
  expect(tenantsOf('D')).toEqual([]);

  kept.set(sha256, text);
  await decide('retry');

  expect(await result()).toMatchObject({ state: 'completed', counts: { done: 3 } });
});
