import { describe, expect, test } from '@jest/globals';
import type { ChangeOf, Truth } from '../../../activities/index.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { emptyMemory, learn } from '../../../workflows/customer/memory.js';
import { wantedBy } from '../../../workflows/customer/untaken.js';
import { FACTS_SIGNAL } from '../../../contract/customers.js';
import { customersIn, subscriptionOf } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';
import { DAY, fact, START } from './facts.js';

const read = factReader({ read: { offeringItems: ['workstations'], sold: { store: ['price_read'] } } });
/** What is sold as `price_read` can be read from its source. */
const readFacts: typeof read = (facts) =>
  read(facts).map((one) => {
    const isReadable = 'mapped' in one && one.mapped.sold?.some(({ product }) => product === 'price_read');
    return isReadable ? { mapped: { ...one.mapped, readAs: 'subscription' } } : one;
  });
let stateAtSource: 'active' | 'ended' = 'active';
const readTruth = async ({ source, event, object }: ChangeOf): Promise<Truth> => {
  const subscription = { ref: object.id, items: [{ product: 'price_read', quantity: 7 }], state: stateAtSource };
  const customer = { ref: object.id.replace('s1 of ', '') };
  return { facts: [{ source, event, at: new Date().toISOString(), customer, subscription }], notices: [], ignored: [] };
};
const env = useVirtualEnvironment({}, { readFacts, truth: { readTruth }, brake: 'off' });
const aCustomer = customersIn(env);

const old = new Date(Date.now() - 36 * DAY).toISOString();
const items = [{ product: 'price_read', quantity: 3 }];

describe('a fact that is more than 35 days old when it comes', () => {
  test('makes nothing where its source cannot be asked: a person is', async () => {
    const customer = await aCustomer({}, { at: old });

    const { blocked, notDone } = await customer.until(({ state }) => state === 'blocked');

    expect(blocked?.message).toMatch(/^age: what store says of s1 of .* is of 20.*it came more than 35 days later/);
    expect(notDone).toMatchObject([{ field: 'age' }]);

    await customer.ask('converge', { fields: ['age'] });

    const { runs } = await customer.until(({ state }) => state === 'steady');
    expect(runs).toMatchObject([{ operation: 'provisionCustomer', state: 'completed' }]);
  });

  test('is no question any more once a fresh one says the same', async () => {
    const customer = await aCustomer({}, { at: old });
    await customer.until(({ state }) => state === 'blocked');

    await customer.tell({});

    await customer.until(({ state }) => state === 'steady');
  });

  test.each([
    ['is sold, it is made as the source says', 'active', { state: 'steady' }],
    ['has ended, nothing is made', 'ended', { state: 'waiting', runs: [] }],
  ] as const)('is confirmed where its source can be asked: what %s', async (_, state, expected) => {
    stateAtSource = state;
    const customer = await aCustomer({ items }, { at: old });

    const status = await customer.until(({ events, state: is }) => events.length === 2 && is === expected.state);

    expect(status).toMatchObject({
      ...expected,
      events: [{ type: 'customer.subscription.updated' }, { type: 'tenantry.confirm' }],
    });
    expect(status.subscriptions[0]).toMatchObject({
      ref: subscriptionOf(customer.ref),
      items: [{ quantity: 7 }],
      state,
    });
  });

  test('changes a customer that has its tenant, and raises no question', async () => {
    const customer = await aCustomer();
    await customer.until(({ state }) => state === 'steady');
    const { ref } = customer;

    await customer.handle.signal(FACTS_SIGNAL, [
      {
        source: 'store',
        event: { id: 'late', type: 'x' },
        at: old,
        customer: { ref },
        subscription: { ref: `s2 of ${ref}`, items: [{ product: 'price_desktop', quantity: 5 }], state: 'active' },
      },
    ]);

    const { applied, notDone } = await customer.until(({ runs, state }) => runs.length === 2 && state === 'steady');
    expect(applied).toMatchObject({ quotas: { workstations: { limit: 30 } } });
    expect(notDone).toBeUndefined();
  });
});

test('what is sold late is asked about before a tenant is made or restored, once for the same facts', () => {
  const { ledger } = learn(emptyMemory(), fact(1), START);
  const key = Object.keys(ledger.subscriptions)[0]!;
  const wanted = wantedBy({ ...emptyMemory(), ledger, late: { [key]: fact(1).at } }, START + 50 * DAY);
  const tenant = { ...wanted.tenant, tenantId: '1' };
  expect(nextOperation({ ref: 'C-1', wanted })).toMatchObject({ kind: 'asks', open: [{ field: 'age' }] });
  expect(nextOperation({ ref: 'C-1', wanted, gone: { tenant, isRestorable: true } }).kind).toBe('asks');
  expect(nextOperation({ ref: 'C-1', wanted, applied: tenant }).kind).toBe('nothing');
  const agreed = { age: JSON.stringify(wanted.late) };
  expect(nextOperation({ ref: 'C-1', wanted, agreed }).kind).toBe('operation');
});
