import { expect, test } from '@jest/globals';
import { customersIn } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';

const office = {
  offeringItems: ['workstations', 'servers'],
  quotas: { workstations: { perUnit: 1 }, servers: { perUnit: 1 } },
  sold: { store: ['price_office'] },
  rules: { steepFall: 'apply' },
};
const env = useTestEnvironment({}, { readFacts: factReader({ office }) });
const aCustomer = customersIn(env);
const sold = (quantity: number) => ({ items: [{ product: 'price_office', quantity }] });

test('a quota below what is used is set aside with both numbers, and holds nothing else up; a new quota is set', async () => {
  const customer = await aCustomer(sold(20));
  const { tenantId } = await customer.until(({ state }) => state === 'steady');
  const limits = () =>
    Object.fromEntries(env.simulator.world.items(tenantId!).map(({ name, quota }) => [name, quota?.value]));
  env.simulator.world.setUsage(tenantId!, 'workstations', 15);

  await customer.tell(sold(10));

  const { notDone, state } = await customer.until(({ runs }) => runs.length === 2);
  expect({ state, notDone }).toEqual({
    state: 'steady',
    notDone: [{ field: 'quotas.workstations', why: expect.stringMatching(/10.*15|15.*10/) }],
  });
  expect(limits()).toEqual({ workstations: 20, servers: 10 });

  await customer.tell(sold(16));

  const after = await customer.until(({ runs, state: is }) => runs.length >= 3 && is === 'steady');
  expect(after).not.toHaveProperty('notDone');
  expect(limits()).toEqual({ workstations: 16, servers: 16 });
});
