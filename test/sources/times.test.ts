import { expect, test } from '@jest/globals';
import type { SourceKindName } from '../../sources/index.js';
import { UnreadableDelivery } from '../../sources/kind.js';
import { changed, readBody, recorded } from './deliveries.js';

const FAR = Number.MAX_SAFE_INTEGER;
const [deal] = JSON.parse(recorded('hubspot/deal.closedwon.json').toString()) as [object];

test.each<[SourceKindName, unknown]>([
  ['stripe', changed('stripe/customer.updated.json', [], { created: FAR })],
  ['chargebee', changed('chargebee/customer_changed.json', [], { occurred_at: FAR })],
])('%s: a time beyond every calendar is no event', (kind, body) => {
  expect(() => readBody(kind, body)).toThrow(UnreadableDelivery);
});

test('hubspot: a time beyond every calendar makes one event incomplete, and no other', () => {
  const readings = readBody('hubspot', [{ ...deal, occurredAt: FAR }, deal]);
  expect(readings.map(({ says }) => says)).toEqual(['incomplete', 'changed']);
});

test.each<[SourceKindName, unknown, string]>([
  [
    'stripe',
    changed('stripe/customer.subscription.created.json', ['data', 'object'], { cancel_at: FAR }),
    'data.object.cancel_at',
  ],
  [
    'chargebee',
    changed('chargebee/subscription_created.json', ['content', 'subscription'], { start_date: FAR }),
    'content.subscription.start_date',
  ],
])('%s: a date beyond every calendar is a problem of its field', (kind, body, path) => {
  expect(readBody(kind, body)).toEqual([
    expect.objectContaining({ says: 'incomplete', problems: [expect.objectContaining({ path })] }),
  ]);
});
