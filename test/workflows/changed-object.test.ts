import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { WorkflowHandle } from '@temporalio/client';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { changesSignal } from '../../catalogue/event-signals.js';
import type { ChangeOf, Truth } from '../../activities/index.js';
import { CUSTOMER_QUERY, FACTS_SIGNAL, type CustomerStatus } from '../../contract/customers.js';
import { CHANGED_OBJECT_QUERY, type ChangedObjectStatus, type ObjectChange } from '../../contract/source-objects.js';
import { deliverBy } from '../../gateway/deliver.js';
import { watchSources } from '../../worker/known-sources.js';
import { SourceApiReader } from '../../worker/source-api-reader.js';
import { factOf, readFacts } from '../support/fact-reader.js';
import { waitUntil } from '../support/runs.js';
import { imitateStripe, STRIPE_KEY } from '../support/senders/stripe.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

let sources: Awaited<ReturnType<typeof watchSources>>;
let reader: SourceApiReader;
let meanwhile: (() => Promise<void>) | undefined;
const readTruth = async (change: ChangeOf, signal: AbortSignal): Promise<Truth> => {
  const truth = await reader.read(change, signal);
  await meanwhile?.();
  return truth;
};
const env = useVirtualEnvironment({}, { readFacts, truth: { readTruth } });

const folder = mkdtempSync(join(tmpdir(), 'tenantry-sources-'));
let stripe: Awaited<ReturnType<typeof imitateStripe>>;
beforeAll(async () => {
  stripe = await imitateStripe();
  const shop = { kind: 'stripe', secrets: ['file:signing'], apiKey: 'file:key', apiUrl: stripe.url };
  const log = pino({ level: 'silent' });
  const readSecret = async () => STRIPE_KEY;
  const sourcesFile = join(folder, 'sources.json');
  writeFileSync(sourcesFile, JSON.stringify({ shop }));
  sources = await watchSources({ path: sourcesFile, readSecret, log });
  reader = new SourceApiReader(sources, () => undefined);
});
afterAll(async () => {
  sources.close();
  await stripe.close();
  rmSync(folder, { recursive: true });
});

const change = (id: string, event: string): ObjectChange => ({
  object: { type: 'subscription', id },
  event: { id: event, type: 'customer.subscription.updated' },
});

/** Gives changes to Temporal as the gateway does. */
async function arrive(id: string, ...events: string[]): Promise<WorkflowHandle> {
  const changes = events.map((event) => change(id, event));
  await deliverBy(env.client, env.taskQueue)({ source: 'shop', id, changes }, Date.now() + 10_000);
  return env.client.workflow.getHandle(`source:shop:${id}`);
}

const customer = (ref: string) => env.client.workflow.getHandle(customerWorkflowId(ref));
async function customerStatus(ref: string, events: number): Promise<CustomerStatus> {
  const status = async () => await customer(ref).query<CustomerStatus>(CUSTOMER_QUERY);
  await waitUntil(async () => (await status()).events.length >= events);
  return await status();
}
const reads = (id: string) => stripe.calls.filter((call) => call.includes(`/v1/subscriptions/${id}`)).length;
const statusOf = async (handle: WorkflowHandle) => await handle.query<ChangedObjectStatus>(CHANGED_OBJECT_QUERY);

