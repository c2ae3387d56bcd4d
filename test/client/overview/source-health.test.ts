import { describe, expect, test } from '@jest/globals';
import type { CustomerEvent } from '../../../contract/customers.js';
import { healthOf, silenceSince, type SourceFacts } from '../../../client/overview/source-health.js';
import { day, known, NOW } from './known.js';

const source = { name: 'shop', kind: 'stripe', act: 'apply', mode: 'live', isListed: true };
const event = (at: string, more: Partial<CustomerEvent> = {}): CustomerEvent => ({
  source: 'shop',
  id: `evt of ${at}`,
  type: 'subscription.updated',
  at,
  outcome: 'applied',
  ...more,
});
const health = (events: CustomerEvent[], more: Partial<SourceFacts> = {}) =>
  healthOf({ source, customers: [known({ events }).status], isPartial: false, ...more }, NOW);

/** One event a day, for twelve days, until so many days ago. */
const daily = (ago: number) => Array.from({ length: 12 }, (_, nth) => event(day(-ago - nth)));
const fromListing = (at: string, more: Partial<CustomerEvent> = {}) =>
  event(at, { id: 'sync-1', type: 'sync', ...more });

describe('the last event', () => {
  test('is the newest that a customer has heard from the sender itself', () => {
    const events = [
      event(day(-3)),
      event(day(-2), { id: 'newest' }),
      fromListing(day(-1)),
      event(day(-1), { type: 'tenantry.confirm' }),
      event(day(-1), { source: 'panel' }),
    ];

    expect(health(events).lastEvent).toEqual({ at: day(-2), event: 'newest', type: 'subscription.updated' });
  });

  test('is the one that the gateway has seen, if that is newer', () => {
    const sightings = { since: day(-9), good: 1, bad: 0, lastGood: { at: day(-1) }, times: [day(-1)] };

    expect(health([event(day(-2))], { sightings })).toMatchObject({
      lastEvent: { at: day(-1) },
      signatures: { since: day(-9), good: 1, bad: 0 },
    });
  });

  test('is absent, and so is the silence, where nobody has heard of the source', () => {
    const { lastEvent, silence, signatures, sync } = health([]);

    expect([lastEvent, silence, signatures, sync]).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('a silence', () => {
  const times = (count: number, apart: number) => Array.from({ length: count }, (_, nth) => day(-10 - nth * apart));

  test.each([
    ['is unusual when it is much longer than the longest one', times(12, 1), true],
    ['is usual when the source was silent as long before', [...times(12, 1), day(-30)], false],
    ['of a source with few events says nothing', times(9, 1), false],
    ['of a source that is new says nothing', times(50, 0.1), false],
  ])('%s', (_, all, isUnusual) => {
    expect(silenceSince(day(-10), all, NOW)).toMatchObject({ since: day(-10), seconds: 10 * 86_400, isUnusual });
  });

  test('that nobody can call usual has no usual length', () => {
    expect(silenceSince(day(-1), times(3, 1), NOW)).not.toHaveProperty('usualSeconds');
  });
});

describe('whether the sender still sends', () => {
  test.each<[string, CustomerEvent[], Partial<SourceFacts>, string]>([
    ['yes, while it is not silent for longer than usual', daily(1), {}, 'yes'],
    ['yes, when it has sent within a day, however little is known', [event(day(-0.5))], {}, 'yes'],
    ['no, when its listing brings what no event had said', [...daily(9), fromListing(day(-1))], {}, 'no'],
    ['no, when it has never sent and its listing brings something', [fromListing(day(-1))], {}, 'no'],
    [
      'unknown, when its listing brings nothing new',
      [...daily(9), fromListing(day(-1), { outcome: 'older' })],
      {},
      'unknown',
    ],
    ['unknown, when the listing was before its last event', [...daily(9), fromListing(day(-10))], {}, 'unknown'],
    ['unknown, when not every customer could be asked', [fromListing(day(-1))], { isPartial: true }, 'unknown'],
    ['unknown, when too little is known to say what is usual', [event(day(-3))], {}, 'unknown'],
  ])('%s', (_, events, more, sends) => {
    expect(health(events, more)).toMatchObject({ sends, sendsWhy: expect.stringMatching(/\w/) as unknown });
  });
});

test('a source that cannot be listed has no listing', () => {
  const syncs = { last: { at: day(-1), listed: 1, delivered: 1, unusable: 0 } };

  expect(health([], { syncs }).sync).toEqual(syncs);
  expect(health([], { syncs, source: { ...source, isListed: false } })).not.toHaveProperty('sync');
});
