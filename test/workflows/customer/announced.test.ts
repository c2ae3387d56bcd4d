import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { MappedFact } from '../../../contract/customers.js';
import { subscriptionStates } from '../../../contract/facts.js';
import { comingOf } from '../../../workflows/customer/coming.js';
import { emptyLedger, merge, type Ledger } from '../../../workflows/customer/ledger.js';
import { standingOf } from '../../../workflows/customer/standing.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, DAY, day, fact, item, START } from './facts.js';

const mergeAll = (facts: MappedFact[]) => facts.reduce(merge, emptyLedger());
const tenant = (days: number, facts: MappedFact[]) => wantedOf(mergeAll(facts), START + days * DAY).tenant;
const recordOf = ({ subscriptions }: Ledger, source: string, ref: string) =>
  subscriptions[JSON.stringify([source, ref])];

const SECOND = 1 / (24 * 60 * 60);
/** All facts before are older. */
const NOW = 24;
/** The owner of a field is a setting of today: the last word on it is that of the last arrival. */
const olderFacts = anyFacts.map((facts) => facts.map((one) => ({ ...one, owns: [] })));
const withoutEnd = ({ subscription, ...one }: MappedFact): MappedFact => {
  if (subscription === undefined) return one;
  const { until: _until, ...lasting } = subscription;
  return { ...one, subscription: lasting };
};
const anyState = fc.constantFrom(...subscriptionStates);

const hasEnded = (facts: MappedFact[], [source, ref]: readonly [string, string]) => {
  const record = recordOf(mergeAll(facts), source, ref);
  return record !== undefined && standingOf(record, START + NOW * DAY).state === 'ended';
};

/** A fact about a subscription that repeats all that is known of it, apart from the state. */
function repeated({ at, since, state, of: [source, ref], before }: Announced): MappedFact {
  const { items = [], until, trialEnd } = recordOf(mergeAll(before), source, ref) ?? {};
  return fact(at, {
    source,
    ref,
    state,
    customer: { ref: 'C-1' },
    sold: items.map(({ plan }) => item(plan!)),
    ...(since !== undefined && { since: day(since) }),
    ...(until !== undefined && { until }),
    ...(trialEnd !== undefined && { trialEnd }),
  });
}

interface Announced {
  at: number;
  since?: number;
  state: (typeof subscriptionStates)[number];
  of: readonly [string, string];
  before: MappedFact[];
}

const anySubscription = fc.constantFrom(['shop', 's1'] as const, ['panel', 's2'] as const, ['shop', 'new'] as const);
const anyAnnouncement = fc.record({
  before: olderFacts,
  at: fc.constantFrom(NOW, NOW + 40 * SECOND),
  since: fc.integer({ min: NOW + 1, max: NOW + 40 }),
  state: anyState,
  of: anySubscription,
});

