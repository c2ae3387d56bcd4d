import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SourceObject } from '../../contract/source-objects.js';
import type { TruthContext } from '../../sources/api/source-api.js';
import { CHARGEBEE_KEY, imitateChargebee } from '../support/senders/chargebee.js';
import { STRIPE_KEY, imitateStripe } from '../support/senders/stripe.js';
import { factsIn, readObject } from '../support/senders/read-object.js';

let chargebee: Awaited<ReturnType<typeof imitateChargebee>>;
let stripe: Awaited<ReturnType<typeof imitateStripe>>;
beforeAll(async () => {
  chargebee = await imitateChargebee();
  stripe = await imitateStripe();
});
afterAll(async () => {
  await chargebee.close();
  await stripe.close();
});

type Kind = 'chargebee' | 'stripe';
const read = async (kind: Kind, object: SourceObject, more: Partial<TruthContext> = {}) => {
  const senders = {
    chargebee: { kind, key: CHARGEBEE_KEY, address: chargebee.url },
    stripe: { kind, key: STRIPE_KEY, address: stripe.url },
  };
  return await readObject(senders[kind], object, more);
};
const subscription = (id: string) => ({ type: 'subscription', id });

describe('Stripe', () => {
  test('a subscription is read with its customer, in the version that we know', async () => {
    stripe.set({ id: 'sub_1', customer: 'cus_1', quantity: 40 });
    const [fact] = factsIn(await read('stripe', subscription('sub_1')));
    expect(fact).toMatchObject({
      source: 'shop',
      event: { id: 'evt-1', type: 'changed' },
      customer: { ref: 'shop.cus_1', name: 'Customer, Inc', contact: { email: 'it@customer.example' } },
      subscription: { ref: 'sub_1', state: 'active', items: [{ product: 'price_ttWorkstation01', quantity: 40 }] },
    });
  });

  test('all its items are read, however many there are', async () => {
    stripe.set({ id: 'sub_many', customer: 'cus_1', items: 250 });
    const [fact] = factsIn(await read('stripe', subscription('sub_many')));
    expect(fact!.subscription!.items).toHaveLength(250);
  });

  test('the shared reference is taken from the subscription; without one the own id of the customer counts', async () => {
    stripe.set({ id: 'sub_ref', customer: 'cus_1', metadata: { ours: 'C-1' } });
    const context = { reference: 'metadata.ours' };
    expect(factsIn(await read('stripe', subscription('sub_ref'), context))[0]!.customer.ref).toBe('C-1');
    expect(factsIn(await read('stripe', subscription('sub_1'), context))[0]!.customer.ref).toBe('shop.cus_1');
  });

  test('a customer means all its subscriptions', async () => {
    for (let at = 0; at < 120; at += 1) stripe.set({ id: `sub_a${at}`, customer: 'cus_a' });
    expect(factsIn(await read('stripe', { type: 'customer', id: 'cus_a' }))).toHaveLength(120);
    expect(await read('stripe', { type: 'customer', id: 'cus_none' })).toMatchObject([{ says: 'nothing' }]);
  });

  test('an object of the test mode says so', async () => {
    stripe.set({ id: 'sub_test', customer: 'cus_1', livemode: false });
    expect(await read('stripe', subscription('sub_test'))).toMatchObject([{ live: false }]);
  });

  test.each([['sub_none'], ['..'], ['']])('the subscription "%s" is gone', async (id) => {
    await expect(read('stripe', subscription(id))).rejects.toMatchObject({ kind: 'gone' });
  });
});

describe('Chargebee', () => {
  test('a subscription is read with its customer and its version', async () => {
    chargebee.set({ id: 's-1', customer: 'c-1', quantity: 40 });
    expect(factsIn(await read('chargebee', subscription('s-1')))).toMatchObject([
      {
        version: expect.any(Number),
        customer: { ref: 'shop.c-1', name: 'Acme Dental' },
        subscription: { ref: 's-1', state: 'active', items: [{ quantity: 40 }] },
      },
    ]);
  });

  test('a customer means all its subscriptions, on every page', async () => {
    for (let at = 0; at < 230; at += 1) chargebee.set({ id: `many-${at}`, customer: 'c-many' });
    expect(factsIn(await read('chargebee', { type: 'customer', id: 'c-many' }))).toHaveLength(230);
  });

  test('a deleted one is a notice and no end; one that is not there is gone', async () => {
    chargebee.set({ id: 's-deleted', customer: 'c-1', deleted: true });
    expect(await read('chargebee', subscription('s-deleted'))).toMatchObject([{ says: 'notice' }]);
    await expect(read('chargebee', subscription('s-none'))).rejects.toMatchObject({ kind: 'gone' });
  });
});
