import { describe, expect, test } from '@jest/globals';
import type { MappedFact } from '../../../contract/customers.js';
import { agreement, type AppliedTenant } from '../../../workflows/customer/intention.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { DAY, fact, item, START } from './facts.js';

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

  test('a quota with a lower limit and a higher overage counts as less', () => {
    const applied = { ...desktop, quotas: { workstations: { limit: 1 }, storage: { limit: '15 GiB' } } };
    const wanted = wantedAt([fact(1)]);
    wanted.tenant.quotas['storage'] = { limit: '10 GiB', overage: '10 GiB' };
    expect(nextOperation({ ref: 'C-1', wanted, applied })).toMatchObject({ why: 'less is sold' });
  });
});
