import { expect, test } from '@jest/globals';
import type { ProtectTerms } from '../../../contract/sales-plans.js';
import { protectionOf } from '../../../workflows/customer/wanted-protection.js';

const sold = (name: string, protect?: ProtectTerms, { rank = 0, quantity = 1 } = {}) => ({
  terms: { name, rank, ...(protect && { protect }) },
  quantity,
});

test('without a plan that says so, nothing is done for machines', () => {
  expect(protectionOf([sold('a')])).toEqual({ setAside: [] });
});

test.each<[string, ProtectTerms, number]>([
  ['one machine, unless the plan says more', { template: 'workstations' }, 1],
  ['as many as the plan says', { template: 'workstations', agents: 3 }, 3],
  ['as many as units are sold', { template: 'workstations', agents: 'quantity' }, 25],
])('%s', (_, protect, agents) => {
  expect(protectionOf([sold('a', protect, { quantity: 25 })])).toEqual({
    protect: { template: 'workstations', agents },
    setAside: [],
  });
});

test('of several plans the higher number counts, and the units of one plan are added up', () => {
  const seats = { template: 'workstations', agents: 'quantity' } as const;
  const units = [
    sold('a', seats, { quantity: 4 }),
    sold('a', seats, { quantity: 3 }),
    sold('b', { template: 'workstations', agents: 5 }),
  ];
  expect(protectionOf(units).protect).toEqual({ template: 'workstations', agents: 7 });
});

test('of two templates that of the plan with the higher rank counts, with its machines', () => {
  const units = [
    sold('a', { template: 'servers', agents: 9 }),
    sold('b', { template: 'workstations', agents: 2 }, { rank: 1 }),
  ];
  expect(protectionOf(units)).toEqual({ protect: { template: 'workstations', agents: 2 }, setAside: [] });
});

test('of equal ranks the first template counts, whatever the order, and the customer says so', () => {
  const units = [sold('a', { template: 'workstations' }), sold('b', { template: 'servers' })];
  for (const order of [units, units.toReversed()])
    expect(protectionOf(order)).toMatchObject({
      protect: { template: 'servers' },
      setAside: [{ field: 'protect', why: expect.stringMatching(/give their plans different ranks/) }],
    });
});

test('no unit asks for no machine, and a huge quantity for as many as can be expected', () => {
  const seats = { template: 'workstations', agents: 'quantity' } as const;
  expect(protectionOf([sold('a', seats, { quantity: 0 })])).toEqual({ setAside: [] });
  expect(protectionOf([sold('a', seats, { quantity: 5000 })]).protect?.agents).toBe(1000);
});
