import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStatus } from '../../contract/customers.js';
import { startWorkerProcess } from '../../client/cli/worker-process.js';
import { loadClientSettings } from '../../settings/client.js';
import { useProcessEnvironment } from '../support/process-environment.js';
import { waitUntil } from '../support/runs.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-plans-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file in one step, as an editor does. */
function write(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, typeof value === 'string' ? value : JSON.stringify(value));
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
  return path;
}

const plan = (product: string) => ({
  plans: {
    desktop: {
      offeringItems: ['workstations'],
      quotas: { workstations: { perUnit: 1 } },
      sold: { shop: [product] },
      protect: { template: 'workstations' },
    },
  },
});
const files = {
  TENANTRY_SOURCES: write('sources.json', { shop: { kind: 'stripe', secrets: ['file:signing'] } }),
  TENANTRY_PLANS: write('plans.json', plan('price_1')),
};
const env = useProcessEnvironment({
  ...files,
  TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
});

async function deliver(ref: string, id: string, product: string, subscription = `sub_${ref}`): Promise<void> {
  await env.client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
    workflowId: customerWorkflowId(ref),
    taskQueue: loadClientSettings({}).taskQueue,
    args: [{ ref }],
    signal: FACTS_SIGNAL,
    signalArgs: [
      [
        {
          source: 'shop',
          event: { id, type: 'customer.subscription.created' },
          at: new Date().toISOString(),
          customer: { ref, name: 'Customer, Inc', contact: { email: 'it@customer.example' } },
          subscription: { ref: subscription, items: [{ product, quantity: 25 }], state: 'active' },
        },
      ],
    ],
  });
}

async function shown(ref: string): Promise<CustomerStatus> {
  const { stdout, code } = await env.tenantry(['customer', ref, '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as CustomerStatus;
}

test('customer shows what is sold, what the tenant should be, and what would be done', async () => {
  await deliver('C-1', 'evt_1', 'price_1');
  await waitUntil(async () => (await shown('C-1')).events.length === 1);

  const { stdout } = await env.tenantry(['customer', 'C-1']);

  expect(stdout).toMatch(
    /^C-1, Customer, Inc: observed, nothing is done\n {2}shop sub_C-1: active since \S+\n {4}25 × desktop\n/,
  );
  expect(stdout).toContain('should be: enabled, trial, workstations 25\n');
  expect(stdout).toContain('would do now: provisionCustomer, because it is sold and no tenant of it is known\n');
  expect(stdout).toMatch(/shop +customer\.subscription\.created +evt_1 +recorded/);
});

test('onboarding shows the way from sold to protected, what is missing and who must act', async () => {
  await deliver('C-20', 'evt_20', 'price_1');
  await waitUntil(async () => (await shown('C-20')).events.length === 1);

  const { code, stdout } = await env.tenantry(['onboarding', 'C-20']);

  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '))).toEqual([
    'C-20: observed',
    ' ▶ provisioned the tenant exists',
    ' · activated a user can log in',
    ' · agentOnline an agent is online',
    ' · planApplied a plan backs a machine up',
    ' · protected backups have succeeded',
    expect.stringMatching(/^ missing: the tenant, since \S+Z: the operator must act$/),
    '',
  ]);
  expect((await env.tenantry(['customer', 'C-20'])).stdout).toContain('  from sold to protected:\n');
  const json = (await env.tenantry(['onboarding', 'C-20', '--json'])).stdout;
  expect(JSON.parse(json)).toMatchObject({ ref: 'C-20', missing: 'the tenant', whoMustAct: 'operator' });
});

test('onboarding --follow ends with 4 once the customer is blocked', async () => {
  await deliver('C-21', 'evt_21', 'price_9');
  await env.tenantry(['customer', 'act', 'C-21', '--reason', 'to see it block']);

  const { code, stdout } = await env.tenantry(['onboarding', 'C-21', '--follow', '--json']);

  expect(code).toBe(4);
  const [last] = stdout.trimEnd().split('\n').slice(-1);
  expect(JSON.parse(last!)).toMatchObject({ state: 'blocked', whoMustAct: 'operator' });
  const why = (await shown('C-21')).blocked!.message;
  expect((await env.tenantry(['onboarding', 'C-21'])).stdout).toMatch(/^C-21: blocked\n {2}blocked: /);
  expect((await env.tenantry(['onboarding', 'C-21'])).stdout).toContain(`  blocked: ${why}\n`);
});

test.each([
  [['C-0'], 'No source has spoken of a customer C-0. Nor is there a run onboardCustomer:C-0.'],
  [['C-0', '--follow'], 'No source has spoken of a customer C-0. Nor is there a run onboardCustomer:C-0.'],
  [
    ['C-20', '--cloud', 'eu'],
    'No source has spoken of a customer C-20 in the cloud eu. Nor is there a run onboardCustomer:eu:C-20.',
  ],
])('onboarding %j is refused in two sentences', async (args, why) => {
  expect(await env.tenantry(['onboarding', ...args])).toEqual({ code: 2, stdout: '', stderr: `${why}\n` });
});