describe('a state that is announced', () => {
  test('changes nothing before its time, whatever it is', () => {
    fc.assert(
      fc.property(anyAnnouncement, (given) => {
        const { before, of } = given;
        // of a new subscription of which only the end is known, something is sold until then
        fc.pre(given.state !== 'ended' || recordOf(mergeAll(before), of[0], of[1]) !== undefined);
        expect(tenant(NOW, [...before, repeated(given)])).toEqual(tenant(NOW, before));
      }),
      { numRuns: 500 },
    );
  });

  test('counts when its time has come, whatever was before, and wakes the customer then', () => {
    fc.assert(
      fc.property(anyAnnouncement, (given) => {
        const before = given.before.map(withoutEnd);
        // what has ended does not end again
        fc.pre(given.state !== 'ended' || !hasEnded(before, given.of));
        const ledger = mergeAll([...before, repeated({ ...given, before })]);
        const record = recordOf(ledger, given.of[0], given.of[1])!;
        const moment = START + given.since * DAY;
        expect(comingOf(ledger, START + NOW * DAY).map(({ at }) => at)).toContain(day(given.since));
        expect(standingOf(record, moment)).toMatchObject({
          state: given.state,
          isSold: given.state !== 'ended',
        });
      }),
      { numRuns: 500 },
    );
  });

  test('means the same in whatever order the facts arrive', () => {
    fc.assert(
      fc.property(
        anyAnnouncement.chain((given) => {
          const facts = [...given.before, repeated(given)];
          return fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length }), fc.nat(80));
        }),
        ([sent, arrived, days]) => {
          expect(tenant(days, arrived)).toEqual(tenant(days, sent));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is taken back by a newer word without it', () => {
    const paused = fact(2, { state: 'paused', since: day(10) });
    expect(tenant(11, [fact(1), paused]).enabled).toBe(false);
    expect(tenant(11, [fact(1), paused, fact(3)]).enabled).toBe(true);
  });

  test('and called off before its time was never sold', () => {
    const calledOff = [fact(2, { ref: 's2', since: day(10) }), fact(3, { ref: 's2', state: 'ended' })];
    expect(tenant(4, calledOff)).toMatchObject({ exists: false, enabled: false });
    expect(tenant(4, [fact(1, { state: 'paused' }), ...calledOff]).enabled).toBe(false);
  });

  test('of an end changes nothing for what has ended', () => {
    const ended = [fact(1), fact(2, { state: 'ended' })];
    for (const days of [3, 8, 12])
      expect(wantedOf(mergeAll([...ended, fact(3, { state: 'ended', since: day(7) })]), START + days * DAY)).toEqual(
        wantedOf(mergeAll(ended), START + days * DAY),
      );
  });

  test('leaves a customer enabled that has just ended for as long as its rules say', () => {
    const again = [fact(1), fact(2, { state: 'ended' }), fact(3, { since: day(30) })];
    expect(tenant(4, again)).toMatchObject({ exists: false, enabled: true });
    expect(tenant(10, again)).toMatchObject({ exists: false, enabled: false });
    expect(tenant(30, again)).toMatchObject({ exists: true, enabled: true });
  });

  test.each([
    ['the next term of a contract', { state: 'active' }, 'begin', 's1 is active from'],
    ['a pause', { state: 'paused' }, 'begin', 's1 is paused from'],
    ['an end', { state: 'ended' }, 'end', 's1 ends on'],
  ])('%s comes at its time', (_, given, what, why) => {
    const coming = comingOf(mergeAll([fact(1), fact(2, { ...given, since: day(10) })]), START + 3 * DAY);
    expect(coming[0]).toEqual({ what, at: day(10), why: `${why} ${day(10)}` });
  });
});

describe('a sender whose clock is ahead of ours', () => {
  const ahead = NOW + 40 * SECOND;

  test('never takes anything away before its time', () => {
    fc.assert(
      fc.property(olderFacts, anyState, anySubscription, fc.boolean(), (before, state, of, saysSince) => {
        const sent = repeated({ at: ahead, ...(saysSince && { since: ahead }), state, of, before });
        const [was, is] = [tenant(NOW, before), tenant(NOW, [...before, sent])];
        expect(is.exists).toBe(was.exists || is.exists);
        expect(is.enabled).toBe(was.enabled || is.enabled);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['enables a customer at once that pays again', [fact(1), fact(2, { state: 'paused' }), fact(ahead)]],
    ['makes a new customer at once', [fact(ahead)]],
    ['ends nothing before its time', [fact(1), fact(ahead, { state: 'ended' })]],
    ['pauses nothing before its time', [fact(1), fact(ahead, { state: 'paused' })]],
    ['leaves a late payer its days', [fact(1), fact(ahead, { state: 'past_due', sold: [item('strict')] })]],
  ])('%s', (_, facts) => {
    expect(tenant(NOW, facts)).toMatchObject({ exists: true, enabled: true });
  });

  test('that is repeated every day is still announced', () => {
    const daily = Array.from({ length: 300 }, (_, at) => fact(at + 1, { since: day(400) }));
    expect(tenant(301, [fact(0), ...daily])).toMatchObject({ exists: true, enabled: true });
    expect(tenant(301, daily).exists).toBe(false);
  });
});
