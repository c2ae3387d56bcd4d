import { expect, test } from '@jest/globals';
import { prefersCsv } from '../../../gateway/api/accept.js';
import { Sightings } from '../../../gateway/sightings.js';
import type { Outcome } from '../../../gateway/answers.js';

const SINCE = new Date('2026-12-01T00:00:00Z');
const at = (minutes: number) => new Date(SINCE.getTime() + minutes * 60_000);

function seen(...outcomes: Outcome[]) {
  const sightings = new Sightings(SINCE);
  for (const [nth, outcome] of outcomes.entries()) sightings.note('shop', { outcome, event: `e${nth}` }, at(nth));
  return sightings.of('shop');
}

test('a gateway that has seen nothing says since when', () => {
  expect(seen()).toEqual({ since: SINCE.toISOString(), good: 0, bad: 0, times: [] });
});

test.each<[Outcome]>([['delivered'], ['ignored'], ['otherMode'], ['incomplete'], ['temporalAway']])(
  'a delivery that ends as %s had a good signature',
  (outcome) => {
    expect(seen('wrong', outcome)).toMatchObject({ good: 1, lastGood: { at: at(1).toISOString(), event: 'e1' } });
  },
);

test.each<[Outcome, RegExp]>([
  ['missing', /no signature/],
  ['wrong', /wrong/],
  ['tooOld', /minutes ago/],
  ['tooNew', /ahead/],
])('a delivery that ends as %s had a bad one, which is no sign of life', (outcome, reason) => {
  expect(seen('delivered', outcome)).toMatchObject({
    good: 1,
    bad: 1,
    times: [at(0).toISOString()],
    lastGood: { at: at(0).toISOString() },
    lastBad: { at: at(1).toISOString(), reason: expect.stringMatching(reason) as unknown },
  });
});

test.each<[Outcome]>([
  ['busy'],
  ['stopping'],
  ['tooLarge'],
  ['notJson'],
  ['unreadable'],
  ['keyUnavailable'],
  ['failed'],
])('a delivery that ends as %s says nothing about its signature', (outcome) => {
  expect(seen(outcome)).toMatchObject({ good: 0, bad: 0 });
});

test('each source has its own sightings, and only the newest times are kept', () => {
  const sightings = new Sightings(SINCE);
  for (let nth = 0; nth < 500; nth += 1) sightings.note('shop', { outcome: 'delivered' }, at(nth));

  expect(sightings.of('shop').times).toHaveLength(200);
  expect(sightings.of('shop').times.at(-1)).toBe(at(499).toISOString());
  expect(sightings.of('panel').good).toBe(0);
});

test.each([
  [undefined, false],
  ['*/*', false],
  ['text/csv', true],
  ['TEXT/CSV; header=present', true],
  ['application/json, text/csv', false],
  ['application/json;q=0.5, text/csv', true],
  ['text/csv;q=0.2, */*', false],
  ['text/csv;q=nonsense', false],
])('a client that accepts %j gets CSV: %j', (accept, expected) => {
  expect(prefersCsv(accept)).toBe(expected);
});
