import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { MappedFact } from '../../../contract/customers.js';
import {
  claimed,
  given,
  type Hearer,
  type OwnerMessage,
  type SubscriptionOwnership,
  type OwnershipNews,
} from '../../../contract/subscription-owners.js';
import {
  countedLedger,
  openHoldings,
  recordsOfOthers,
  unclaimed,
  withClaim,
  withOwnership,
} from '../../../workflows/customer/holdings.js';
import { emptyLedger, keyOf, merge } from '../../../workflows/customer/ledger.js';
import { emptyMemory, learnAll, type CustomerMemory } from '../../../workflows/customer/memory.js';
import { readRecord } from '../../../workflows/customer/merge-records.js';
import { comingOf } from '../../../workflows/customer/coming.js';
import { mayBeginAt, noProgress } from '../../../workflows/customer/progress.js';
import { wantedBy } from '../../../workflows/customer/untaken.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, day, DAY, fact, item, START } from './facts.js';

const refs = ['C-1', 'C-2', 'C-3'];
const subscription = { source: 'shop', ref: 's1' };
const key = keyOf('shop', 's1');
const hearer = (ref: string): Hearer => ({ ref, id: `customer:${ref}` });
const NOW = START + 90 * DAY;

/** One subscription, the customers that hear of it, and the signals under way between them and its owner. */
class World {
  readonly memories = new Map<string, CustomerMemory>();
  private ownership: SubscriptionOwnership | undefined;
  private readonly toOwner: OwnerMessage[] = [];
  private readonly toCustomers: [string, OwnershipNews][] = [];

  constructor(private readonly next: () => number) {}

  /** A fact arrives, and perhaps some of what is under way. */
  hear(one: MappedFact): void {
    const { ref } = one.customer;
    const reading = { mapped: one };
    for (const name of unclaimed(this.memory(ref), [reading], ref)) {
      const ownership = (this.ownership ??= { owner: hearer(ref), others: [], turn: 0 });
      if (ownership.owner.ref !== ref) this.toOwner.push({ claim: hearer(ref) });
      this.memories.set(ref, withClaim(this.memory(ref), { subscription: name, ownership }, hearer(ref), NOW));
    }
    this.memories.set(ref, learnAll(this.memory(ref), [reading], { ref, now: NOW }));
    for (const [, known] of recordsOfOthers(this.memory(ref)))
      this.toOwner.push({ heard: { from: hearer(ref), known } });
    for (let steps = this.next() % 5; steps > 0; steps -= 1) this.step();
  }

  /** Everything that is under way arrives. */
  drain(): void {
    while (this.toOwner.length + this.toCustomers.length > 0) this.step();
  }

  /** A person asks the customer that has the subscription. */
  decide(to: string): void {
    const from = refs.find((ref) => this.memory(ref).holdings?.[key]?.isOwn)!;
    const by = { actor: 'ann', reason: 'because', at: day(60) };
    const give = { from: hearer(from), to: hearer(to), by };
    const known = this.memory(from).ledger.subscriptions[key]!;
    this.toOwner.push({ give: { ...give, ...(to !== from && { known }) } });
    const ownership = given(this.memory(from).holdings![key]!, give);
    this.memories.set(from, withOwnership(this.memory(from), { subscription, ownership }, hearer(from), NOW));
  }

  memory(ref: string): CustomerMemory {
    return this.memories.get(ref) ?? emptyMemory();
  }

  private step(): void {
    const isOwners = this.toCustomers.length === 0 || (this.toOwner.length > 0 && this.next() % 2 === 0);
    if (isOwners) this.stepOfOwner();
    else {
      const [ref, news] = this.toCustomers.shift()!;
      this.memories.set(ref, withOwnership(this.memory(ref), news, hearer(ref), NOW));
    }
  }

  private stepOfOwner(): void {
    const message = this.toOwner.shift();
    if (message === undefined) return;
    const before = this.ownership!;
    if ('heard' in message) return this.inform(before.owner, message.heard.known);
    const after = 'claim' in message ? claimed(before, message.claim, day(50)) : given(before, message.give);
    if (after === before) return;
    this.ownership = after;
    this.inform(after.owner, 'give' in message ? message.give.known : undefined);
    for (const other of after.others) this.inform(other);
  }

  private inform({ ref }: Hearer, known?: object): void {
    this.toCustomers.push([ref, { subscription, ownership: this.ownership!, ...(known && { known }) }]);
  }
}

const factsOfOne = anyFacts.map((all: MappedFact[]) =>
  all.flatMap(({ version: _version, ...one }): MappedFact[] =>
    one.subscription === undefined
      ? []
      : [{ ...one, source: 'shop', owns: [], subscription: { ...one.subscription, ref: 's1' } }],
  ),
);
const deliveries = factsOfOne.chain((facts) =>
  fc.record({
    facts: fc.constant(facts),
    arriving: fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length }),
    under: fc.array(fc.constantFrom(...refs), { minLength: 24, maxLength: 24 }),
    to: fc.constantFrom(...refs),
    choices: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 20 }),
  }),
);
const underOf = (one: MappedFact, ref: string): MappedFact => ({ ...one, customer: { ...one.customer, ref } });

function soldTo(memory: CustomerMemory) {
  const { exists, enabled, offeringItems, quotas, billingMode } = wantedBy(memory, NOW).tenant;
  return { exists, enabled, offeringItems, quotas, billingMode };
}

