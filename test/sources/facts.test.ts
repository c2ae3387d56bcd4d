import { describe, expect, test } from '@jest/globals';
import { recorded, read, readBody } from './deliveries.js';
import type { Fact } from '../../contract/facts.js';

const REFERENCE: Readonly<Record<string, string>> = {
  stripe: 'metadata.tenantry_customer',
  chargebee: 'cf_tenantry_ref',
  whmcs: 'customfields.Tenantry ref',
};
const facts = (file: string): Fact[] =>
  read(file, { reference: REFERENCE[file.split('/')[0]!] }).flatMap((one) => (one.says === 'facts' ? one.facts : []));
const json = (file: string) => JSON.parse(recorded(file).toString()) as Record<string, any>;

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
    const event = json(stripe);
    const { metadata, ...subscription } = event.data.object;
    const customer = { id: 'cus_1', metadata: { tenantry_customer: 'from the customer' } };
    const body = { ...event, data: { object: { ...subscription, customer } } };
    expect(metadata).toBeDefined();
    expect(readBody('stripe', body, { reference: 'metadata.tenantry_customer' })).toMatchObject([
      { facts: [{ customer: { ref: 'from the customer' } }] },
    ]);
  });
});

describe('Stripe', () => {
  const updated = json('stripe/customer.subscription.updated.quantity.json');
  const withObject = (fields: object) => ({ ...updated, data: { object: { ...updated.data.object, ...fields } } });

  test.each(['incomplete', 'incomplete_expired'])('%s has not been sold', (status) => {
    expect(readBody('stripe', withObject({ status }))).toMatchObject([{ says: 'nothing' }]);
  });

  test('unpaid continues past due, and a pause of the collection alone changes no state', () => {
    expect(readBody('stripe', withObject({ status: 'unpaid' }))).toMatchObject([
      { facts: [{ subscription: { state: 'past_due' } }] },
    ]);
    const paused = withObject({ pause_collection: { behavior: 'void' } });
    expect(readBody('stripe', paused)).toMatchObject([{ facts: [{ subscription: { state: 'active' } }] }]);
  });

  test('a state that is new to us is never taken for an end', () => {
    expect(readBody('stripe', withObject({ status: 'hibernating' }))).toMatchObject([
      { says: 'incomplete', problems: [{ path: 'data.object.status' }] },
    ]);
  });

  test('a subscription with more items than the event holds must be fetched', () => {
    const items = { ...updated.data.object.items, has_more: true };
    expect(readBody('stripe', withObject({ items }))).toMatchObject([{ says: 'changed' }]);
  });

  test('an item by usage has no quantity', () => {
    const [item] = updated.data.object.items.data;
    const { quantity: _, ...metered } = item;
    const [reading] = readBody('stripe', withObject({ items: { data: [metered] } }));
    expect(reading).toMatchObject({ facts: [{ subscription: { items: [{ product: 'price_ttWorkstation01' }] } }] });
    expect(JSON.stringify(reading)).not.toContain('quantity"');
  });

  test('a cancellation at the end of a period ends with the last item, in old and new versions', () => {
    const [item] = updated.data.object.items.data;
    const ending = { cancel_at: null, cancel_at_period_end: true };
    const ends = [1772323200, 1774915200].map((current_period_end) => ({ ...item, current_period_end }));
    const until = { facts: [{ subscription: { until: '2026-03-31T00:00:00.000Z' } }] };
    expect(readBody('stripe', withObject({ ...ending, items: { data: ends } }))).toMatchObject([until]);
    const { current_period_end: _, ...old } = item;
    expect(
      readBody('stripe', withObject({ ...ending, items: { data: [old] }, current_period_end: 1774915200 })),
    ).toMatchObject([until]);
  });

  test('a dispute is a notice', () => {
    const dispute = { ...updated, type: 'charge.dispute.created', data: { object: { id: 'dp_1' } } };
    expect(readBody('stripe', dispute)).toMatchObject([{ says: 'notice', text: expect.stringContaining('dp_1') }]);
  });

  test('an event of the test mode says so', () => {
    expect(readBody('stripe', updated)).toMatchObject([{ live: false }]);
    expect(readBody('stripe', { ...updated, livemode: true })).toMatchObject([{ live: true }]);
  });
});

