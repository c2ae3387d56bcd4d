import { describe, expect, test } from '@jest/globals';
import { changed, part, read, readBody } from './deliveries.js';

describe('Stripe', () => {
  const updated = 'stripe/customer.subscription.updated.quantity.json';
  const withObject = (fields: object) => changed(updated, ['data', 'object'], { ...fields });
  const items = () => part(updated, ['data', 'object', 'items']) as { data: Record<string, unknown>[] };

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
    expect(readBody('stripe', withObject({ items: { ...items(), has_more: true } }))).toMatchObject([
      { says: 'changed' },
    ]);
  });

  test('an item by usage has no quantity', () => {
    const [item] = items().data;
    const [reading] = readBody('stripe', withObject({ items: { data: [{ ...item, quantity: undefined }] } }));
    expect(reading).toMatchObject({ facts: [{ subscription: { items: [{ product: 'price_ttWorkstation01' }] } }] });
    expect(JSON.stringify(reading)).not.toContain('quantity"');
  });

  test('a cancellation at the end of a period ends with the last item, in old and new versions', () => {
    const [item] = items().data;
    const ending = { cancel_at: null, cancel_at_period_end: true };
    const ends = [1772323200, 1774915200].map((current_period_end) => ({ ...item, current_period_end }));
    const until = { facts: [{ subscription: { until: '2026-03-31T00:00:00.000Z' } }] };
    expect(readBody('stripe', withObject({ ...ending, items: { data: ends } }))).toMatchObject([until]);
    const old = { ...item, current_period_end: undefined };
    expect(
      readBody('stripe', withObject({ ...ending, items: { data: [old] }, current_period_end: 1774915200 })),
    ).toMatchObject([until]);
  });

  test('a dispute is a notice', () => {
    const dispute = changed(updated, [], { type: 'charge.dispute.created', data: { object: { id: 'dp_1' } } });
    expect(readBody('stripe', dispute)).toMatchObject([{ says: 'notice', text: expect.stringContaining('dp_1') }]);
  });

  test('an event of the test mode says so', () => {
    expect(read(updated)).toMatchObject([{ live: false }]);
    expect(readBody('stripe', changed(updated, [], { livemode: true }))).toMatchObject([{ live: true }]);
  });
});