describe('a subscription that several customers hear of', () => {
  test('is of one that a person names, who knows all of it, whatever the order, repetition and splitting', () => {
    fc.assert(
      fc.property(deliveries, ({ facts, arriving, under, to, choices }) => {
        let at = 0;
        const world = new World(() => choices[at++ % choices.length]!);
        // the same fact comes again under the same reference
        const sent = arriving.map((one) => underOf(one, under[facts.indexOf(one)]!));
        const [early, late] = [sent.slice(0, sent.length / 2), sent.slice(sent.length / 2)];
        // all three have heard of it before a person decides
        for (const [index, ref] of refs.entries()) world.hear(underOf(fact(index / 9), ref));
        early.forEach((one) => world.hear(one));
        world.drain();
        const asking = refs.filter((ref) => openHoldings(world.memory(ref)).length > 0);
        world.decide(to);
        late.forEach((one) => world.hear(one));
        world.drain();

        const all = [...refs.map((_, index) => fact(index / 9)), ...sent].reduce(merge, emptyLedger());
        expect(asking).toEqual(refs);
        expect(refs.filter((ref) => world.memory(ref).holdings![key]!.isOwn)).toEqual([to]);
        expect(soldTo(world.memory(to))).toEqual(soldTo({ ...emptyMemory(), ledger: all }));
        for (const ref of refs) if (ref !== to) expect(wantedBy(world.memory(ref), NOW).tenant.exists).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('counts for one customer only, also while nothing has been decided and signals are under way', () => {
    fc.assert(
      fc.property(deliveries, ({ arriving, under, choices }) => {
        let at = 0;
        const world = new World(() => choices[at++ % choices.length]!);
        for (const [index, one] of arriving.entries()) {
          world.hear(underOf(one, under[index]!));
          const counting = refs.filter((ref) => Object.keys(countedLedger(world.memory(ref)).subscriptions).length > 0);
          expect(counting.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** A customer that has this subscription, and another one that hears of it on day 10. */
function contested(...facts: MappedFact[]): CustomerMemory {
  const own: SubscriptionOwnership = { owner: hearer('C-1'), others: [], turn: 0 };
  const before = learnAll(emptyMemory(), [{ mapped: facts[0]! }], { ref: 'C-1', now: NOW });
  const mine = withClaim(before, { subscription, ownership: own }, hearer('C-1'), NOW);
  const ownership = claimed(own, hearer('C-2'), day(10));
  const open = withOwnership(mine, { subscription, ownership }, hearer('C-1'), NOW);
  const later = facts.slice(1).map((mapped) => ({ mapped }));
  return learnAll(open, later, { ref: 'C-1', now: NOW });
}

describe('while a person must say whose it is', () => {
  test.each([
    ['its source says that it has ended', [fact(1, { sold: [item('desktop', 5)] }), fact(12, { state: 'ended' })]],
    ['its source says that less is sold', [fact(1, { sold: [item('desktop', 5)] }), fact(12)]],
    ['its own end has come', [fact(1, { sold: [item('desktop', 5)], until: day(20) })]],
    ['it is past due for long', [fact(8, { sold: [item('strict', 5)], state: 'past_due' })]],
    ['its trial has ended', [fact(1, { sold: [item('desktop', 5)], state: 'trialing', trialEnd: day(20) })]],
  ])('it counts as before although %s', (_why, facts) => {
    const memory = contested(...facts);
    const then = wantedOf(merge(emptyLedger(), facts[0]!), START + 9 * DAY).tenant;

    const wanted = wantedBy(memory, NOW);
    expect(wanted).toMatchObject({ tenant: then, isOwnerOpen: true });
    expect(wanted.asksToSuspend).toBeUndefined();
    expect(mayBeginAt(noProgress(), { operation: 'disableTenant', wanted, now: NOW })).toBe(Infinity);
    expect(mayBeginAt(noProgress(), { operation: 'changeEntitlement', wanted, now: NOW })).toBe(NOW);
    expect(comingOf(countedLedger(memory), NOW)).toEqual([]);
  });

  test('what was said meanwhile counts once it stays, and it has ended for the customer that gives it away', () => {
    const memory = contested(fact(1, { sold: [item('desktop', 5)] }), fact(12, { sold: [item('desktop', 9)] }));
    const { isOwn: _isOwn, kept: _kept, ...ownership } = memory.holdings![key]!;
    const by = { actor: 'ann', reason: 'because', at: day(30) };
    const decided = (to: string) =>
      withOwnership(
        memory,
        { subscription, ownership: given(ownership, { from: hearer('C-1'), to: hearer(to), by }) },
        hearer('C-1'),
        NOW,
      );

    expect(wantedBy(decided('C-1'), NOW).tenant.quotas).toMatchObject({ workstations: { limit: 9 } });
    const lost = decided('C-2');
    expect(wantedBy(lost, START + 31 * DAY)).toMatchObject({
      tenant: { exists: false, enabled: true },
      ending: { at: day(30) },
    });
    expect(comingOf(countedLedger(lost), START + 31 * DAY)).toMatchObject([{ what: 'suspend', at: day(37) }]);
    expect(given(ownership, { from: hearer('C-2'), to: hearer('C-2'), by })).toBe(ownership);
    expect(given(ownership, { from: hearer('C-1'), to: hearer('C-9'), by })).toBe(ownership);
  });
});

test.each([
  {},
  { source: 'shop', ref: 's2' },
  { source: 'shop', ref: 's1', newest: { at: day(1) }, items: [], states: [], quantities: {}, terms: {} },
])('what is no knowledge of the subscription is not believed: %j', (content) => {
  expect(readRecord(content, subscription)).toBeUndefined();
});