describe('Chargebee', () => {
  const changed = json('chargebee/subscription_changed.json');
  const withSubscription = (fields: object) => ({
    ...changed,
    content: { ...changed.content, subscription: { ...changed.content.subscription, ...fields } },
  });

  test('newer states have a higher version', () => {
    expect(facts('chargebee/subscription_created.json')[0]!.version).toBeLessThan(
      facts('chargebee/subscription_changed.json')[0]!.version!,
    );
  });

  test('a future subscription counts from its start', () => {
    expect(readBody('chargebee', withSubscription({ status: 'future', start_date: 1798761600 }))).toMatchObject([
      { facts: [{ subscription: { state: 'active', since: '2027-01-01T00:00:00.000Z' } }] },
    ]);
  });

  test('a subscription that was deleted or moved to another site is a matter for a person, no end', () => {
    expect(readBody('chargebee', withSubscription({ deleted: true }))).toMatchObject([{ says: 'notice' }]);
    expect(readBody('chargebee', withSubscription({ status: 'transferred' }))).toMatchObject([{ says: 'notice' }]);
  });

  test('the older product catalogue has a plan with add-ons; decimal quantities are text', () => {
    const old = {
      subscription_items: undefined,
      plan_id: 'ws',
      plan_quantity: 3,
      addons: [{ id: 'tb', quantity_in_decimal: '2.5' }],
    };
    expect(readBody('chargebee', withSubscription(old))).toMatchObject([
      {
        facts: [
          {
            subscription: {
              items: [
                { product: 'ws', quantity: 3 },
                { product: 'tb', quantity: 2.5 },
              ],
            },
          },
        ],
      },
    ]);
  });

  test('one-time charges are no items', () => {
    const items = [
      { item_price_id: 'setup', item_type: 'charge', quantity: 1 },
      { item_price_id: 'ws', item_type: 'plan', quantity: 1 },
    ];
    expect(readBody('chargebee', withSubscription({ subscription_items: items }))).toMatchObject([
      { facts: [{ subscription: { items: [{ product: 'ws' }] } }] },
    ]);
  });
});

describe('WHMCS', () => {
  const created = json('whmcs/AfterModuleCreate.json');
  const withService = (fields: object) => ({
    ...created,
    data: { ...created.data, service: { ...created.data.service, ...fields } },
  });

  test('configurable options are quantities by their path', () => {
    expect(facts('whmcs/AfterModuleCreate.json')[0]!.subscription!.items).toEqual([
      { product: '12', quantity: 25, quantities: { 'configoptions.Workstations': 25, 'configoptions.Storage TB': 2 } },
    ]);
  });

  test('a pending service has not been sold, and fraud asks a person', () => {
    expect(readBody('whmcs', withService({ status: 'Pending' }))).toMatchObject([{ says: 'nothing' }]);
    expect(readBody('whmcs', withService({ status: 'Fraud' }))).toMatchObject([{ says: 'notice' }]);
    expect(readBody('whmcs', withService({ status: 'Limbo' }))).toMatchObject([{ says: 'incomplete' }]);
  });
});

