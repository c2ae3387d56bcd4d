import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { anOrder } from '../support/orders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
type Order = ReturnType<typeof anOrder>;

const idOf = (order: Order) => `provisionCustomer:${order.customer['customerId'] as string}`;
const provision = async (order: Order) => await env.provision(order, idOf(order));

describe('a tenant that an undo has left, and that somebody has changed since,', () => {
  /** What an undo has left, and its order. */
  async function left() {
    const order = anOrder();
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 });
    const { tenantId = '' } = await provision(order);
    return { order, tenantId, tag: tagOf(tenantId) };
  }
  const tagOf = (id: string) => (env.simulator.world.tenant(id) as { internal_tag?: string }).internal_tag!;
  const change = async (id: string, changes: { enabled?: boolean; internal_tag?: string }) => {
    const { tenants } = consoleClient(env.simulator);
    const { version } = await tenants.get(id);
    await tenants.update(id, { version, ...changes });
  };

  test('is not switched on against the will of a person who has switched it on and off in the console', async () => {
    const { order, tenantId } = await left();
    await change(tenantId, { enabled: true });
    await change(tenantId, { enabled: false });

    const status = await provision(order);

    expect(status).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringContaining('is switched off') },
    });
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
  });

  test('loses the sign all the same when a person has left it on', async () => {
    const { order, tenantId } = await left();
    await change(tenantId, { enabled: true });

    expect(await provision(order)).toMatchObject({ state: 'completed', tenantId });
    expect(tagOf(tenantId)).not.toContain('undoing');
  });

  test('is switched on where an older version has left its sign without a number', async () => {
    const { order, tenantId, tag } = await left();
    await change(tenantId, { internal_tag: tag.replace(/:\d+$/, '') });

    expect(await provision(order)).toMatchObject({ state: 'completed', tenantId });
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
  });

  test('is enabled by a later order also after an order in between was undone', async () => {
    const { order, tenantId } = await left();
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
    expect(await provision(order)).toMatchObject({ failureType: 'Undone' });

    expect(await provision(order)).toMatchObject({ state: 'completed', tenantId });
  });
});
