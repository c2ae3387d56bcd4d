import * as fc from 'fast-check';
import type { MappedFact, MappedItem } from '../../../contract/customers.js';
import { subscriptionStates } from '../../../contract/facts.js';
import type { PlanTerms } from '../../../contract/sales-plans.js';
import { readPlans } from '../../../sales-plans/plans-file.js';

const read = readPlans({
  plans: {
    desktop: {
      offeringItems: ['workstations', 'storage'],
      quotas: { workstations: { perUnit: 1 }, storage: { perUnit: '10 GiB' } },
    },
    server: {
      offeringItems: ['servers', 'storage'],
      quotas: { servers: { limit: 5 }, storage: { perUnit: '1 TiB', overage: '1 GiB' } },
      billingMode: 'production',
    },
    roomy: { offeringItems: ['storage'], maxQuantity: 5 },
    strict: {
      offeringItems: ['nas'],
      quotas: { nas: { perUnit: 1 } },
      rules: { pastDue: [{ after: '5 days', do: 'suspend' }], steepFall: 'apply' },
    },
    lasting: { offeringItems: ['vms'], rules: { ended: { suspendAfter: 'never', offboard: 'ask', grace: '1 day' } } },
    gigabyte: { edition: 'pck_per_gigabyte', rank: 2 },
    workload: { edition: 'pck_per_workload', rank: 2 },
  },
});
if ('problems' in read) throw new Error(JSON.stringify(read.problems));

/** Some sales plans, by name. */
export const terms: Readonly<Record<string, PlanTerms>> = Object.fromEntries(
  Object.entries(read.plans).map(([name, { retired: _r, sold: _s, ownPlacement: _o, ...plan }]) => [name, plan]),
);

export const DAY = 24 * 60 * 60 * 1000;
export const START = Date.parse('2026-01-01T00:00:00.000Z');

/** A time: so many days after the start. */
export const day = (days: number) => new Date(START + days * DAY).toISOString();

/** One thing sold. */
export function item(plan: string, quantity?: number): MappedItem {
  return { product: `p-${plan}`, plan: terms[plan]!, ...(quantity !== undefined && { quantity }) };
}

/** A fact of the source `shop` on a day, about the subscription `s1` of the customer C-1 unless it says otherwise. */
export function fact(
  days: number,
  {
    sold = [item('desktop', 1)],
    state = 'active',
    ...given
  }: Partial<MappedFact> & { state?: string; ref?: string; since?: string; until?: string; trialEnd?: string } = {},
): MappedFact {
  const { ref = 's1', since, until, trialEnd, ...fields } = given;
  const dates = { ...(since && { since }), ...(until && { until }), ...(trialEnd && { trialEnd }) };
  return {
    source: 'shop',
    event: { id: `evt-${days}-${ref}`, type: 'subscription.changed' },
    at: day(days),
    customer: { ref: 'C-1', name: 'Customer, Inc', contact: { email: 'it@customer.example' } },
    subscription: { ref, items: [], state: state as 'active', ...dates },
    owns: [],
    sold,
    ...fields,
  };
}

const plansSold = fc
  .uniqueArray(fc.constantFrom(...Object.keys(terms)), { maxLength: 3 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.option(fc.nat({ max: 40 }), { nil: undefined }).map((quantity) => item(name, quantity)),
      ),
    ),
  );

/** What a source can say of the customer itself. */
export const anyDetails = fc.record(
  {
    name: fc.constantFrom('One', 'Zwei, GmbH', 'Three & Sons'),
    language: fc.constantFrom('en', 'de', 'pt-BR'),
    contact: fc.record(
      {
        email: fc.constantFrom('ann@customer.example', 'Office+1@Customer.example'),
        firstName: fc.constantFrom('Ann', 'Zoë'),
        lastName: fc.constantFrom('Ox', 'O’Neill'),
      },
      { requiredKeys: ['email'] },
    ),
  },
  { requiredKeys: [] },
);

/** Any facts about one customer, each at a moment of its own. */
export const anyFacts = fc
  .array(
    fc.record({
      source: fc.constantFrom('shop', 'panel'),
      ref: fc.constantFrom('s1', 's2'),
      state: fc.constantFrom(...subscriptionStates),
      sold: plansSold,
      details: anyDetails,
      until: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      trialEnd: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      since: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      isPerson: fc.boolean(),
      owns: fc.constantFrom<MappedFact['owns']>([], ['name']),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ details, isPerson, until, trialEnd, since, owns, source, ...one }, at) => {
      const made = fact(at * 2, {
        ...one,
        source,
        // several states of one version, as where an unpaid invoice makes no new one
        ...(source === 'panel' && { version: Math.floor(at / 3) }),
        owns: source === 'panel' ? owns : [],
        customer: { ref: 'C-1', ...details },
        ...(until !== undefined && { until: day(until) }),
        ...(trialEnd !== undefined && { trialEnd: day(trialEnd) }),
        ...(since !== undefined && { since: day(since) }),
      });
      const { subscription: _subscription, sold: _sold, ...person } = made;
      return isPerson ? person : made;
    }),
  );
