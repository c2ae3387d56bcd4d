import { expect, test } from '@jest/globals';
import { emptyMemory } from '../../../workflows/customer/memory.js';
import { keepWaiting } from '../../../workflows/customer/waiting.js';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { factOf, factReader } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const known = factReader();
let isNew = true;
/** A worker that does not have the source `shop` in its file at first. */
const readFacts: typeof known = (facts) =>
  known(facts).map((one) => {
    if (!isNew || !('mapped' in one) || one.mapped.source !== 'shop') return one;
    const { source, event } = one.mapped;
    return { refused: 'there is no source shop', mayBeKnownSoon: true, source, event };
  });
const env = useVirtualEnvironment({}, { readFacts, brake: 'off' });
const aCustomer = customersIn(env);

const unpaid = { state: 'past_due', since: '2026-01-01T00:00:00.000Z' } as const;
const paid = ({ ref }: TestCustomer) => factOf(ref, { at: new Date().toISOString() });
const isEnabled = async ({ status }: TestCustomer) => env.simulator.world.tenant((await status()).tenantId!)!.enabled;

test('facts of a source that no worker knows yet are kept: nothing is taken away before they are read', async () => {
  const customer = await aCustomer();
  await customer.until(({ state }) => state === 'steady');
  await customer.handle.signal('facts', [paid(customer)]);
  await customer.until(({ unread }) => unread === 1);
  await customer.tell(unpaid);

  const { blocked, notDone } = await customer.until(({ state, events }) => state === 'blocked' && events.length === 2);

  expect(blocked?.message).toMatch(/^shop: facts of it wait, because no worker has this source/);
  expect(notDone).toMatchObject([{ field: 'shop' }]);
  expect(await isEnabled(customer)).toBe(true);

  isNew = false;

  const { subscriptions, unread } = await customer.until(({ state }) => state === 'steady');
  expect(subscriptions.map(({ source }) => source).toSorted()).toEqual(['shop', 'store']);
  expect(unread).toBeUndefined();
  expect(await isEnabled(customer)).toBe(true);
});

test('a customer whose first fact is of such a source says what it waits for, and begins with that fact', async () => {
  isNew = true;
  const customer = await aCustomer({}, { source: 'shop' });

  const waits = await customer.until(({ notDone }) => notDone !== undefined);

  expect(waits).toMatchObject({ state: 'observed', unread: 1, notDone: [{ field: 'shop' }], events: [] });
  isNew = false;
  expect(await customer.until(({ events }) => events.length === 1)).toMatchObject({
    state: 'observed',
    events: [{ outcome: 'recorded' }],
  });
});

test('not more facts wait than the next run of the workflow can carry; the oldest are ignored', () => {
  const facts = Array.from({ length: 300 }, (_, at) => factOf('C-1', { event: { id: `evt-${at}`, type: 'x' } }));
  const { waiting, events } = keepWaiting(emptyMemory(), facts, 0);
  expect(waiting).toEqual(facts.slice(100));
  expect(events.at(-1)).toMatchObject({ id: 'evt-99', outcome: 'ignored' });
  const long = { name: 'x'.repeat(50_000) };
  const large = facts.slice(0, 6).map((fact) => ({ ...fact, customer: { ref: 'C-1', ...long } }));
  expect(keepWaiting(emptyMemory(), large, 0).waiting).toEqual(large.slice(3));
});
