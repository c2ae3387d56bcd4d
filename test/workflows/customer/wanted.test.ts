import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readAmount } from '../../../contract/amounts.js';
import type { MappedFact } from '../../../contract/customers.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { standingOf } from '../../../workflows/customer/standing.js';
import { quantityOf, wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, DAY, day, fact, item, START, terms } from './facts.js';

const mergeAll = (facts: MappedFact[]) => facts.reduce(merge, emptyLedger());
const wanted = (days: number, facts: MappedFact[]) => wantedOf(mergeAll(facts), START + days * DAY);
const tenant = (days: number, facts: MappedFact[]) => wanted(days, facts).tenant;

describe('what a customer should be', () => {
  test('never exceeds what is sold', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat({ max: 80 }), (facts, days) => {
        const now = START + days * DAY;
        const ledger = mergeAll(facts);
        const sold = Object.values(ledger.subscriptions).filter((record) => standingOf(record, now).isSold);
        const plans = sold.flatMap((record) =>
          record.items.map((unit) => ({ plan: terms[unit.plan!]!, quantity: quantityOf(record, unit) })),
        );
        const { tenant: now_ } = wantedOf(ledger, now);
        expect(now_.exists).toBe(sold.length > 0);
        for (const name of now_.offeringItems)
          expect(plans.some(({ plan }) => plan.offeringItems.includes(name))).toBe(true);
        for (const [name, { limit }] of Object.entries(now_.quotas)) {
          const most = plans.reduce((sum, { plan, quantity }) => {
            const quota = plan.quotas[name];
            if (quota === undefined) return sum;
            return sum + ('perUnit' in quota ? quota.perUnit.value * quantity : quota.limit.value);
          }, 0);
          expect(readAmount(limit)!.value).toBeLessThanOrEqual(most);
        }
        if (now_.billingMode === 'production')
          expect(plans.some(({ plan }) => plan.billingMode === 'production')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('is enabled while any subscription is active or on trial', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat({ max: 80 }), (facts, days) => {
        const now = START + days * DAY;
        const ledger = mergeAll(facts);
        const standings = Object.values(ledger.subscriptions).map((record) => standingOf(record, now));
        if (standings.some(({ state, isSold }) => isSold && state === 'active'))
          expect(wantedOf(ledger, now).tenant.enabled).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('quotas of all subscriptions are added up by item; a plan without a quota makes it unlimited', () => {
    const two = [fact(1, { sold: [item('desktop', 25)] }), fact(2, { ref: 's2', sold: [item('server', 2)] })];
    expect(tenant(3, two)).toMatchObject({
      offeringItems: ['servers', 'storage', 'workstations'],
      quotas: { servers: { limit: 5 }, workstations: { limit: 25 }, storage: { limit: '2298 GiB', overage: '2 GiB' } },
    });
    const three = [...two, fact(3, { source: 'panel', sold: [item('roomy', 1)] })];
    expect(tenant(4, three).quotas).toEqual({ servers: { limit: 5 }, workstations: { limit: 25 } });
  });

  test('production is asked for by a plan that was active, not on trial', () => {
    expect(tenant(2, [fact(1, { sold: [item('server', 1)], state: 'trialing' })]).billingMode).toBe('trial');
    expect(tenant(2, [fact(1, { sold: [item('server', 1)] })]).billingMode).toBe('production');
    const announced = fact(0, { sold: [item('server', 1)], since: day(25) });
    const overtaken = fact(1, { sold: [item('server', 1)], state: 'trialing' });
    expect(tenant(30, [announced, overtaken]).billingMode).toBe('trial');
    const late = [fact(1, { sold: [item('server', 1)] }), fact(2, { sold: [item('server', 1)], state: 'past_due' })];
    expect(tenant(3, late).billingMode).toBe('production');
    expect(tenant(3, [fact(1, { sold: [item('desktop', 1)] })]).billingMode).toBe('trial');
  });

  test('a subscription of the future does not count yet, and one with an end counts until then', () => {
    const future = [fact(1, { since: day(10) })];
    expect(tenant(2, future)).toMatchObject({ exists: false, enabled: false, offeringItems: [] });
    expect(tenant(11, future)).toMatchObject({ exists: true, enabled: true });
    const ending = [fact(1, { until: day(10) })];
    expect(tenant(9, ending)).toMatchObject({ exists: true, enabled: true });
    expect(tenant(11, ending)).toMatchObject({ exists: false, enabled: true, offeringItems: [] });
    expect(tenant(18, ending)).toMatchObject({ exists: false, enabled: false });
  });

  test('past due: suspended by the ladder of the plan, counted from the first unpaid day, and back by a payment', () => {
    const sold = [item('strict', 1)];
    const late = [fact(0, { sold }), fact(10, { sold, state: 'past_due' }), fact(13, { sold, state: 'past_due' })];
    expect(tenant(14, late)).toMatchObject({ exists: true, enabled: true });
    expect(tenant(15, late)).toMatchObject({ exists: true, enabled: false, quotas: { nas: { limit: 1 } } });
    expect(tenant(16, [...late, fact(15, { sold })]).enabled).toBe(true);
    expect(tenant(400, [fact(0), fact(10, { state: 'past_due' })]).enabled).toBe(true);
  });

  test('a new unbroken run of a state counts from its beginning', () => {
    const sold = [item('strict', 1)];
    const twice = [fact(0, { sold, state: 'past_due' }), fact(4, { sold }), fact(6, { sold, state: 'past_due' })];
    expect(tenant(10, twice).enabled).toBe(true);
    expect(tenant(11, twice).enabled).toBe(false);
  });

  test.each([
    ['paused', 'active', true],
    ['paused', 'paused', false],
    ['paused', 'trialing', true],
    ['paused', 'ended', true],
  ])('one subscription %s and one %s', (first, second, enabled) => {
    expect(tenant(3, [fact(1, { state: first }), fact(2, { ref: 's2', state: second })]).enabled).toBe(enabled);
  });

  test('an ended subscription holds the customer for its days, and one that never suspends only while nothing else is sold', () => {
    const never = {
      ...item('desktop', 1),
      plan: {
        ...terms.desktop!,
        rules: {
          ...terms.desktop!.rules,
          ended: { suspendAfter: 'never', offboard: 'ask' as const, grace: '30 days' },
        },
      },
    };
    expect(tenant(500, [fact(1, { sold: [never], state: 'ended' })])).toMatchObject({ exists: false, enabled: true });
    expect(
      tenant(500, [fact(1, { sold: [never], state: 'ended' }), fact(2, { ref: 's2', state: 'paused' })]).enabled,
    ).toBe(false);
  });

  test('two editions: the higher rank counts, equal ranks need a person', () => {
    const both = [fact(1, { sold: [item('gigabyte', 1), item('workload', 1)] })];
    expect(wanted(2, both)).toMatchObject({ open: [{ field: 'edition' }] });
    expect(wanted(2, both).tenant).not.toHaveProperty('edition');
    const higher = { ...item('workload', 1), plan: { ...terms.workload!, rank: 3 } };
    expect(tenant(2, [fact(1, { sold: [item('gigabyte', 1), higher] })]).edition).toBe('pck_per_workload');
  });

  test('more than maxQuantity and an unknown product need a person, and name plan, product and source', () => {
    const { open } = wanted(2, [
      fact(1, { sold: [item('roomy', 6), { product: 'x-1', quantity: 2 }, { planName: 'none' }] }),
    ]);
    expect(open.map(({ why }) => why)).toEqual([
      'no plan in plans.json names the product x-1 of the source shop',
      'plans.json has no plan none for new subscriptions',
      '6 of the plan roomy are sold, and its maxQuantity is 5',
    ]);
  });

  test('a quantity that is expected at a path and was never there needs a person, until it is known', () => {
    const missing = { ...item('desktop'), missing: 'configoptions.Seats' };
    expect(wanted(2, [fact(1, { sold: [missing] })]).open).toEqual([
      { field: 'shop s1', why: 'the event has no quantity at configoptions.Seats, where the plan desktop expects it' },
    ]);
    expect(wanted(3, [fact(1, { sold: [item('desktop', 5)] }), fact(2, { sold: [missing] })])).toMatchObject({
      open: [],
      tenant: { quotas: { workstations: { limit: 5 } } },
    });
  });

  test.each(['constructor', 'toString', '__proto__'])('a plan that an event calls %s is unknown', (planName) => {
    expect(wanted(2, [fact(1, { sold: [{ planName }] })])).toMatchObject({
      tenant: { exists: true },
      open: [{ field: 'shop s1' }],
    });
  });

  test('a customer has not ended while a subscription begins later', () => {
    const ended = fact(2, { state: 'ended', sold: [] });
    expect(wanted(60, [fact(1), ended])).toHaveProperty('ending');
    expect(wanted(60, [fact(1), ended, fact(3, { ref: 's2', since: day(70) })])).not.toHaveProperty('ending');
  });

  test('an unknown product that is set aside is still something sold', () => {
    const only = wanted(2, [fact(1, { sold: [{ product: 'x-1', ignored: true }] })]);
    expect(only).toMatchObject({
      tenant: { exists: true, enabled: true, offeringItems: [] },
      open: [],
      setAside: [{ field: 'shop s1' }],
    });
  });

  test('the owner of a field decides it; without one the source that spoke first', () => {
    const named = (source: string, name: string, owns: MappedFact['owns'] = []) => ({
      source,
      owns,
      customer: { ref: 'C-1', name },
    });
    expect(
      tenant(9, [fact(2, named('shop', 'Two')), fact(1, named('panel', 'One')), fact(3, named('shop', 'Three'))]).name,
    ).toBe('One');
    expect(tenant(9, [fact(1, named('panel', 'One')), fact(2, named('shop', 'Two', ['name']))]).name).toBe('Two');
  });
});
