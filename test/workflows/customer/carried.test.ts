import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import * as fc from 'fast-check';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStatus } from '../../../contract/customers.js';
import type { Fact } from '../../../contract/facts.js';
import { jsonBytes } from '../../../contract/json-bytes.js';
import { carriedOver } from '../../../workflows/customer/carried.js';
import { withOwnership } from '../../../workflows/customer/holdings.js';
import { emptyMemory, fits, learnAll, relearn, type CustomerMemory } from '../../../workflows/customer/memory.js';
import { observedStatus } from '../../../workflows/customer/status.js';
import { factOf, readFacts } from '../../support/fact-reader.js';
import { waitUntil } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { DAY, day, fact, item, START } from './facts.js';

const about = { ref: 'C-1', now: START + 200 * DAY };
const MOST = 1_900_000;
/** A fact as a signal brings it, with so many bytes more. */
const raw = (nth: number, bytes: number, ref = `s-${nth}`) =>
  factOf('C-1', {
    event: { id: `evt-${nth}`, type: 'x' },
    at: day(nth / 1000),
    customer: { ref: 'C-1', name: 'x'.repeat(bytes) },
    subscription: { ref, items: [], state: 'active' },
  });

/** A customer that remembers as much as it can. */
function fullMemory(): CustomerMemory {
  let memory = emptyMemory();
  for (let at = 0; at < 90; at += 1)
    memory = learnAll(
      memory,
      [
        {
          mapped: fact(at, {
            ref: `s-${at}`,
            sold: Array.from({ length: 50 }, (_, nth) => ({
              ...item('desktop', nth),
              product: `p-${nth}-${'ü'.repeat(20)}`,
            })),
          }),
        },
      ],
      about,
    );
  const hearer = (ref: string) => ({ ref, id: `customer:${ref}` });
  for (const { source, ref } of Object.values(memory.ledger.subscriptions)) {
    const ownership = { owner: hearer('C-1'), others: [hearer('C-2')], openSince: day(1), turn: 1 };
    memory = withOwnership(memory, { subscription: { source, ref }, ownership }, hearer('C-1'), about.now);
  }
  const seen = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`${at}-${'x'.repeat(200)}`, day(190)]));
  return { ...memory, seen, waiting: Array.from({ length: 150 }, (_, at) => raw(at, 1000)) };
}

describe('what a customer takes along when it continues as new', () => {
  const full = fullMemory();

  test('never has more bytes than Temporal allows, however many facts wait', () => {
    expect(jsonBytes(full)).toBeGreaterThan(1_400_000);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 60 }), fc.boolean(), (sizes, isFull) => {
        const memory = { ...(isFull ? full : emptyMemory()), inbox: sizes.map((bytes, nth) => raw(nth, bytes)) };
        const carried = carriedOver(memory, about);
        expect(jsonBytes(carried)).toBeLessThanOrEqual(MOST);
        expect(carried.inbox).toEqual(memory.inbox.slice(memory.inbox.length - carried.inbox.length));
        expect({ ...carried, seen: 0, inbox: 0, events: 0, missed: 0 }).toEqual({
          ...memory,
          seen: 0,
          inbox: 0,
          events: 0,
          missed: 0,
        });
      }),
      { numRuns: 50 },
    );
  });

  test('is all of it, if it is not too much', () => {
    const memory = { ...emptyMemory(), seen: { one: day(1) }, inbox: [raw(1, 100_000), null, 'nonsense'] };
    expect(carriedOver(memory, about)).toEqual(memory);
  });

  test('leaves out the oldest unread facts, and says of which subscriptions, until a newer fact makes up for them', () => {
    const inbox = [
      ...Array.from({ length: 8 }, (_, nth) => raw(nth, 100_000)),
      factOf('C-9'),
      'nonsense',
      raw(9, 100_000),
    ];
    const carried = carriedOver({ ...emptyMemory(), inbox }, about);
    const notDone = (memory: CustomerMemory) =>
      (observedStatus({ ref: 'C-1' }, memory, about.now).notDone ?? []).map(({ field }) => field);

    expect(carried.inbox).toEqual(inbox.slice(5));
    expect(notDone(carried)).toEqual(['shop s-0', 'shop s-1', 'shop s-2', 'shop s-3', 'shop s-4']);
    expect(observedStatus({ ref: 'C-1' }, carried, about.now).notDone?.[0]?.why).toMatch(
      /dropped unread.*tenantry sources sync shop/,
    );
    expect(carried.events.map(({ id, outcome }) => [id, outcome])).toContainEqual(['evt-4', 'ignored']);
    expect(notDone(learnAll(carried, [{ mapped: fact(10, { ref: 's-3' }) }], about))).not.toContain('shop s-3');
  });

  test('is not blocked by dropped facts that are none, or are about somebody else', () => {
    const garbage = [
      { source: 7, customer: { ref: 'C-1' } },
      { source: 'shop', customer: null },
      factOf('C-9'),
      'x'.repeat(300_000),
      'y'.repeat(300_000),
    ];
    const { missed, inbox } = carriedOver({ ...emptyMemory(), inbox: garbage }, about);
    expect(missed).toBeUndefined();
    expect(inbox).toEqual(garbage.slice(4));
  });

  test('grows neither by what another customer gives it nor by changed plans: what does not fit is named', () => {
    const subscription = { source: 'shop', ref: 'given' };
    const given = learnAll(emptyMemory(), [{ mapped: fact(1, { ref: 'given' }) }], about).ledger.subscriptions[
      '["shop","given"]'
    ]!;
    const known = { ...given, unmapped: { ...raw(1, 60_000) } };
    const ownership = { owner: { ref: 'C-1', id: 'customer:C-1' }, others: [], turn: 5 };
    const after = withOwnership(full, { subscription, ownership, known }, { ref: 'C-1' }, about.now);
    expect(fits(after.ledger)).toBe(true);
    expect(after.missed).toContainEqual({ ...subscription, at: given.newest.at });

    const more = fact(195, {
      ref: 's-1',
      sold: Array.from({ length: 900 }, (_, nth) => ({
        ...item('server', nth),
        product: `q-${nth}-${'x'.repeat(60)}`,
      })),
    });
    const learned = relearn(full, [more]);
    expect(learned.ledger).toEqual(full.ledger);
    expect(learned.missed).toContainEqual({ source: 'shop', ref: 's-1', at: more.at });
  });
});