describe('an object that has changed', () => {
  test('is read once for several events, and its customer gets the truth', async () => {
    stripe.set({ id: 'sub_1', customer: 'cus_1', quantity: 40 });
    const handle = await arrive('sub_1', 'evt_1', 'evt_2', 'evt_3');
    await handle.result();
    expect(reads('sub_1')).toBe(1);
    expect(await customerStatus('shop.cus_1', 1)).toMatchObject({
      subscriptions: [{ source: 'shop', ref: 'sub_1', items: [{ quantity: 40 }], state: 'active' }],
      events: [{ id: 'evt_3', type: 'customer.subscription.updated', outcome: 'recorded' }],
    });
    expect(await statusOf(handle)).toMatchObject({ waiting: [], done: [{ customers: ['shop.cus_1'] }] });
  });

  test('is read again when an event comes while it is read', async () => {
    stripe.set({ id: 'sub_2', customer: 'cus_2', quantity: 1 });
    let isFirst = true;
    meanwhile = async () => {
      if (!isFirst) return;
      isFirst = false;
      stripe.set({ id: 'sub_2', customer: 'cus_2', quantity: 2 });
      await arrive('sub_2', 'evt_later');
    };
    const handle = await arrive('sub_2', 'evt_1');
    await handle.result();
    meanwhile = undefined;
    expect((await customerStatus('shop.cus_2', 2)).subscriptions[0]!.items).toMatchObject([{ quantity: 2 }]);
  });

  test('waits visibly while the sender is away, and honours the pause that it asks for', async () => {
    stripe.set({ id: 'sub_3', customer: 'cus_3' });
    stripe.fail({ status: 500, body: {} }, { status: 429, headers: { 'retry-after': '2' }, body: {} });
    const handle = await arrive('sub_3', 'evt_1');
    await waitUntil(async () => reads('sub_3') >= 1);
    expect(await statusOf(handle)).toMatchObject({ source: 'shop', waiting: [{ object: { id: 'sub_3' } }], done: [] });
    await handle.result();
    const [, limited, last] = stripe.times.slice(-3) as [number, number, number];
    expect(last - limited).toBeGreaterThan(1900);
    expect(reads('sub_3')).toBe(3);
    expect((await customerStatus('shop.cus_3', 1)).subscriptions).toHaveLength(1);
  });

  test('that is gone ends nothing: a person is asked', async () => {
    const known = factOf('shop.cus_4', { subscription: { ref: 'sub_4', items: [{ product: 'p' }], state: 'active' } });
    await deliverBy(env.client, env.taskQueue)({ ref: 'shop.cus_4', facts: [known] }, Date.now() + 10_000);
    await (await arrive('sub_4', 'evt_1')).result();
    expect(env.notices).toContainEqual({
      about: 'source',
      source: 'shop',
      subject: 'subscription sub_4',
      message: expect.stringContaining('Nothing is ended'),
    });
    expect((await customerStatus('shop.cus_4', 1)).subscriptions).toMatchObject([{ ref: 'sub_4', state: 'active' }]);
  });

  test('that has ended starts no customer, and ends what a customer has', async () => {
    stripe.set({ id: 'sub_5', customer: 'cus_5', status: 'canceled' });
    await (await arrive('sub_5', 'evt_1')).result();
    await expect(customer('shop.cus_5').describe()).rejects.toThrow(/not found/);
    await env.client.workflow.signalWithStart('customer', {
      workflowId: customerWorkflowId('shop.cus_5'),
      taskQueue: env.taskQueue,
      args: [{ ref: 'shop.cus_5' }],
      signal: FACTS_SIGNAL,
      signalArgs: [[factOf('shop.cus_5')]],
    });
    await (await arrive('sub_5', 'evt_2')).result();
    const { subscriptions } = await customerStatus('shop.cus_5', 2);
    expect(subscriptions).toContainEqual(expect.objectContaining({ ref: 'sub_5', state: 'ended' }));
  });

  test('of the other mode changes nothing', async () => {
    stripe.set({ id: 'sub_6', customer: 'cus_6', livemode: false });
    const handle = await arrive('sub_6', 'evt_1');
    await handle.result();
    expect((await statusOf(handle)).done).toMatchObject([
      { customers: [], ignored: [expect.stringContaining('test')] },
    ]);
    await expect(customer('shop.cus_6').describe()).rejects.toThrow(/not found/);
  });

  test('ends without a read when a signal holds no change', async () => {
    const { type, ...options } = changesSignal({ source: 'shop', id: 'junk', changes: [] });
    const calls = stripe.calls.length;
    const junk = [null, 'x', {}, { object: { type: 'a', id: 'x'.repeat(600) }, event: { id: 'e', type: 't' } }];
    const handle = await env.client.workflow.signalWithStart(type, {
      ...options,
      taskQueue: env.taskQueue,
      signalArgs: [junk],
    });
    await handle.result();
    expect(stripe.calls).toHaveLength(calls);
  });
});
