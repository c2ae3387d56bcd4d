import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { factsSignal } from '../../catalogue/event-signals.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, type CustomerStatus } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';
import type { RolloutStatus } from '../../contract/rollout.js';
import { loadClientSettings } from '../../settings/client.js';
import { useProcessEnvironment } from '../support/process-environment.js';
import { waitUntil } from '../support/runs.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-act-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, value: object): string {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return join(folder, name);
}
const shop = { kind: 'stripe', secrets: ['file:signing'] };
const sold = { shop: ['price_1'], panel: ['price_1'], eu: ['price_1'] };
const env = useProcessEnvironment({
  TENANTRY_SOURCES: file('sources.json', { shop, panel: shop, empty: shop }),
  TENANTRY_PLANS: file('plans.json', { plans: { desktop: { offeringItems: ['workstations'], sold } } }),
  TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
});
const { taskQueue } = loadClientSettings({});

/** What is said late makes nothing. */
const BEGINNING = Date.now() - 60_000;

/** A source says that a customer has bought something; without a name nothing can be made of it. */
async function sell(source: string, ref: string, { name = `Customer ${ref}`, nth = 1, cloud = 'default' } = {}) {
  const fact = {
    source,
    event: { id: `evt-${ref}-${nth}`, type: 'customer.subscription.updated' },
    at: new Date(BEGINNING + nth * 1000).toISOString(),
    customer: {
      ref,
      ...(name !== '' && { name }),
      contact: { email: `it@${ref.toLowerCase().replace('@', '.')}.example` },
    },
    subscription: { ref: `sub_${ref}`, items: [{ product: 'price_1', quantity: 1 }], state: 'active' },
  } as Fact;
  const { type, ...signal } = factsSignal({ ref, cloud, facts: [fact] });
  await env.client.workflow.signalWithStart(type, { ...signal, taskQueue });
  await waitUntil(async () => cloud !== 'default' || (await shown(ref)).events.length === nth);
}

const shown = async (ref: string) =>
  await env.client.workflow.getHandle(customerWorkflowId(ref)).query<CustomerStatus>(CUSTOMER_QUERY);
const statesOf = async (...refs: string[]) => await Promise.all(refs.map(async (ref) => (await shown(ref)).state));
const act = async (...args: string[]) => await env.tenantry(['sources', 'act', ...args, '--reason', 'reviewed']);
const rollout = async (...args: string[]) => await env.tenantry(['rollout', ...args]);

beforeAll(async () => {
  await sell('shop', 'C-1');
  await sell('shop', 'C-2');
  await sell('shop', 'jane@customer.example');
  await sell('panel', 'P-1');
  await sell('shop', 'EU-1', { cloud: 'eu' });
  // Temporal's search is late by about a second
  await waitUntil(async () => (await env.client.workflow.count(`WorkflowType = '${CUSTOMER_WORKFLOW}'`)).count === 5);
});

