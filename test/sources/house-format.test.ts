import { describe, expect, test } from '@jest/globals';
import { changed, read, readBody, readText } from './deliveries.js';

describe('our own format', () => {
  const FILE = 'standard-webhooks/subscription.active.json';
  const withSubscription = (fields: object) => changed(FILE, ['data', 'subscription'], { ...fields });
  const withEvent = (fields: object) => changed(FILE, [], { ...fields });
  const problemsIn = (body: unknown) =>
    readBody('standard-webhooks', body).flatMap((one) => (one.says === 'incomplete' ? one.problems : []));

  test('names each field that is missing or wrong, with its path', () => {
    const data = { customer: {}, subscription: { ref: 's', state: 'sleeping', quantity: '25' } };
    expect(problemsIn(withEvent({ timestamp: 'yesterday', data }))).toEqual([
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
    expect(problemsIn(withSubscription(subscription)).map((one) => one.path)).toEqual([path]);
  });

  test('a quantity that is larger than any number is called too large', () => {
    const body = JSON.stringify(withSubscription({ quantity: 77 })).replace('"quantity":77', '"quantity":1e400');

    expect(readText('standard-webhooks', body)).toMatchObject([
      { problems: [{ path: 'data.subscription.quantity', message: 'is too large for a number' }] },
    ]);
  });

  test('a subscription belongs in an event about one, and the other way round', () => {
    expect(problemsIn(withEvent({ type: 'customer.changed' }))).toMatchObject([{ path: 'data.subscription' }]);
    expect(problemsIn(withEvent({ data: { customer: { ref: 'a' } } }))).toMatchObject([{ path: 'data.subscription' }]);
  });

  test('a time more than five minutes ahead is refused, a state that begins later is not', () => {
    expect(problemsIn(withEvent({ timestamp: '2026-04-01T00:06:00Z' }))).toMatchObject([{ path: 'timestamp' }]);
    expect(problemsIn(withSubscription({ since: '2027-01-01T00:00:00Z' }))).toEqual([]);
  });

  test('a date without a time ends with that day where the source is', () => {
    expect(readBody('standard-webhooks', withSubscription({ since: '2026-03-29', until: '2026-03-29' }))).toMatchObject(
      [{ facts: [{ subscription: { since: '2026-03-28T23:00:00.000Z', until: '2026-03-29T21:59:59.999Z' } }] }],
    );
  });

  test('what has no time counts as of its arrival', () => {
    expect(readBody('standard-webhooks', withEvent({ timestamp: undefined }))).toMatchObject([
      { facts: [{ at: '2026-04-01T00:00:00.000Z' }] },
    ]);
  });

  test('null means that a field is not given; quantity 0 is a quantity', () => {
    const body = withSubscription({ until: null, quantity: 0 });
    Object.assign(body.data as object, { customer: { ref: 'a', name: null } });
    const [fact] = readBody('standard-webhooks', body).flatMap((one) => (one.says === 'facts' ? one.facts : []));
    expect(fact!.customer).not.toHaveProperty('name');
    expect(fact!.subscription).not.toHaveProperty('until');
    expect(fact!.subscription!.items).toEqual([{ plan: 'backup-ws', quantity: 0 }]);
  });

  test('other types say nothing; CloudEvents may put anything before the type', () => {
    expect(readBody('standard-webhooks', withEvent({ type: 'invoice.paid' }))).toMatchObject([{ says: 'nothing' }]);
    expect(readBody('standard-webhooks', withEvent({ type: 'unsubscription.changed' }))).toMatchObject([
      { says: 'nothing' },
    ]);
    expect(read('cloudevents/structured.active.json')).toMatchObject([{ says: 'facts' }]);
  });
});
