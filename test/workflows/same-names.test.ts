import { expect, test } from '@jest/globals';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { anOrder } from '../support/orders.js';

const env = useVirtualEnvironment({ uniqueNames: false });

test('where names need not be unique, a lost answer still leaves one tenant', async () => {
  const order = anOrder();
  env.simulator.faults.next('POST /tenants', 'commit-then-drop');

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'completed', adopted: ['ensureCustomerTenant'] });
  expect(env.simulator.world.customers().filter(({ name }) => name === order.customer.name)).toHaveLength(1);
});

test('where names need not be unique, a tenant whose answer was lost and that is listed late is the only one', async () => {
  const order = anOrder();
  env.simulator.faults.next('POST /tenants', { stale: 1, drop: true });

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'completed', adopted: ['ensureCustomerTenant'] });
  expect(env.simulator.world.customers().filter(({ name }) => name === order.customer.name)).toHaveLength(1);
});
