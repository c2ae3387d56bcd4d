import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { MappedFact } from '../../../contract/customers.js';
import { emptyLedger, merge, unmappedFacts } from '../../../workflows/customer/ledger.js';
import { quantityOf, wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, day, fact, item, START, DAY } from './facts.js';

const mergeAll = (facts: MappedFact[]) => facts.reduce(merge, emptyLedger());
/** The owner of a field is a setting of today: the last word on it is that of the last arrival. */
const withOneOwner = (facts: MappedFact[]) => facts.map((one) => ({ ...one, owns: [] }));
const items = (facts: MappedFact[]) => {
  const [record] = Object.values(mergeAll(facts).subscriptions);
  return record!.items.map((unit) => [unit.plan, quantityOf(record!, unit)]);
};

describe('facts about one customer', () => {
  test('mean the same in whatever order they arrive', () => {
    fc.assert(
      fc.property(
        anyFacts.chain((facts) => {
          const one = withOneOwner(facts);
          return fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length }), fc.nat({ max: 80 }));
        }),
        ([sent, arrived, days]) => {
          const now = START + days * DAY;
          expect(wantedOf(mergeAll(arrived), now)).toEqual(wantedOf(mergeAll(sent), now));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('mean the same however often each arrives', () => {
    fc.assert(
      fc.property(
        anyFacts.chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts]))),
        ([facts, again]) => {
          const once = mergeAll(facts);
          expect(mergeAll([...facts, ...again, ...facts]).subscriptions).toEqual(once.subscriptions);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that say nothing new leave the ledger as it is', () => {
    const ledger = mergeAll([fact(1), fact(5)]);
    expect(merge(ledger, fact(5))).toBe(ledger);
    expect(merge(ledger, fact(1))).toBe(ledger);
  });

  test.each([
    [
      'the newest list of items counts',
      [fact(1, { sold: [item('desktop', 1)] }), fact(2, { sold: [item('server', 2)] })],
      [['server', 2]],
    ],
    ['an older list that arrives late does not', [fact(2, { sold: [item('server', 2)] }), fact(1)], [['server', 2]]],
    [
      'an absent quantity is the last known one',
      [fact(1, { sold: [item('desktop', 25)] }), fact(2, { sold: [item('desktop')] })],
      [['desktop', 25]],
    ],
    [
      'also when the known one arrives later',
      [fact(2, { sold: [item('desktop')] }), fact(1, { sold: [item('desktop', 25)] })],
      [['desktop', 25]],
    ],
    ['a quantity that was never given is 1', [fact(1, { sold: [item('desktop')] })], [['desktop', 1]]],
    ['a quantity of 0 is 0', [fact(1, { sold: [item('desktop', 0)] })], [['desktop', 0]]],
    [
      'items 1, then 2, then 1 end as 1, with the quantity that was known',
      [
        fact(1, { sold: [item('desktop', 3)] }),
        fact(2, { sold: [item('desktop'), item('server', 9)] }),
        fact(3, { sold: [item('desktop')] }),
      ],
      [['desktop', 3]],
    ],
    [
      'of two at one time the later arrival counts',
      [fact(1), fact(1, { sold: [item('desktop', 7)] })],
      [['desktop', 7]],
    ],
    [
      "the sender's version decides, not the time",
      [fact(9, { version: 1, sold: [item('desktop', 1)] }), fact(1, { version: 2, sold: [item('desktop', 2)] })],
      [['desktop', 2]],
    ],
    [
      'of two with one version the later one counts',
      [fact(1, { version: 4, sold: [item('desktop', 1)] }), fact(2, { version: 4, sold: [item('server', 2)] })],
      [['server', 2]],
    ],
    [
      'also when the later one arrives first',
      [fact(2, { version: 4, sold: [item('server', 2)] }), fact(1, { version: 4, sold: [item('desktop', 1)] })],
      [['server', 2]],
    ],
  ])('%s', (_, facts, expected) => {
    expect(items(facts)).toEqual(expected);
  });

  test('the same fact counts again when more of its items have a plan', () => {
    const sent = fact(1, { version: 4, sold: [{ product: 'p-server', quantity: 2 }] });
    const ledger = merge(mergeAll([sent]), { ...sent, sold: [item('server', 2)] });
    expect(unmappedFacts(ledger)).toEqual([]);
    expect(wantedOf(ledger, START + 2 * DAY)).toMatchObject({
      tenant: { quotas: { servers: { limit: 5 } } },
      open: [],
    });
  });

  test('a newer fact without an end or a trial removes them', () => {
    const ledger = mergeAll([fact(1, { until: day(30), trialEnd: day(20) }), fact(2)]);
    expect(Object.values(ledger.subscriptions)[0]).not.toHaveProperty('until');
    expect(Object.values(ledger.subscriptions)[0]).not.toHaveProperty('trialEnd');
  });

  test('a plan keeps its terms for a subscription that has it, also when it is retired; for new ones it is unknown then', () => {
    const changed = {
      ...item('desktop', 1),
      plan: { ...item('desktop').plan!, digest: 'other', offeringItems: ['nas'] },
    };
    const had = mergeAll([fact(1), fact(2, { sold: [{ ...changed, retired: true }] })]);
    expect(wantedOf(had, START + 3 * DAY)).toMatchObject({
      tenant: { offeringItems: ['storage', 'workstations'] },
      open: [],
    });
    const fresh = mergeAll([fact(2, { sold: [{ ...changed, retired: true }] })]);
    expect(wantedOf(fresh, START + 3 * DAY)).toMatchObject({
      tenant: { exists: true, offeringItems: [] },
      open: [{ field: 'shop s1' }],
    });
  });

  test.each([
    ['with the same beginning', { since: day(1) }, 2],
    ['without a beginning', {}, 40],
  ])('a hundred listings of a state %s leave a small record', (_, more, most) => {
    const ledger = mergeAll(Array.from({ length: 100 }, (_each, at) => fact(at, more)));
    const [record] = Object.values(ledger.subscriptions);
    expect(record!.states.length).toBeLessThanOrEqual(most);
    expect(record!.states.at(0)).toMatchObject({ at: day(0), state: 'active' });
    expect(record!.states.at(-1)).toMatchObject({ at: day(99), state: 'active' });
  });

  test('a thousand facts leave a small ledger', () => {
    const facts = Array.from({ length: 1000 }, (_, at) => fact(at, { state: at % 3 === 0 ? 'past_due' : 'active' }));
    expect(JSON.stringify(mergeAll(facts)).length).toBeLessThan(20_000);
  });
});