test('onboarding says why a run of onboardCustomer is blocked', async () => {
  const example = fileURLToPath(new URL('../../../examples/onboardCustomer.json', import.meta.url));
  const run = ['run', 'onboardCustomer', '--input', example, '--set', 'onFailure=ask'];

  expect(await env.tenantry(run)).toMatchObject({ code: 4 });
  expect((await env.tenantry(['onboarding', 'customer-inc'])).stdout).toMatch(
    /^customer-inc: blocked\n {2}blocked: .*TENANTRY_SECRETS_STORE/,
  );
});

test('customer move says whose a subscription is that turns up under another reference', async () => {
  await deliver('C-10', 'evt_10', 'price_1');
  await waitUntil(async () => (await shown('C-10')).events.length === 1);
  await deliver('C-11', 'evt_11', 'price_1', 'sub_C-10');
  await waitUntil(async () => (await shown('C-10')).waitingFor !== undefined);
  const move = async (from: string, subscription: string, to: string) =>
    await env.tenantry(['customer', 'move', from, '--subscription', subscription, '--to', to, '--reason', 'sold']);

  expect((await env.tenantry(['customer', 'C-11'])).stdout).toContain(
    'waits for moved: C-10 has shop/sub_C-10, and its source has spoken of it under C-11 too. Nothing follows from it ' +
      'before a person says whose it is: tenantry customer move C-10 --subscription shop/sub_C-10 --to C-11 --reason "…"',
  );
  for (const [from, subscription, to, why] of [
    ['C-10', 'shop', 'C-11', 'subscription: must be SOURCE/ID, such as shop/sub_1'],
    ['C-10', 'shop/sub_9', 'C-11', 'subscription: this customer has heard nothing of shop/sub_9'],
    ['C-10', 'shop/sub_C-10', 'C-12', 'to: no customer C-12 of this cloud has heard of shop/sub_C-10'],
    ['C-11', 'shop/sub_C-10', 'C-11', 'C-10 has shop/sub_C-10, so ask there: tenantry customer move C-10'],
    ['C-12', 'shop/sub_C-10', 'C-11', 'No source has spoken of a customer C-12'],
  ] as const)
    expect(await move(from, subscription, to)).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });

  expect(await move('C-10', 'shop/sub_C-10', 'C-11')).toMatchObject({ code: 0 });

  await waitUntil(async () => (await shown('C-11')).wouldDo?.operation === 'provisionCustomer');
  const { stdout } = await env.tenantry(['customer', 'C-10']);
  expect(stdout).toMatch(/ {4}moved: it is of C-11, said \S+ \(sold\); what is said of it under C-10 counts there\n/);
  expect(stdout).toContain('should be: nothing is sold');
  expect(await move('C-11', 'shop/sub_C-10', 'C-11')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('to: C-11 has shop/sub_C-10, and nobody else claims it'),
  });
});

test('a changed plans.json counts without a restart, and a change that cannot be used does not', async () => {
  await deliver('C-2', 'evt_2', 'price_2');
  await waitUntil(async () => (await shown('C-2')).events.length === 1);
  expect(await shown('C-2')).toMatchObject({
    notDone: [{ why: expect.stringContaining('names the product price_2 of the source shop') }],
  });

  write('plans.json', '{"plans": ');
  await waitUntil(async () => env.worker.log().includes('The version before stays in force.'));
  await deliver('C-3', 'evt_3', 'price_1');
  await waitUntil(async () => (await shown('C-3')).events.length === 1);
  expect((await shown('C-3')).wouldDo?.operation).toBe('provisionCustomer');

  write('plans.json', plan('price_2'));
  await waitUntil(async () => env.worker.log().includes('has changed and is in force'));
  await deliver('C-4', 'evt_4', 'price_2');
  await waitUntil(async () => (await shown('C-4')).events.length === 1);
  expect((await shown('C-4')).wouldDo?.operation).toBe('provisionCustomer');
});

test('a worker does not start with a file that cannot be used, and names every problem', async () => {
  const bad = { ...files, TENANTRY_PLANS: write('bad.json', { plans: { gold: {} } }) };
  await expect(startWorkerProcess(env.engine, env.simulator, bad)).rejects.toThrow(
    /bad\.json \(TENANTRY_PLANS\) cannot be used:\s+plans\.gold/,
  );
});

test('facts wait for a worker that has the files', async () => {
  await env.stopWorkers();
  await env.replaceWorker({ TENANTRY_PLANS: '' });
  await deliver('C-5', 'evt_5', 'price_2');
  await waitUntil(async () => (await shown('C-5')).events.length === 0);
  await env.stopWorkers();
  write('plans.json', plan('price_2'));
  await env.replaceWorker();
  await waitUntil(async () => (await shown('C-5')).events.length === 1);
  expect((await shown('C-5')).wouldDo?.operation).toBe('provisionCustomer');
});
