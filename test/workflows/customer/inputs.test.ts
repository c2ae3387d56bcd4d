import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { catalogue } from '../../../catalogue/index.js';
import type { IntendedOperation, MappedFact } from '../../../contract/customers.js';
import { appliedAfter } from '../../../workflows/customer/applied.js';
import { agreement, type AppliedTenant } from '../../../workflows/customer/intention.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, DAY, START } from './facts.js';

const TENANT = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';

/** Carries out one operation after another; all of them, and what is applied then. */
function carryOut(facts: MappedFact[], days: number, before?: AppliedTenant) {
  const wanted = wantedOf(facts.reduce(merge, emptyLedger()), START + days * DAY);
  const agreed = Object.fromEntries(
    Object.entries(wanted.tenant.quotas).map(([name, quota]) => [`quotas.${name}`, agreement(quota)]),
  );
  const operations: IntendedOperation[] = [];
  for (let applied = before; ;) {
    const intention = nextOperation({ ref: 'C-1', wanted, ...(applied && { applied }), agreed });
    if (intention.kind !== 'operation') return { applied, operations };
    operations.push(intention);
    applied = appliedAfter(applied, intention, TENANT);
  }
}

/** What is wrong with the input of each operation, by operation. */
function problemsOf(operations: IntendedOperation[]): [string, unknown][] {
  return operations.flatMap(({ operation, input }): [string, unknown][] => {
    const reading = catalogue[operation]?.read(input);
    return reading === undefined || reading.ok ? [] : [[operation, reading.problems]];
  });
}

/** Any facts, or the same as if all were paid for: then much more happens. */
const anySales = fc
  .tuple(anyFacts, fc.boolean())
  .map(([facts, isPaid]) => (isPaid ? facts.map((one) => paid(one)) : facts));

function paid({ subscription, ...fact }: MappedFact): MappedFact {
  return subscription === undefined
    ? fact
    : { ...fact, subscription: { ref: subscription.ref, items: [], state: 'active' } };
}

test('whatever is sold, and then sold differently, every operation accepts its input', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(anySales, anySales, (before, after) => {
      const first = carryOut(before, 40);
      const second = carryOut([...before, ...after], 80, first.applied);
      const operations = [...first.operations, ...second.operations];
      for (const { operation } of operations) seen.set(operation, (seen.get(operation) ?? 0) + 1);
      expect(problemsOf(operations)).toEqual([]);
    }),
    { numRuns: 1000 },
  );
  expect(seen.get('provisionCustomer')).toBeGreaterThan(50);
  expect(seen.get('changeEntitlement')).toBeGreaterThan(50);
});

test('an input that an operation refuses is noticed', () => {
  const wrong = { operation: 'changeEntitlement', why: '', input: { tenant: { id: TENANT } } };
  expect(problemsOf([wrong])).toMatchObject([['changeEntitlement', [{ path: 'offeringItems' }]]]);
});
