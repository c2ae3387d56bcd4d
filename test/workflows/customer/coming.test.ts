import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { MappedFact } from '../../../contract/customers.js';
import { comingOf } from '../../../workflows/customer/coming.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, DAY, day, fact, item, START } from './facts.js';

const mergeAll = (facts: MappedFact[]) => facts.reduce(merge, emptyLedger());
const coming = (days: number, facts: MappedFact[]) =>
  comingOf(mergeAll(facts), START + days * DAY).map(({ what, at }) => [what, at]);

describe('what time alone brings', () => {
  test('nothing that is wanted changes between now and the first of it', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 24, max: 90 }), (facts, days) => {
        const ledger = mergeAll(facts);
        const now = START + days * DAY;
        const [first] = comingOf(ledger, now);
        const until = first === undefined ? now + 1000 * DAY : Date.parse(first.at);
        // which items count as new is no wish
        const wantedAt = (at: number) => ({ ...wantedOf(ledger, at), endedItems: [] });
        expect(wantedAt(until - 1)).toEqual(wantedAt(now));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['the reminders of a payment that is due', [fact(1, { state: 'past_due' })], [['ask', day(15)]]],
    ['a suspension by the ladder', [fact(1, { state: 'past_due', sold: [item('strict', 1)] })], [['suspend', day(6)]]],
    [
      'of two subscriptions, when the last one is past its ladder',
      [
        fact(1, { state: 'past_due', sold: [item('strict', 1)] }),
        fact(3, { ref: 's2', state: 'past_due', sold: [item('strict', 1)] }),
      ],
      [['suspend', day(8)]],
    ],
    [
      'no suspension while another is active',
      [fact(1, { state: 'past_due', sold: [item('strict', 1)] }), fact(2, { ref: 's2' })],
      [],
    ],
    ['the end of what was cancelled for later', [fact(1, { until: day(30) })], [['end', day(30)]]],
    ['the beginning of what begins later', [fact(1, { since: day(30) })], [['begin', day(30)]]],
    ['the end of a trial', [fact(1, { state: 'trialing', trialEnd: day(14) })], [['trialEnd', day(14)]]],
    ['the suspension after an end', [fact(1, { state: 'ended', sold: [item('desktop')] })], [['suspend', day(8)]]],
    [
      'the suspension of a late one, while one that ended never suspends',
      [
        fact(1, { state: 'past_due', sold: [item('strict', 1)] }),
        fact(1, { ref: 's2', state: 'ended', sold: [item('lasting', 1)] }),
      ],
      [['suspend', day(6)]],
    ],
    ['nothing', [fact(1)], []],
  ])('%s', (_, facts, expected) => {
    expect(coming(4, facts)).toEqual(expected);
  });
});