describe('our own format', () => {
  const event = json('standard-webhooks/subscription.active.json');
  const withData = (fields: { subscription?: object; customer?: object }) => ({
    ...event,
    data: {
      ...event.data,
      ...('subscription' in fields && { subscription: { ...event.data.subscription, ...fields.subscription } }),
      ...('customer' in fields && { customer: { ...event.data.customer, ...fields.customer } }),
    },
  });
  const problemsIn = (body: unknown) =>
    readBody('standard-webhooks', body).flatMap((one) => (one.says === 'incomplete' ? one.problems : []));

  test('names each field that is missing or wrong, with its path', () => {
    const body = {
      ...event,
      timestamp: 'yesterday',
      data: { customer: {}, subscription: { ref: 's', state: 'sleeping', quantity: '25' } },
    };
    expect(problemsIn(body)).toEqual([
      { path: 'timestamp', message: expect.stringContaining('must be a time with a zone') },
      { path: 'data.customer.ref', message: 'is missing' },
      { path: 'data.subscription.quantity', message: expect.any(String) },
      { path: 'data.subscription.state', message: expect.stringContaining('trialing, active') },
    ]);
  });

  test.each([
    ['no product', { plan: undefined }, 'data.subscription.plan'],
    ['two ways to say what was sold', { items: [{ plan: 'a' }] }, 'data.subscription.items'],
    ['an empty list', { plan: undefined, quantity: undefined, items: [] }, 'data.subscription.items'],
    [
      'an item without a product',
      { plan: undefined, quantity: undefined, items: [{ quantity: 1 }] },
      'data.subscription.items.0.plan',
    ],
    ['a negative quantity', { quantity: -1 }, 'data.subscription.quantity'],
    ['a time without a zone', { since: '2026-01-01T00:00:00' }, 'data.subscription.since'],
    ['a date that does not exist', { until: '2026-02-30' }, 'data.subscription.until'],
  ])('refuses %s', (_what, subscription, path) => {
    expect(problemsIn(withData({ subscription })).map((one) => one.path)).toEqual([path]);
  });

  test('a subscription belongs in an event about one, and the other way round', () => {
    expect(problemsIn({ ...event, type: 'customer.changed' })).toMatchObject([{ path: 'data.subscription' }]);
    expect(problemsIn({ ...event, data: { customer: { ref: 'a' } } })).toMatchObject([{ path: 'data.subscription' }]);
  });

  test('a time more than five minutes ahead is refused, a state that begins later is not', () => {
    expect(problemsIn({ ...event, timestamp: '2026-04-01T00:06:00Z' })).toMatchObject([{ path: 'timestamp' }]);
    expect(problemsIn(withData({ subscription: { since: '2027-01-01T00:00:00Z' } }))).toEqual([]);
  });

  test('a date without a time ends with that day where the source is', () => {
    expect(
      readBody('standard-webhooks', withData({ subscription: { since: '2026-03-29', until: '2026-03-29' } })),
    ).toMatchObject([
      { facts: [{ subscription: { since: '2026-03-28T23:00:00.000Z', until: '2026-03-29T21:59:59.999Z' } }] },
    ]);
  });

  test('what has no time counts as of its arrival', () => {
    expect(readBody('standard-webhooks', { ...event, timestamp: undefined })).toMatchObject([
      { facts: [{ at: '2026-04-01T00:00:00.000Z' }] },
    ]);
  });

  test('null means that a field is not given; quantity 0 is a quantity', () => {
    const body = withData({ customer: { name: null }, subscription: { until: null, quantity: 0 } });
    const [fact] = readBody('standard-webhooks', body).flatMap((one) => (one.says === 'facts' ? one.facts : []));
    expect(fact!.customer).not.toHaveProperty('name');
    expect(fact!.subscription).not.toHaveProperty('until');
    expect(fact!.subscription!.items).toEqual([{ plan: 'backup-ws', quantity: 0 }]);
  });

  test('other types say nothing; CloudEvents may put anything before the type', () => {
    expect(readBody('standard-webhooks', { ...event, type: 'invoice.paid' })).toMatchObject([{ says: 'nothing' }]);
    expect(readBody('standard-webhooks', { ...event, type: 'unsubscription.changed' })).toMatchObject([
      { says: 'nothing' },
    ]);
    expect(read('cloudevents/structured.active.json')).toMatchObject([{ says: 'facts' }]);
  });
});
