import { afterEach, expect, test } from '@jest/globals';
import { customersIn } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';

let read = factReader();
const env = useTestEnvironment({}, { readFacts: (facts) => read(facts) });
const aCustomer = customersIn(env);

afterEach(() => void (read = factReader()));

test.each([
  ['a sender without versions', {}],
  ['a sender with versions', { version: 7 }],
])('a customer that is blocked for an unknown product goes on when a plan names the product: %s', async (_, more) => {
  const customer = await aCustomer({ items: [{ product: 'price_new', quantity: 3 }], ...more });
  const { blocked } = await customer.until(({ state }) => state === 'blocked');
  expect(blocked?.message).toContain('price_new');

  read = factReader({ fresh: { offeringItems: ['servers'], sold: { store: ['price_new'] } } });

  const status = await customer.until(({ state }) => state === 'steady');
  expect(status).toMatchObject({
    subscriptions: [{ items: [{ plan: 'fresh', quantity: 3 }] }],
    applied: { offeringItems: ['servers'] },
    events: [{ outcome: 'applied' }],
  });
});
