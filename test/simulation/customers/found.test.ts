import { expect, test } from '@jest/globals';
import { planChecker } from '../chaos.js';
import type { CustomersPlan, Sale } from './plan.js';

const check = planChecker();
const sale = (subscription: number, more: Partial<Sale> & { after?: number } = {}) => ({
  after: 0,
  customer: 0,
  subscription,
  state: 'active' as const,
  items: [{ product: 'price_seats' as const, quantity: 1 }],
  late: 0,
  renames: false,
  ...more,
});
const quiet = { seed: 1, rules: 'at once', sources: ['own', 'shop', 'own'], faults: [], kills: [] } as const;

async function problemsOf(plan: Pick<CustomersPlan, 'happenings'> & Partial<CustomersPlan>): Promise<string[]> {
  const { problems } = await check({ ...quiet, ...plan } as CustomersPlan);
  return problems;
}

test('a customer does what it has read while it settled down to continue as new', async () => {
  const happenings: CustomersPlan['happenings'] = [
    sale(1),
    { after: 0, customer: 0, asks: 'converge' },
    sale(2, { items: [{ product: 'price_servers', quantity: 6 }] }),
    sale(0, { after: 300 }),
  ];

  expect(await problemsOf({ seed: 770_276, suggestsNewAfter: 20, happenings })).toEqual([]);
});
