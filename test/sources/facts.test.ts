import { describe, expect, test } from '@jest/globals';
import { changed, read, readBody } from './deliveries.js';
import type { Fact } from '../../contract/facts.js';

const REFERENCE: Readonly<Record<string, string>> = {
  stripe: 'metadata.tenantry_customer',
  chargebee: 'cf_tenantry_ref',
  whmcs: 'customfields.Tenantry ref',
};
const facts = (file: string): Fact[] =>
  read(file, { reference: REFERENCE[file.split('/')[0]!] }).flatMap((one) => (one.says === 'facts' ? one.facts : []));

test.each([
  ['stripe/customer.subscription.created.json', { state: 'trialing', trialEnd: '2026-01-15T00:00:00.000Z' }, 25],
  ['stripe/customer.subscription.updated.quantity.json', { state: 'active' }, 40],
  ['stripe/customer.subscription.updated.past_due.json', { state: 'past_due' }, 40],
  [
    'stripe/customer.subscription.updated.cancel_at_period_end.json',
    { state: 'active', until: '2026-03-01T00:00:00.000Z' },
    40,
  ],
  ['stripe/customer.subscription.deleted.json', { state: 'ended', since: '2026-03-01T00:00:00.000Z' }, 40],
  ['stripe/pre-basil.customer.subscription.updated.json', { state: 'active' }, 25],
  ['chargebee/subscription_created.json', { state: 'trialing', trialEnd: '2026-01-15T00:00:00.000Z' }, 25],
  ['chargebee/payment_failed.json', { state: 'past_due', since: '2026-02-01T00:00:00.000Z' }, 40],
  ['chargebee/subscription_cancellation_scheduled.json', { state: 'active', until: '2026-03-01T00:00:00.000Z' }, 40],
  ['chargebee/subscription_paused.json', { state: 'paused', since: '2026-02-15T00:00:00.000Z' }, 40],
  ['chargebee/subscription_cancelled.json', { state: 'ended', since: '2026-03-01T00:00:00.000Z' }, 40],
  ['whmcs/AfterModuleCreate.json', { state: 'active' }, 25],
  ['whmcs/AfterModuleSuspend.json', { state: 'paused' }, 40],
  ['whmcs/AfterModuleUnsuspend.json', { state: 'active' }, 40],
  ['whmcs/AfterModuleTerminate.json', { state: 'ended' }, 40],
  ['standard-webhooks/subscription.trialing.json', { state: 'trialing', trialEnd: '2026-01-15T00:00:00.000Z' }, 25],
  ['standard-webhooks/subscription.active.json', { state: 'active', since: '2026-01-15T00:00:00.000Z' }, 40],
  ['standard-webhooks/subscription.past_due.json', { state: 'past_due' }, 40],
  ['standard-webhooks/subscription.paused.json', { state: 'paused' }, 40],
  ['standard-webhooks/subscription.ended.json', { state: 'ended' }, 40],
  ['standard-webhooks/subscription.until.json', { state: 'active', until: '2026-03-01T00:00:00.000Z' }, 40],
  ['cloudevents/structured.trialing.json', { state: 'trialing' }, 25],
  ['cloudevents/structured.active.json', { state: 'active' }, 40],
  ['cloudevents/structured.data_base64.json', { state: 'active' }, 41],
])('%s', (file, subscription, quantity) => {
  const [fact, ...others] = facts(file);

  expect(others).toEqual([]);
  expect(fact).toMatchObject({ source: 'shop', customer: { ref: 'acme-dental' }, subscription });
  expect(fact!.subscription!.items[0]!.quantity).toBe(quantity);
});

test.each([
  'stripe/customer.updated.json',
  'standard-webhooks/customer.changed.json',
  'cloudevents/structured.customer.changed.json',
])('%s says a name and a contact, and nothing of a subscription', (file) => {
  expect(facts(file)).toMatchObject([
    {
      customer: {
        ref: 'acme-dental',
        name: 'Acme Dental AG',
        contact: { email: expect.stringContaining('@acme-dental.example') },
      },
    },
  ]);
  expect(facts(file)[0]).not.toHaveProperty('subscription');
});

test.each([
  ['stripe/thin.v1.customer.subscription.item_quantity_changed.json', { type: 'subscription', id: 'sub_ttAcme0001' }],
  ['chargebee/customer_changed.json', { type: 'customer', id: 'acme-dental' }],
  ['whmcs/ClientEdit.json', { type: 'client', id: '77' }],
  ['whmcs/CancellationRequest.json', { type: 'service', id: '1001' }],
  ['hubspot/deal.closedwon.json', { type: 'deal', id: '33:1246965' }],
  ['hubspot/object.propertyChange.generic.json', { type: 'deal', id: '33:1246965' }],
  ['hubspot/line_item.quantity.json', { type: 'line_item', id: '33:7700001' }],
  ['connectwise/agreement.added.json', { type: 'agreement', id: '4711' }],
  ['connectwise/agreement.deleted.json', { type: 'agreement', id: '4711' }],
  ['connectwise/contact.updated.json', { type: 'contact', id: '57937' }],
])('%s only says that something has changed', (file, object) => {
  expect(read(file, { reference: REFERENCE[file.split('/')[0]!] })).toMatchObject([{ says: 'changed', object }]);
});

describe('the events of a batch', () => {
  test('HubSpot: two events with one eventId stay two', () => {
    const ids = read('hubspot/batch.mixed.json').map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  test('CloudEvents: a repeated event has the same id, and a bad one leaves the others alone', () => {
    const [first, again, later] = read('cloudevents/batch.json');
    expect(again!.id).toBe(first!.id);
    expect(later!.id).not.toBe(first!.id);
  });
});

describe('a reference', () => {
  const stripe = 'stripe/customer.subscription.updated.quantity.json';

  test("that no source shares is made of the source's name and the sender's id", () => {
    expect(read(stripe)).toMatchObject([{ facts: [{ customer: { ref: 'shop.cus_ttAcme01' } }] }]);
    expect(read('whmcs/AfterModuleCreate.json')).toMatchObject([{ facts: [{ customer: { ref: 'shop.77' } }] }]);
    expect(read('chargebee/subscription_created.json')).toMatchObject([
      { facts: [{ customer: { ref: 'shop.acme-dental' } }] },
    ]);
  });

  test('that is on neither the subscription nor the customer must be fetched', () => {
    expect(read(stripe, { reference: 'metadata.other' })).toMatchObject([
      { says: 'changed', object: { type: 'subscription', id: 'sub_ttAcme0001' } },
    ]);
  });

  test('may be on the customer that came with the subscription', () => {
    const customer = { id: 'cus_1', metadata: { tenantry_customer: 'from the customer' } };
    const body = changed(stripe, ['data', 'object'], { metadata: undefined, customer });
    expect(readBody('stripe', body, { reference: 'metadata.tenantry_customer' })).toMatchObject([
      { facts: [{ customer: { ref: 'from the customer' } }] },
    ]);
  });
});
