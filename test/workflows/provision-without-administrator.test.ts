import { describe, expect, test } from '@jest/globals';
import { anOrder, ordersByKey, withoutAdministrator, type Order } from '../support/orders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { provision, tenantsOf } = ordersByKey(env);
const anOrderAlone = (fields: Parameters<typeof anOrder>[0] = {}) => withoutAdministrator(anOrder(fields)) as Order;
const ofUsers = () => env.calls().filter((route) => route.includes('/users'));
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');

describe('a customer without an administrator', () => {
  test('has items and the two-factor rule, and no user; no call is about users', async () => {
    env.calls();
    const status = await provision(anOrderAlone());

    expect(status).toMatchObject({ state: 'completed', changed: true, adopted: [], apiCalls: 4 });
    expect(status).not.toHaveProperty('userId');
    expect(status.steps.map(({ name }) => name)).toEqual([
      'findOfferingItems',
      'ensureCustomerTenant',
      'applyOfferingItems',
      'requireTwoFactor',
    ]);
    expect(ofUsers()).toEqual([]);
    expect(env.simulator.world.users(status.tenantId)).toEqual([]);
    expect(
      env.simulator.world
        .items(status.tenantId!)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['storage', 'workstations']);
  });

  test('is switched to production when ordered', async () => {
    const order = anOrderAlone({ billingMode: 'production' });

    const status = await provision({ ...order, confirm: order.customer.name });

    expect(env.simulator.world.tenant(status.tenantId!)).toMatchObject({ pricing_mode: 'production' });
  });

  test('that exists is adopted: a repeat writes nothing', async () => {
    const order = anOrderAlone();
    await provision(order);
    env.calls();

    expect(await provision(order)).toMatchObject({
      changed: false,
      adopted: ['ensureCustomerTenant', 'applyOfferingItems', 'requireTwoFactor'],
    });
    expect(writes()).toEqual([]);
  });

  test('whose creation got no answer is not made twice', async () => {
    const order = anOrderAlone();
    env.simulator.faults.next('POST /tenants', 'commit-then-drop');

    expect(await provision(order)).toMatchObject({ state: 'completed', changed: true });
    expect(tenantsOf(order)).toHaveLength(1);
  });

  test('is removed when a step fails', async () => {
    const order = anOrderAlone();
    env.simulator.faults.next('PUT /tenants/{id}/mfa/status', { refuse: 403 });

    expect(await provision(order)).toMatchObject({ state: 'undone', reason: { step: 'requireTwoFactor' } });
    expect(tenantsOf(order)).toEqual([]);
  });

  test('cannot get one by the same order: the refusal names addUser', async () => {
    const order = anOrder();
    await provision(withoutAdministrator(order) as Order);

    expect(await provision(order)).toMatchObject({
      failureType: 'Refused',
      reason: { type: 'Different', message: expect.stringMatching(/administrator was absent .*addUser changes it/) },
    });
  });
});
