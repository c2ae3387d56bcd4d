import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../../contract/customers.js';
import { startSync } from '../../client/source-syncs.js';
import type { SyncResult } from '../../contract/source-sync.js';
import { deliverBy } from '../../gateway/deliver.js';
import { loadClientSettings } from '../../settings/client.js';
import { useProcessEnvironment } from '../support/process-environment.js';
import { waitUntil } from '../support/runs.js';
import { imitateStripe, STRIPE_KEY } from '../support/senders/stripe.js';

const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const folder = mkdtempSync(join(tmpdir(), 'tenantry-syncs-'));
const stripe = await imitateStripe();
afterAll(async () => {
  await stripe.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, value: object): string {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return join(folder, name);
}
const plan = { offeringItems: ['workstations'], sold: { shop: ['price_ttWorkstation01'] } };
const withKey = { kind: 'stripe', secrets: ['env:SIGNING'], apiKey: 'env:STRIPE', apiUrl: stripe.url };
const own = { kind: 'standard-webhooks', secrets: ['env:OWN'] };
const env = useProcessEnvironment({
  TENANTRY_SOURCES: file('sources.json', { shop: withKey, old: { ...withKey, act: 'observe' }, own }),
  TENANTRY_PLANS: file('plans.json', { plans: { desktop: plan } }),
  TENANTRY_SECRET_STRIPE: STRIPE_KEY,
  TENANTRY_CODEC_KEYS: KEYS,
});
const { taskQueue } = loadClientSettings({});

const schedules = async () => {
  const all: string[] = [];
  for await (const { scheduleId } of env.client.schedule.list()) all.push(scheduleId);
  return all.toSorted();
};
interface ShownSource {
  name: string;
  sends: string;
  sendsWhy: string;
  sync?: object;
}
const statusOf = async (name: string) => {
  const { stdout } = await env.tenantry(['sources', 'status', '--json']);
  return (JSON.parse(stdout) as { items: ShownSource[] }).items.find((one) => one.name === name);
};
const sync = async (...args: string[]) => await env.tenantry(['sources', 'sync', ...args, '--json']);

test('a listing is started and followed by the command line; what is not believed is exit code 3', async () => {
  for (let at = 1; at <= 20; at += 1) stripe.set({ id: `sub_${at}`, customer: `cus_${at % 3}` });
  const first = await sync('shop');
  expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('started syncSource:shop') });
  expect(JSON.parse(first.stdout) as SyncResult).toMatchObject({ source: 'shop', listed: 20, delivered: 20 });
  const customer = env.client.workflow.getHandle(customerWorkflowId('shop.cus_1'));
  await waitUntil(async () => (await customer.query<CustomerStatus>(CUSTOMER_QUERY)).subscriptions.length === 7);
  for (let at = 1; at <= 5; at += 1) stripe.sold.delete(`sub_${at}`);
  // Temporal's search is late by about a second
  await waitUntil(
    async () =>
      (await env.client.workflow.count("WorkflowType = 'syncSource' AND ExecutionStatus = 'Completed'")).count === 1,
  );
  const shorter = await sync('shop');
  expect(shorter.code).toBe(3);
  expect(JSON.parse(shorter.stdout)).toEqual({ source: 'shop', stopped: expect.stringContaining('15 objects') });
  const failed = { at: expect.any(String) as unknown, why: expect.stringContaining('15 objects') as unknown };
  const shown = {
    last: { listed: 20, delivered: 20, unusable: 0 },
    failed,
    notDaily: 'Temporal has no Schedule for it',
  };
  await waitUntil(async () => 'failed' in ((await statusOf('shop'))?.sync ?? {}));
  expect(await statusOf('shop')).toMatchObject({
    sync: shown,
    sends: 'no',
    sendsWhy: expect.stringMatching(/^no event of it is known, and its listing has brought \d+ changes/) as unknown,
  });
  expect(await statusOf('own')).toMatchObject({
    sends: 'unknown',
    sendsWhy: expect.stringContaining('cannot be listed') as unknown,
  });
  expect((await sync('shop', '--accept')).code).toBe(0);
});

test('a listing that believes more is no part of one that is open already; the same again is', async () => {
  // no worker begins it
  const startedWith = async (accept?: true) =>
    await startSync(env.client, 'another queue', { source: 'old', ...(accept && { accept }) });
  const end = async () => await env.client.workflow.getHandle('syncSource:old').terminate();

  const plain = await startedWith();
  await expect(startedWith(true)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/^The listing syncSource:old is open already, and was started without "accept"/),
  });
  expect(await startedWith()).toEqual({ ...plain, joined: true });
  await end();

  const accepting = await startedWith(true);
  expect(await startedWith(true)).toEqual({ ...accepting, joined: true });
  await end();
});

test.each([
  ['own', 'no API of standard-webhooks is read'],
  ['nobody', 'There is no source nobody'],
])('the source %s cannot be listed', async (name, why) => {
  const ended = await env.tenantry(['sources', 'sync', name]);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
});

