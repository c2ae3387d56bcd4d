import { expect, test } from '@jest/globals';
import { ExpectedTenant } from '../../workflows/kernel/expected-tenant.js';

const tenant = { cloud: 'default', tenantId: 'one', orders: [{ name: 'One' }] };

test('only a step that has read whose the tenant is counts as a look at it', () => {
  const executor = { execute: async () => Promise.reject(new Error('no step')), noteRetry: () => undefined };
  const expected = new ExpectedTenant(executor, { blocksEnded: 0 }, () => 1);
  expected.stepDone(100, 'one');
  expected.set(tenant);

  expected.stepDone(60_000, undefined);
  expected.stepDone(70_000, 'another');

  expect(expected.meant).toEqual({ meant: { ...tenant, seenAt: 100 } });
});
