import { describe, expect, test } from '@jest/globals';
import { SourceNotReadable, type ChangeOf, type Truth } from '../../../activities/index.js';
import type { Fact, SubscriptionState } from '../../../contract/facts.js';
import { customersIn, subscriptionOf, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';

const read = factReader();
const readFacts: typeof read = (facts) =>
  read(facts).map((one) => ('mapped' in one ? { mapped: { ...one.mapped, readAs: 'subscription' } } : one));
let answer: (change: ChangeOf) => Truth | Error | Promise<Truth>;
let asked: ChangeOf[] = [];
const readTruth = async (change: ChangeOf) => {
  asked.push(change);
  const truth = await answer(change);
  if (truth instanceof Error) throw truth;
  return truth;
};
const env = useTestEnvironment({}, { readFacts, truth: { readTruth }, brake: 'off' });
const aCustomer = customersIn(env);

const isSteady = ({ state }: { state: string }) => state === 'steady';
const unpaid = { state: 'past_due', since: '2026-01-01T00:00:00.000Z' } as const;
const isEnabled = async ({ status }: TestCustomer) => env.simulator.world.tenant((await status()).tenantId!)!.enabled;

/** A customer of whom a source says that it does not pay. */
async function anUnpaidCustomer(truth: (fact: Fact) => ReturnType<typeof answer>): Promise<TestCustomer> {
  const customer = await aCustomer();
  await customer.until(isSteady);
  asked = [];
  answer = ({ source, event }) =>
    truth({
      source,
      event,
      at: new Date().toISOString(),
      customer: { ref: customer.ref },
      subscription: {
        ref: subscriptionOf(customer.ref),
        items: [{ product: 'price_desktop', quantity: 25 }],
        ...unpaid,
      },
    });
  await customer.tell(unpaid);
  return customer;
}

const withState = (fact: Fact, state: SubscriptionState): Fact => ({
  ...fact,
  subscription: { ref: subscriptionOf(fact.customer.ref), items: [{ product: 'price_desktop', quantity: 25 }], state },
});

/** A customer continues as new before. */
const LONGEST_HISTORY = 1050;
const nothing = { notices: [], ignored: [] };

describe('before a customer is disabled, its source is asked once more', () => {
  test('and says the same: it is disabled', async () => {
    const customer = await anUnpaidCustomer((fact) => ({ facts: [fact], ...nothing }));

    await customer.until(({ state }) => state === 'suspended');

    expect(asked).toMatchObject([
      { source: 'store', object: { type: 'subscription', id: subscriptionOf(customer.ref) } },
    ]);
    expect(await isEnabled(customer)).toBe(false);
  });

  test('and says that it has paid: it stays enabled', async () => {
    const customer = await anUnpaidCustomer((fact) => ({
      facts: [withState(fact, 'active')],
      ...nothing,
    }));

    await customer.until(({ state, events }) => state === 'steady' && events.length === 3);

    expect(await isEnabled(customer)).toBe(true);
    expect((await customer.status()).runs).toHaveLength(1);
  });

  test('and is asked again after a worker died, and says that it has paid meanwhile: it stays enabled', async () => {
    const customer = await anUnpaidCustomer((fact) => {
      if (asked.length > 1) return { facts: [withState(fact, 'active')], ...nothing };
      // the second fact cannot be sent, so the first try delivers the first one and fails
      return { facts: [fact, { ...fact, customer: { ref: 'other' }, version: 1n as never }], ...nothing };
    });

    await customer.until(({ state, events }) => state === 'steady' && events.length === 4);

    expect(asked.map(({ event }) => event.id)).toEqual([asked[0]!.event.id, asked[0]!.event.id]);
    expect(await isEnabled(customer)).toBe(true);
    expect((await customer.status()).runs).toHaveLength(1);
  });

  test('and has no such subscription: a person must act', async () => {
    const customer = await anUnpaidCustomer(() => ({
      facts: [],
      ignored: [],
      notices: ['store has no subscription s1'],
    }));

    const { blocked } = await customer.until(({ state }) => state === 'blocked');

    expect(blocked?.message).toMatch(/has no subscription s1.*by hand: "tenantry run disableTenant"/);
    expect(await isEnabled(customer)).toBe(true);
  });

  test('and says that the subscription is of another customer now: a person must act', async () => {
    const customer = await anUnpaidCustomer((fact) => ({
      facts: [{ ...fact, customer: { ref: `${fact.customer.ref}-new` } }],
      ...nothing,
    }));

    const { blocked } = await customer.until(({ state }) => state === 'blocked');

    expect(blocked?.message).toContain(
      `the subscription ${subscriptionOf(customer.ref)} of store belongs to ${customer.ref}-new now`,
    );
    expect(await isEnabled(customer)).toBe(true);
  });

  test('and says nothing of it: a person must act', async () => {
    const customer = await anUnpaidCustomer(() => ({ facts: [], notices: [], ignored: ['it has not been sold'] }));

    const { blocked } = await customer.until(({ state }) => state === 'blocked');

    expect(blocked?.message).toContain(
      `store says nothing of the subscription ${subscriptionOf(customer.ref)}: it has not been sold`,
    );
    expect(await isEnabled(customer)).toBe(true);
  });

  test('and does not answer: nothing happens until it does', async () => {
    let isBack = false;
    const customer = await anUnpaidCustomer((fact) =>
      isBack ? { facts: [fact], ...nothing } : new SourceNotReadable('store does not answer'),
    );
    await customer.until(() => asked.length >= 2);
    expect(await isEnabled(customer)).toBe(true);

    isBack = true;

    await customer.until(({ state }) => state === 'suspended');
  });

  test('and answers only after very many facts: the customer goes on in its next run', async () => {
    let reply = () => undefined as void;
    const customer = await anUnpaidCustomer(
      (fact) => new Promise<Truth>((resolve) => (reply = () => resolve({ facts: [fact], ...nothing }))),
    );
    await customer.until(() => asked.length === 1);
    const { runId } = await customer.handle.describe();
    while ((await customer.handle.describe()).historyLength < LONGEST_HISTORY)
      for (let sent = 0; sent < 10; sent += 1) await customer.tell(unpaid);
    await customer.until(({ unread }) => unread === undefined);
    await customer.tell(unpaid);

    reply();

    await customer.until(({ state }) => state === 'suspended');
    expect((await customer.handle.describe()).runId).not.toBe(runId);
    expect(await isEnabled(customer)).toBe(false);
  });
});
