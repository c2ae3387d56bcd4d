import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { pino } from 'pino';
import type { TruthDependencies } from '../../activities/truth.js';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../../contract/customers.js';
import {
  SYNC_QUERY,
  SYNC_SOURCE,
  type SyncInput,
  type SyncResult,
  type SyncStatus,
} from '../../contract/source-sync.js';
import { watchSources } from '../../worker/known-sources.js';
import { SourceApiReader } from '../../worker/source-api-reader.js';
import { readFacts } from '../support/fact-reader.js';
import { waitUntil } from '../support/runs.js';
import { imitateStripe, STRIPE_KEY } from '../support/senders/stripe.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

let sources: Awaited<ReturnType<typeof watchSources>>;
let reader: SourceApiReader;
const truth: TruthDependencies = {
  readAccount: async (source, signal) => await reader.account(source, signal),
  readPage: async (page, signal) => await reader.page(page, signal),
};
const env = useTestEnvironment({}, { readFacts, truth });

/** Two pages. */
const SOLD = 130;
const CUSTOMERS = 10;
const folder = mkdtempSync(join(tmpdir(), 'tenantry-sources-'));
let stripe: Awaited<ReturnType<typeof imitateStripe>>;
beforeAll(async () => {
  stripe = await imitateStripe();
  const shop = { kind: 'stripe', secrets: ['file:signing'], apiKey: 'file:key', apiUrl: stripe.url };
  const sourcesFile = join(folder, 'sources.json');
  writeFileSync(sourcesFile, JSON.stringify({ shop }));
  const log = pino({ level: 'silent' });
  const readSecret = async () => STRIPE_KEY;
  sources = await watchSources({ path: sourcesFile, readSecret, log });
  reader = new SourceApiReader(sources, () => undefined);
});
afterAll(async () => {
  sources.close();
  await stripe.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (let at = 1; at <= SOLD; at += 1)
    stripe.set({ id: `sub_${at}`, customer: `cus_${at % CUSTOMERS}`, quantity: at });
  env.notices.length = 0;
});

const begin = async (input: SyncInput = { source: 'shop' }) => await env.begin(SYNC_SOURCE, input);
async function sync(input?: SyncInput): Promise<SyncResult> {
  const handle = await begin(input);
  const result = (await handle.result()) as SyncResult;
  // Temporal's search is late by about a second
  await waitUntil(async () => {
    const query = `WorkflowId = '${handle.workflowId}' AND ExecutionStatus = 'Completed'`;
    return (await env.client.workflow.count(query)).count === 1;
  });
  return result;
}
async function stopped(input?: SyncInput): Promise<string> {
  const handle = await begin(input);
  const error = await handle.result().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause!.message;
}

/** What the customers say is sold, by subscription. */
async function known(): Promise<Map<string, { quantity: number; state: string }>> {
  const all = new Map<string, { quantity: number; state: string }>();
  for (let at = 0; at < CUSTOMERS; at += 1) {
    const handle = env.client.workflow.getHandle(customerWorkflowId(`shop.cus_${at}`));
    await waitUntil(async () => (await handle.query<CustomerStatus>(CUSTOMER_QUERY)).unread === undefined);
    for (const { ref, items, state } of (await handle.query<CustomerStatus>(CUSTOMER_QUERY)).subscriptions)
      all.set(ref, { quantity: items[0]!.quantity, state });
  }
  return all;
}

describe('a sync', () => {
  test('gives everything that is sold to its customers, and finds what no event has said', async () => {
    expect(await sync()).toMatchObject({
      source: 'shop',
      account: 'acct_1',
      listed: SOLD,
      delivered: SOLD,
      unusable: 0,
    });
    expect((await known()).size).toBe(SOLD);
    stripe.set({ id: 'sub_7', customer: 'cus_7', quantity: 700 });
    stripe.set({ id: 'sub_8', customer: 'cus_8', status: 'canceled' });
    await sync();
    const now = await known();
    expect([now.get('sub_7'), now.get('sub_8')]).toEqual([
      { quantity: 700, state: 'active' },
      { quantity: 8, state: 'ended' },
    ]);
    stripe.set({ id: 'sub_8', customer: 'cus_8', status: 'active' });
    expect(env.notices).toEqual([]);
  });

  test('that is much shorter than the last one stops with one notice and ends nobody, until a person accepts it', async () => {
    await sync();
    const before = await known();
    for (let at = 1; at <= 20; at += 1) stripe.sold.delete(`sub_${at}`);
    expect(await stopped()).toContain(`lists ${SOLD - 20} objects, and the last listing had ${SOLD}`);
    expect(env.notices).toMatchObject([
      { about: 'source', source: 'shop', message: expect.stringContaining('Nothing is ended') },
    ]);
    expect([...(await known()).values()].map(({ state }) => state)).toEqual(
      [...before.values()].map(({ state }) => state),
    );
    await stopped();
    expect(await sync({ source: 'shop', accept: true })).toMatchObject({ listed: SOLD - 20 });
    await sync();
  });

  test('of another account delivers nothing', async () => {
    await sync({ source: 'shop', accept: true });
    const pages = stripe.calls.length;
    stripe.account.id = 'acct_2';
    expect(await stopped()).toContain('belongs to acct_2, and the last listing was of acct_1');
    expect(stripe.calls.slice(pages).filter((call) => call.includes('/v1/subscriptions'))).toEqual([]);
    expect(env.notices).toHaveLength(1);
    stripe.account.id = 'acct_1';
  });

  test('begins again when the sender has forgotten where it was', async () => {
    stripe.fail(undefined, undefined, { status: 400, body: { error: {} } });
    expect(await sync({ source: 'shop', accept: true })).toMatchObject({ listed: SOLD, delivered: SOLD });
  });

  test('that can never be completed stops with one notice', async () => {
    const forgetful = Array.from({ length: 4 }, () => [undefined, { status: 400, body: { error: {} } }]).flat();
    stripe.fail(undefined, ...forgetful);
    expect(await stopped()).toContain('is not complete');
    expect(env.notices).toHaveLength(1);
  });

  test('waits while the sender is away, and goes on where it was', async () => {
    stripe.fail(undefined, undefined, { status: 503, headers: { 'retry-after': '1' }, body: {} });
    const calls = stripe.calls.length;
    const handle = await begin({ source: 'shop', accept: true });
    expect(await handle.result()).toMatchObject({ listed: SOLD });
    expect(stripe.calls.slice(calls)).toHaveLength(4);
    expect(await handle.query<SyncStatus>(SYNC_QUERY)).toMatchObject({ source: 'shop', pages: 2, listed: SOLD });
  });

  test('names what cannot be used in one notice', async () => {
    for (const at of [3, 4]) stripe.set({ id: `sub_${at}`, customer: 'cus_3', status: 'limbo' });
    expect(await sync({ source: 'shop', accept: true })).toMatchObject({ unusable: 2, delivered: SOLD - 2 });
    expect(env.notices).toMatchObject([{ message: expect.stringMatching(/^2 of 130 objects need a person.*limbo/) }]);
    for (const at of [3, 4]) stripe.set({ id: `sub_${at}`, customer: 'cus_3', status: 'active' });
  });

  test.each([[null], [{}], [{ source: 'a b' }]])('is refused for %j', async (input) => {
    expect(await stopped(input as never)).toContain('source: must name');
  });
});
