import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { OfferedTerms } from '../../../contract/plan-changes.js';
import type { PlanTerms } from '../../../contract/sales-plans.js';
import { emptyLedger, merge, type Ledger } from '../../../workflows/customer/ledger.js';
import {
  changesOfTerms,
  changesOfWanted,
  newVersions,
  plansInUse,
  withTerms,
} from '../../../workflows/customer/plan-changes.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, DAY, fact, item, START, terms } from './facts.js';

const now = START + 10 * DAY;
const learned = (...facts: Parameters<typeof merge>[1][]) => facts.reduce(merge, emptyLedger());
const offer = (change: Partial<PlanTerms>, name = 'desktop', source = 'shop'): OfferedTerms => ({
  source,
  terms: { ...terms[name]!, ...change, digest: `new-${name}` },
});
const versionOf = ({ source, terms: { name: plan, digest } }: OfferedTerms) => ({ source, plan, digest });
const changesOf = (ledger: Ledger, offered: OfferedTerms[]) => {
  const situation = { ref: 'C-1', wanted: wantedOf(ledger, now) };
  return {
    ...changesOfTerms(ledger, offered),
    ...changesOfWanted(situation, wantedOf(withTerms(ledger, offered), now)),
  };
};

const ledger = learned(fact(0, { sold: [item('desktop', 20)] }), fact(1, { ref: 's2', sold: [item('strict', 2)] }));
const larger = offer({
  offeringItems: ['nas', 'workstations'],
  quotas: { workstations: { perUnit: { value: 2, unit: 'pieces' } } },
  billingMode: 'production',
  maxQuantity: 10,
  placement: { ...terms['desktop']!.placement, language: 'de' },
});

test('what other terms would change is listed field by field, with what a person would be asked', () => {
  expect(changesOf(ledger, [larger])).toEqual({
    plans: ['desktop'],
    tenant: [
      { field: 'billingMode', from: 'trial', to: 'production' },
      { field: 'offeringItems.storage', from: true },
      { field: 'quotas.nas', from: { limit: 2 } },
      { field: 'quotas.storage', from: { limit: '200 GiB' } },
      { field: 'quotas.workstations', from: { limit: 20 }, to: { limit: 40 } },
    ],
    rules: [{ field: 'desktop.maxQuantity', to: 10 }],
    placement: [{ field: 'desktop.placement.language', from: 'en', to: 'de' }],
    asks: [{ field: 'quantity', why: expect.stringContaining('20 of the plan desktop') }],
  });
});

test('the terms of another source change nothing', () => {
  const other = { ...larger, source: 'panel' };
  expect(withTerms(ledger, [other])).toEqual(ledger);
  expect(newVersions(ledger, [versionOf(other)])).toEqual([]);
  expect(changesOf(ledger, [other])).toEqual({ plans: [], tenant: [], rules: [], placement: [], asks: [] });
});

describe('of any customer', () => {
  const anyOffer = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...Object.keys(terms)), fc.constantFrom('shop', 'panel')), {
      selector: (pair) => pair.join(),
    })
    .map((all) => all.map(([name, source]) => offer({ maxQuantity: 3 }, name, source)));

  test('a second time changes nothing, and a later fact brings back no older terms', () => {
    fc.assert(
      fc.property(anyFacts, anyOffer, (facts, offered) => {
        const before = learned(...facts);
        const after = withTerms(before, offered);
        expect(newVersions(after, offered.map(versionOf))).toEqual([]);
        expect(withTerms(after, offered)).toEqual(after);
        const repeated = facts.map((one) => ({ ...one, at: new Date(Date.parse(one.at) + 90 * DAY).toISOString() }));
        const digests = new Map(plansInUse(after).map(({ source, plan, digest }) => [`${source} ${plan}`, digest]));
        for (const { source, plan, digest } of plansInUse(repeated.slice(-1).reduce(merge, after)))
          expect(digests.get(`${source} ${plan}`) ?? digest).toBe(digest);
      }),
    );
  });

  test('nothing but the terms of the plans that it has changes', () => {
    fc.assert(
      fc.property(anyFacts, anyOffer, (facts, offered) => {
        const before = learned(...facts);
        const after = withTerms(before, offered);
        const isOffered = (source: string, name: string) =>
          offered.find((one) => one.source === source && one.terms.name === name)?.terms;
        expect(after.people).toBe(before.people);
        for (const [key, { terms: is, ...record }] of Object.entries(after.subscriptions)) {
          const { terms: was, ...same } = before.subscriptions[key]!;
          expect(record).toEqual(same);
          expect(is).toEqual(
            Object.fromEntries(Object.entries(was).map(([name, one]) => [name, isOffered(record.source, name) ?? one])),
          );
        }
      }),
    );
  });
});
