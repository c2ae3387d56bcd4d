import { expect, test } from '@jest/globals';
import { customersIn } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const office = {
  offeringItems: ['workstations', 'servers'],
  quotas: { workstations: { perUnit: 1 }, servers: { perUnit: 1 } },
  sold: { store: ['price_office'] },
  rules: { steepFall: 'apply' },
};
const followed = { ...office, sold: { store: ['price_followed'] }, rules: { ...office.rules, belowUse: 'limitToUse' } };
const strict = { ...office, sold: { store: ['price_strict'] }, rules: { ...office.rules, belowUse: 'set' } };
const env = useVirtualEnvironment({}, { readFacts: factReader({ office, followed, strict }) });
const aCustomer = customersIn(env);
const sold = (quantity: number, product = 'price_office') => ({ items: [{ product, quantity }] });
const limitsOf = (tenantId: string | undefined) =>
  Object.fromEntries(env.simulator.world.items(tenantId!).map(({ name, quota }) => [name, quota?.value]));

test('a quota below what is used is set aside with both numbers, and holds nothing else up; a new quota is set', async () => {
  const customer = await aCustomer(sold(20));
  const { tenantId } = await customer.until(({ state }) => state === 'steady');
  const limits = () => limitsOf(tenantId);
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

test('the rule limitToUse sets the quota to what is used, shows both numbers, and follows the use down', async () => {
  const customer = await aCustomer(sold(20, 'price_followed'));
  const { tenantId } = await customer.until(({ state }) => state === 'steady');
  env.simulator.world.setUsage(tenantId!, 'workstations', 15);

  await customer.tell(sold(10, 'price_followed'));

  const status = await customer.until(({ runs, state }) => runs.length === 2 && state === 'steady');
  expect(status).toMatchObject({
    notDone: [{ field: 'quotas.workstations', why: expect.stringMatching(/uses 15.*more than 10: limited/) }],
    applied: { quotas: { workstations: { limit: 15 }, servers: { limit: 10 } } },
  });
  expect(status).not.toHaveProperty('different');
  expect(limitsOf(tenantId)).toEqual({ workstations: 15, servers: 10 });

  env.simulator.world.setUsage(tenantId!, 'workstations', 8);
  await customer.ask('converge');

  const after = await customer.until(({ runs, state }) => runs.length === 3 && state === 'steady');
  expect(after).not.toHaveProperty('notDone');
  expect(limitsOf(tenantId)).toEqual({ workstations: 10, servers: 10 });
});

test('the rule set cuts the quota although more is used', async () => {
  const customer = await aCustomer(sold(20, 'price_strict'));
  const { tenantId } = await customer.until(({ state }) => state === 'steady');
  env.simulator.world.setUsage(tenantId!, 'workstations', 15);

  await customer.tell(sold(10, 'price_strict'));

  expect(await customer.until(({ runs, state }) => runs.length === 2 && state === 'steady')).not.toHaveProperty(
    'notDone',
  );
  expect(limitsOf(tenantId)).toEqual({ workstations: 10, servers: 10 });
});
