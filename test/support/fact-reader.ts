import type { Fact } from '../../contract/facts.js';
import { readPlans } from '../../sales-plans/plans-file.js';
import { readSources } from '../../sources/sources-file.js';
import { FactReader } from '../../worker/fact-reader.js';

const desktop = {
  offeringItems: ['workstations'],
  quotas: { workstations: { perUnit: 1 } },
  sold: { shop: ['price_desktop'], store: ['price_desktop'] },
  rules: { pastDue: [{ after: '1 second', do: 'suspend' }] },
};
const sources = readSources({
  shop: { kind: 'stripe', secrets: ['file:signing'] },
  store: { kind: 'stripe', secrets: ['file:signing'], act: 'apply' },
  csv: { kind: 'csv' },
});

/**
 * What a worker reads by its files: two sources, which sell the plan `desktop` as `price_desktop`, one of files, and
 * other plans if given. Customers of `shop` are only observed; those of `store` are acted for.
 */
export function workerFiles(others: Record<string, object> = {}) {
  const plans = readPlans({ plans: { desktop, ...others } });
  if ('problems' in plans || 'problems' in sources) throw new Error('the files of the tests cannot be used');
  const reader = new FactReader({ current: sources } as never, { current: plans } as never);
  return {
    readFacts: (facts: readonly unknown[]) => reader.read(facts),
    readTerms: (of: { source: string; plan: string }) => reader.terms(of),
  };
}

/** Reads facts by these files. */
export const factReader = (others: Record<string, object> = {}) => workerFiles(others).readFacts;

/** Also of `guarded`, whose customers are protected. */
export const readFacts = factReader({
  guarded: {
    ...desktop,
    sold: { shop: ['price_guarded'], store: ['price_guarded'] },
    protect: { template: 'workstations' },
  },
});

/** What a worker reads after the plan was changed: twice as much for each unit. */
export const changedFiles = workerFiles({ desktop: { ...desktop, quotas: { workstations: { perUnit: 2 } } } });

/** A fact of `shop` about a customer with this reference. */
export const factOf = (ref: string, more: Partial<Fact> = {}): Fact => ({
  source: 'shop',
  event: { id: 'evt-1', type: 'customer.subscription.updated' },
  at: new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString(),
  customer: { ref, name: 'Customer, Inc', contact: { email: 'it@customer.example' } },
  subscription: { ref: `sub_${ref}`, items: [{ product: 'price_desktop', quantity: 25 }], state: 'active' },
  ...more,
});
