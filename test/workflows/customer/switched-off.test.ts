import { expect, test } from '@jest/globals';
import type { FoundTenant } from '../../../contract/customers.js';
import type { AppliedTenant } from '../../../workflows/customer/intention.js';
import { withoutSwitchedOff } from '../../../workflows/customer/switched-off.js';

const applied = { offeringItems: ['nas', 'servers', 'vms'] } as AppliedTenant;
const found = { offeringItems: ['servers', 'vms'] } as FoundTenant;
const [nas, servers] = [{ nas: { limit: 1 } }, { servers: { limit: 2 } }];

test('an order has no quota of an item that somebody has switched off, and no rule for quotas without any', () => {
  const left = (order: Parameters<typeof withoutSwitchedOff>[0]) => withoutSwitchedOff(order, applied, found);
  const rule = { belowUse: 'set' } as const;

  expect(left({ quotas: { ...nas, ...servers }, ...rule })).toEqual({ quotas: servers, ...rule });
  expect(left({ quotas: nas, remove: ['vms'], ...rule })).toEqual({ remove: ['vms'] });
  expect(left({ quotas: nas, ...rule })).toBeUndefined();
});
