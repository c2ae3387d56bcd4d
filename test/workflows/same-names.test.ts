import { expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { decideFor, waitForState, waitUntil } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

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

test('where names need not be unique, an order that follows a terminated run finds its tenant, which is listed late', async () => {
  const order = anOrder();
  const ofOrder = () => env.simulator.world.customers().filter(({ name }) => name === order.customer.name);
  env.simulator.faults.next('POST /tenants', { stale: 1, drop: true });
  const handle = await env.start(order);
  await waitUntil(async () => await Promise.resolve(ofOrder().length > 0));
  await handle.terminate();

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'completed', adopted: ['ensureCustomerTenant'] });
  expect(ofOrder()).toHaveLength(1);
});

test('a second tenant that a person has given another number or contact meanwhile is not removed, but named', async () => {
  const { tenants } = consoleClient(env.simulator);
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next('POST /tenants', { stale: 2, drop: true });
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  const handle = await env.start(order);
  const { tenantId } = await waitForState(handle, 'blocked');
  const second = env.simulator.world
    .customers()
    .find(({ id, name }) => name === order.customer.name && id !== tenantId)!;
  const change: object = { customer_id: 'another-1' };
  await tenants.update(second.id, { version: 1, ...change });

  await decideFor(handle, 'retry');

  const reason = expect.stringMatching(/second tenant.*another-1/) as unknown;
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', leftovers: [{ id: second.id, reason }] });
  expect(await tenants.get(second.id)).toMatchObject({ enabled: true, customer_id: 'another-1' });
});
