import { describe, expect, test } from '@jest/globals';
import type { MappedFact } from '../../../contract/customers.js';
import type { BelowUse } from '../../../contract/sales-plans.js';
import { agreement, type AppliedTenant } from '../../../workflows/customer/intention.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { DAY, fact, item, START, terms } from './facts.js';

const desktop: AppliedTenant = {
  tenantId: 't1',
  exists: true,
  enabled: true,
  offeringItems: ['storage', 'workstations'],
  quotas: {},
  billingMode: 'trial',
  name: 'Customer, Inc',
  contact: { email: 'it@customer.example' },
};
const wantedAt = (facts: MappedFact[]) => wantedOf(facts.reduce(merge, emptyLedger()), START + 50 * DAY);

describe('quotas', () => {
  test('a quota that the use does not allow is not ordered again, lower or higher, in limit or overage', () => {
    const applied = { ...desktop, quotas: { workstations: { limit: 25 }, storage: { limit: '250 GiB' } } };
    const wanted = wantedAt([fact(1, { sold: [item('desktop', 40)] })]);
    const setAside = Object.fromEntries(
      Object.entries(wanted.tenant.quotas).map(([name, quota]) => [`quotas.${name}`, agreement(quota)]),
    );
    expect(nextOperation({ ref: 'C-1', wanted, applied })).toMatchObject({ operation: 'changeEntitlement' });
    expect(nextOperation({ ref: 'C-1', wanted, applied, setAside })).toEqual({ kind: 'nothing' });
  });

  test('of several plans the most careful rule for quotas below the use counts; the default is no part of an order', () => {
    const withRule = (name: string, belowUse: BelowUse) => ({
      ...item(name, 1),
      plan: { ...terms[name]!, rules: { ...terms[name]!.rules, belowUse } },
    });
    const applied = { ...desktop, quotas: { workstations: { limit: 2 }, storage: { limit: '20 GiB' } } };
    const orderFor = (...rules: [BelowUse, BelowUse?]) => {
      const [first, second] = rules;
      const sold = [withRule('desktop', first), ...(second ? [withRule('gigabyte', second)] : [])];
      const next = nextOperation({
        ref: 'C-1',
        wanted: wantedAt([fact(1, { sold })]),
        applied: { ...applied, edition: 'pck_per_gigabyte' },
      });
      return 'input' in next ? next.input : next;
    };
    expect(orderFor('set')).toMatchObject({ quotas: { workstations: { limit: 1 } }, belowUse: 'set' });
    expect(orderFor('set', 'limitToUse')).toMatchObject({ belowUse: 'limitToUse' });
    expect(orderFor('limitToUse', 'keep')).not.toHaveProperty('belowUse');
  });

  test('a steep fall that a person has agreed to is not asked about again while the use goes down', () => {
    const applied = { ...desktop, quotas: { workstations: { limit: 60 }, storage: { limit: '250 GiB' } } };
    const wanted = wantedAt([fact(1, { sold: [item('desktop', 25)] })]);
    const cut = { 'quotas.workstations': agreement({ limit: 25 }) };

    expect(nextOperation({ ref: 'C-1', wanted, applied })).toMatchObject({ kind: 'asks' });
    expect(nextOperation({ ref: 'C-1', wanted, applied, setAside: cut })).toEqual({ kind: 'nothing' });
    expect(nextOperation({ ref: 'C-1', wanted, applied, retried: cut })).toMatchObject({
      input: { quotas: { workstations: { limit: 25 } } },
    });
    const further = wantedAt([fact(1, { sold: [item('desktop', 20)] })]);
    expect(nextOperation({ ref: 'C-1', wanted: further, applied, retried: cut })).toMatchObject({
      input: { quotas: { storage: { limit: '200 GiB' } } },
    });
  });

  test('a quota with a lower limit and a higher overage counts as less', () => {
    const applied = { ...desktop, quotas: { workstations: { limit: 1 }, storage: { limit: '15 GiB' } } };
    const wanted = wantedAt([fact(1)]);
    wanted.tenant.quotas['storage'] = { limit: '10 GiB', overage: '10 GiB' };
    expect(nextOperation({ ref: 'C-1', wanted, applied })).toMatchObject({ why: 'less is sold' });
  });
});