test('sources check names the sources that setup has made no Schedule for', async () => {
  const secrets = {
    TENANTRY_SECRET_SIGNING: 'whsec_0123456789abcdefshop',
    TENANTRY_SECRET_OWN: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3',
  };
  const ended = await env.tenantry(['sources', 'check'], secrets);
  const message = 'Temporal has no Schedule that lists it once a day. Run "tenantry setup", or set TEMPORAL_NAMESPACE.';
  expect(ended).toMatchObject({ code: 0, stderr: `! shop: ${message}\n! old: ${message}\n` });
  const doctor = await env.tenantry(['doctor', '--json']);
  expect((JSON.parse(doctor.stdout) as { checks: object[] }).checks).toContainEqual({
    name: 'sources',
    state: 'warn',
    message: 'shop: Temporal has no Schedule that lists it once a day',
    remedy: expect.stringContaining('tenantry setup'),
  });
});

test('setup makes a daily Schedule for each source with a key, once, and removes it with the source', async () => {
  const made = await env.tenantry(['setup', '--json'], { TENANTRY_CODEC_KEYS: '' });
  expect(JSON.parse(made.stdout)).toMatchObject({ syncs: { daily: ['shop', 'old'], removed: [] } });
  await waitUntil(async () => (await schedules()).length === 2);
  const checked = await env.tenantry(['sources', 'check', '--for', 'worker', '--json']);
  expect(JSON.parse(checked.stdout)).toMatchObject({ warnings: [], unchecked: [] });
  const { policies, action } = await env.client.schedule.getHandle('syncSource:shop').describe();
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 86_400_000 });
  expect(action).toMatchObject({ workflowType: 'syncSource', taskQueue });

  expect(await statusOf('shop')).toMatchObject({ sync: { next: expect.stringMatching(/Z$/) as unknown } });

  await env.client.schedule.getHandle('syncSource:shop').pause('holidays');
  expect(await statusOf('shop')).toMatchObject({ sync: { notDaily: 'its Schedule is paused: holidays' } });
  await env.client.schedule.create({
    scheduleId: 'syncSource:theirs',
    spec: {},
    action: { type: 'startWorkflow', workflowType: 'syncSource', taskQueue: 'theirs', args: [] },
  });
  const fewer = { TENANTRY_SOURCES: file('fewer.json', { shop: withKey, own }) };
  await waitUntil(async () => (await schedules()).length === 3);
  const again = await env.tenantry(['setup', '--json'], fewer);
  expect(JSON.parse(again.stdout)).toMatchObject({ syncs: { daily: ['shop'], removed: ['old'] } });
  await waitUntil(async () => (await schedules()).length === 2);
  expect(await schedules()).toEqual(['syncSource:shop', 'syncSource:theirs']);
  expect((await env.client.schedule.getHandle('syncSource:shop').describe()).state.paused).toBe(true);
});

test('without sources setup leaves the Schedules alone', async () => {
  const ended = await env.tenantry(['setup', '--json'], { TENANTRY_SOURCES: '' });
  expect(JSON.parse(ended.stdout)).not.toHaveProperty('syncs');
  expect(await schedules()).toEqual(['syncSource:shop', 'syncSource:theirs']);
});

test('a Schedule syncs, also when setup had no key of the codec', async () => {
  const handle = env.client.schedule.getHandle('syncSource:shop');
  await handle.trigger();
  const query = "WorkflowType = 'syncSource' AND ExecutionStatus = 'Completed' AND WorkflowId != 'syncSource:shop'";
  await waitUntil(async () => (await env.client.workflow.count(query)).count === 1);
});

test('a change of which a killed worker has not read the truth is read by the next one', async () => {
  stripe.set({ id: 'sub_killed', customer: 'cus_killed' });
  stripe.fail({ status: 503, headers: { 'retry-after': '1' }, body: {} });
  const change = { object: { type: 'subscription', id: 'sub_killed' }, event: { id: 'evt_1', type: 'x' } };
  const changes = { source: 'shop', id: 'sub_killed', changes: [change] };
  await deliverBy(env.client, taskQueue)(changes, Date.now() + 10_000);
  await waitUntil(async () => stripe.calls.some((call) => call.includes('sub_killed')));
  env.worker.kill();
  await env.replaceWorker();
  await env.client.workflow.getHandle('source:shop:sub_killed').result();
  const customer = env.client.workflow.getHandle(customerWorkflowId('shop.cus_killed'));
  await waitUntil(async () => (await customer.query<CustomerStatus>(CUSTOMER_QUERY)).subscriptions.length === 1);
});

test('a changed sources.json is in the log of a worker once', async () => {
  const changing = { TENANTRY_SOURCES: file('changing.json', { shop: withKey, own }) };
  await env.replaceWorker(changing);
  file('changing.json', { shop: withKey, own: { ...own, mode: 'test' } });
  const reports = () => env.worker.log().match(/changing\.json has changed and is in force/g) ?? [];
  await waitUntil(async () => reports().length > 0);
  // every watcher of the file has read it again by then
  await new Promise((resolve) => setTimeout(resolve, 7000));
  expect(reports()).toHaveLength(1);
});