let isReading = true;
const env = useTestEnvironment(
  {},
  {
    readFacts: (facts) => {
      if (!isReading) throw new Error('the test lets no worker read facts now');
      return readFacts(facts);
    },
  },
);
const statusOf = async (handle: WorkflowHandle) => await handle.query<CustomerStatus>(CUSTOMER_QUERY);

test('Temporal takes all that a customer may carry, and the next run goes on with it', async () => {
  const [ref, workflowId] = ['C-1', customerWorkflowId('C-1')];
  const memory = carriedOver({ ...fullMemory(), inbox: [raw(1, 300_000), raw(2, 100_000)] }, about);
  expect(jsonBytes(memory)).toBeGreaterThan(1_800_000);

  const args = [{ ref }, memory];
  const handle = await env.client.workflow.start(CUSTOMER_WORKFLOW, { workflowId, taskQueue: env.taskQueue, args });

  await waitUntil(async () => (await statusOf(handle)).unread === undefined);
  await handle.terminate();
});

test('a customer that hears more than it can carry while nobody can read it reads all of it, and only then continues as new', async () => {
  isReading = false;
  const handle = await tell(aLargeFact(0));
  const { runId } = await handle.describe();
  let sent = 5;
  for (let nth = 1; nth <= sent; nth += 1) await tell(aLargeFact(nth));
  while ((await handle.describe()).historyLength < 1050)
    await Promise.all(Array.from({ length: 50 }, async () => await tell(aFact((sent += 1)))));
  isReading = true;

  const hasContinued = async () => (await handle.describe()).runId !== runId;
  await waitUntil(async () => (await hasContinued()) && (await statusOf(handle)).unread === undefined, 60_000);

  const { events, notDone } = await statusOf(handle);
  expect(events).toContainEqual(expect.objectContaining({ id: `evt-${sent}`, outcome: 'recorded' }));
  expect(notDone).toBeUndefined();
  await tell(aLargeFact(3));
  await waitUntil(async () => (await statusOf(handle)).events.at(-1)?.id === 'evt-3');
  expect((await statusOf(handle)).events.at(-1)).toMatchObject({ outcome: 'repeated' });
  await handle.terminate();
});

const aFact = (nth: number): Fact => {
  const at = new Date(Date.now() - 3_600_000 + nth * 1000).toISOString();
  return factOf('C-2', { event: { id: `evt-${nth}`, type: 'x' }, at });
};

/** 130,000 bytes. */
function aLargeFact(nth: number): Fact {
  const aliases = Array.from({ length: 20 }, (_, at) => `${at}-${'x'.repeat(490)}`);
  const items = Array.from({ length: 13 }, () => ({ product: 'price_desktop', quantity: 1, aliases }));
  return { ...aFact(nth), subscription: { ref: 'sub_C-2', state: 'active', items } };
}

async function tell(one: Fact): Promise<WorkflowHandle> {
  const [ref, workflowId] = ['C-2', customerWorkflowId('C-2')];
  const signal = { signal: FACTS_SIGNAL, signalArgs: [[one]] };
  const args = [{ ref }];
  return await env.client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
    workflowId,
    taskQueue: env.taskQueue,
    args,
    ...signal,
  });
}
