import { expect, test } from '@jest/globals';
import { useHouse } from '../support/use-house.js';
import { anOrder } from '../support/orders.js';

const house = useHouse({ uniqueNames: false });

test('where names need not be unique, a lost answer still leaves one tenant', async () => {
  const order = anOrder();
  house.simulator.faults.next('POST /tenants', 'commit-then-drop');

  const status = await house.provision(order);

  expect(status).toMatchObject({ state: 'completed', adopted: ['ensureCustomerTenant'] });
  expect(house.simulator.world.customers().filter(({ name }) => name === order.customer.name)).toHaveLength(1);
});
