import { expect, test } from '@jest/globals';
import type { Placement } from '../../../contract/sales-plans.js';
import type { Situation } from '../../../workflows/customer/intention.js';
import { pruneProgress } from '../../../workflows/customer/prune-progress.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { noProgress } from '../../../workflows/customer/progress.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { DAY, fact, item, START, terms } from './facts.js';

const jane = { email: 'jane@customer.example', firstName: 'Jane' };
const placedBy = (placement: Partial<Placement>) => {
  const plan = { ...terms['desktop']!, placement: { ...terms['desktop']!.placement, ...placement } };
  return { sold: [{ ...item('desktop', 1), plan }] };
};
const situation = (
  more: Partial<Situation> = {},
  placement: Partial<Placement> = { administrator: 'ask' },
): Situation => {
  const ledger = [fact(1, placedBy(placement))].reduce(merge, emptyLedger());
  return { ref: 'C-1', wanted: wantedOf(ledger, START + 2 * DAY), ...more };
};

test('a person that is named becomes the administrator, with the login of the plan unless another one is given', () => {
  const asking = { administrator: 'ask', loginPattern: 'admin-{ref}' } as const;
  const inputOf = (administrator: Situation['administrator']) => {
    const next = nextOperation(situation(administrator && { administrator }, asking));
    return next.kind === 'operation' ? (next.input as { administrator?: object }).administrator : next;
  };

  expect(inputOf(jane)).toEqual({ ...jane, login: 'admin-C-1' });
  expect(inputOf({ ...jane, login: 'jane' })).toEqual({ ...jane, login: 'jane' });
  expect(inputOf('none')).toBeUndefined();
  expect(inputOf(undefined)).toMatchObject({ kind: 'asks', open: [{ field: 'administrator' }] });
});

test.each<[string, Situation, boolean]>([
  ['until the customer is created', situation(), true],
  ['not once it has a tenant', situation({ applied: { tenantId: 't1' } as never }), false],
  ['not once nothing is sold', { ref: 'C-1', wanted: wantedOf(emptyLedger(), START) }, false],
  ['not once the plan does not ask', situation({}, { administrator: 'contact' }), false],
])('the person is remembered %s', (_when, given, isKept) => {
  const after = pruneProgress({ ...noProgress(), administrator: jane }, given);
  expect(JSON.stringify(after).includes(jane.email)).toBe(isKept);
});