describe('a wrong order is refused before anything changes', () => {
  test.each<[string[], string]>([
    [['nobody', '--all'], 'There is no source nobody. Known are shop, panel, empty.'],
    [['shop'], 'Name the customers by --only, or give --all'],
    [['shop', '--all', '--only', 'C-1'], 'Name the customers by --only, or give --all'],
    [['shop', '--only', 'C-1,,C-2'], '--only: a reference is empty'],
    [
      ['shop', '--only', 'C-1,C-9,P-1'],
      'Nothing is changed: no source has spoken of a customer C-9; P-1 is no customer of shop.',
    ],
    [['shop', '--all', '--at-once', '0'], 'It must be a whole number from 1 to 100'],
    [['shop', '--all', '--canary', 'few'], 'It must be a whole number.'],
    [['shop', '--all', '--max-failures', '101%'], 'It must be a whole number, or a share such as 5%.'],
  ])('%j', async (args, message) => {
    expect(await act(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('without a reason', async () => {
    expect(await env.tenantry(['sources', 'act', 'shop', '--all'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'--reason <text>' not specified"),
    });
  });

  test('and all customers are as before', async () => {
    expect(await statesOf('C-1', 'C-2', 'jane@customer.example', 'P-1')).toEqual(Array(4).fill('observed'));
  });
});

test('customers by reference are acted for, and the command says what became of each', async () => {
  const ended = await act('shop', '--only', 'C-2, C-1', '--actor', 'ann');

  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('started rollout:act for 2 customers') });
  expect(ended.stdout.split('\n').slice(0, 2).toSorted()).toEqual(['✔ C-1', '✔ C-2']);
  expect(ended.stdout).toContain('rollout:act completed: 2 of 2 done\n');
  expect(ended.stdout).toMatch(/ {2}started by ann \(not verified\) at \S+: reviewed\n/);
  expect(await statesOf('C-1', 'C-2', 'jane@customer.example', 'P-1')).toEqual([
    'steady',
    'steady',
    'observed',
    'observed',
  ]);
  expect(env.simulator.world.customers()).toHaveLength(2);

  expect(await act('shop', '--only', 'C-1')).toMatchObject({
    code: 0,
    stderr: 'acted for already: C-1\nNo customer of shop is observed: nothing is started.\n',
  });
});

test('all observed customers of a source in its cloud are acted for, also one whose reference is an address', async () => {
  const ended = await act('shop', '--all', '--json');

  expect(ended.code).toBe(0);
  const status = JSON.parse(ended.stdout) as RolloutStatus;
  expect(status.customers).toEqual([{ ref: 'jane@customer.example', outcome: 'done' }]);
  expect(await statesOf('jane@customer.example', 'P-1')).toEqual(['steady', 'observed']);
  expect(await act('empty', '--all', '--json')).toMatchObject({ code: 0, stdout: '{"customers":[]}\n' });
});

test('too many failures stop it; it is shown, retried, gone on with, and stopped by the command line', async () => {
  await sell('panel', 'P-2', { name: '' });
  expect((await act('panel', '--only', 'P-2,P-1', '--canary', '1')).code).toBe(4);

  const status = await rollout('status', 'rollout:act');
  expect(status.code).toBe(0);
  expect(status.stdout).toContain('rollout:act waits for a person: 0 of 2 done, 1 failed, 1 not begun\n');
  expect(status.stdout).toContain('  ✘ P-2  it waits for name of the customer\n');
  expect(status.stdout).toMatch(/ {2}since \S+: 1 of the first 1 customers failed\n/);
  expect(status.stdout).toContain('    tenantry rollout retry rollout:act --reason "…"\n');
  expect(await act('panel', '--all')).toMatchObject({
    code: 2,
    stderr:
      'rollout:act has not ended yet: one at a time. Let it end, or stop it. "tenantry rollout status rollout:act" shows it.\n',
  });

  const retried = await rollout('retry', 'rollout:act', '--reason', 'again');
  expect(retried).toMatchObject({ code: 4, stderr: 'retry accepted for rollout:act\n' });
  await sell('panel', 'P-2', { nth: 2 });
  const done = await rollout('retry', 'rollout:act', '--reason', 'it has a name now', '--json');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ state: 'completed', counts: { done: 2 }, decisions: [{}, {}] });
  expect(await rollout('resume', 'rollout:act', '--reason', 'r')).toMatchObject({
    code: 2,
    stderr: 'rollout:act has ended, or was never started: there is nothing to decide.\n',
  });
});

test('resume leaves failed customers behind, with exit code 3; stop ends with 5', async () => {
  await sell('panel', 'P-3', { name: '' });
  await sell('panel', 'P-4', { name: '' });
  expect((await act('panel', '--only', 'P-3')).code).toBe(4);
  expect(await rollout('resume', 'rollout:act', '--reason', 'later')).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^rollout:act completed: 0 of 1 done, 1 failed\n/),
  });
  expect((await act('panel', '--only', 'P-4')).code).toBe(4);
  expect((await rollout('stop', 'rollout:act', '--reason', 'not today')).code).toBe(5);
});

test.each(['rollout:eu:act', 'customer:C-1', 'act'])('%s is no rollout', async (id) => {
  const refused = { code: 2, stderr: expect.stringContaining(`There is no rollout ${id}.`) };
  expect(await rollout('status', id)).toMatchObject(refused);
});

test('a rollout is no run', async () => {
  expect(await env.tenantry(['status', 'rollout:act'])).toMatchObject({
    code: 2,
    stderr: 'rollout:act is a rollout, not a run. "tenantry rollout status rollout:act" shows it.\n',
  });
});
