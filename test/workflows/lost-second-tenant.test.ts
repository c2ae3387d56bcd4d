import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { markText } from '../../contract/mark.js';
import { tenantryReason } from '../../contract/search-attributes.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { pause } from '../support/pause.js';
import { anOrder, workflowIdOf, keyOf, ordersByKey, type Order } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

// names need not be unique, so nothing but our own care keeps us from a second tenant
const env = useVirtualEnvironment({ uniqueNames: false });
const USER = 'POST /users';

const { provision, tenantsOf } = ordersByKey(env);

describe('a tenant of which the answer was lost, and that shows only after another was made', () => {
  /** Longer than the run looks for it before it makes another. */
  const late = { stale: 2, drop: true };

  test('is removed before the run completes', async () => {
    const order = anOrder();
    env.simulator.faults.next('POST /tenants', late);

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', changed: true });
    expect(status.steps.map(({ name }) => name)).toContain('removeDoubles');
    expect(tenantsOf(order)).toMatchObject([{ id: status.tenantId }]);
    expect(env.calls().at(-1)).toBe('POST /users/{id}/send-activation-email');
  });

  test('is removed also when it shows only at the last look', async () => {
    const order = anOrder();
    env.simulator.faults.next('POST /tenants', { stale: 3, drop: true });

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed' });
    expect(tenantsOf(order)).toMatchObject([{ id: status.tenantId }]);
  });

  test('is removed also where it is a partner', async () => {
    const order = aPartnerOrder();
    env.simulator.faults.next('POST /tenants', late);

    const status = await env.run('provisionPartner', order);

    expect(status).toMatchObject({ state: 'completed' });
    const named = env.simulator.world.tenants().filter(({ name }) => name === order.partner.name);
    expect(named).toMatchObject([{ id: status.tenantId }]);
  });

  test('is removed by an undo too, which finds the other one first', async () => {
    const order = anOrder();
    env.simulator.faults.next('POST /tenants', { stale: 3, drop: true });
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

    expect(await provision(order)).toMatchObject({ failureType: 'Undone' });

    expect(tenantsOf(order)).toEqual([]);
  });

  test('is removed also before a run ends that keeps what it has made', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next('POST /tenants', late);
    env.simulator.faults.next(USER, { refuse: 403 });

    const status = await provision(order);

    expect(status).toMatchObject({ failureType: 'Kept' });
    expect(status).not.toHaveProperty('leftovers');
    expect(tenantsOf(order)).toMatchObject([{ id: status.tenantId, enabled: true }]);
  });

  test('is removed also where such a run is of a partner', async () => {
    const order = { ...aPartnerOrder(), onFailure: 'keep' };
    env.simulator.faults.next('POST /tenants', late);
    env.simulator.faults.next(USER, { refuse: 403 });

    const status = await env.run('provisionPartner', order);

    expect(status).toMatchObject({ failureType: 'Kept' });
    const named = env.simulator.world.tenants().filter(({ name }) => name === order.partner.name);
    expect(named).toMatchObject([{ id: status.tenantId }]);
  });

  test('a run that keeps what it has made looks for no second tenant when every creation was answered', async () => {
    env.simulator.faults.next(USER, { refuse: 403 });
    env.calls();

    const status = await provision(anOrder({ onFailure: 'keep' }));

    expect(status).toMatchObject({ failureType: 'Kept' });
    expect(status.steps.map(({ name }) => name)).not.toContain('removeDoubles');
  });

  describe('beside the tenant of an earlier run that Temporal has forgotten', () => {
    const earlier = (order: Order) => {
      const mark = { environment: 'test', key: keyOf(order), runId: randomUUID() };
      const fields = { name: `Earlier ${keyOf(order)}`, customer_id: keyOf(order), internal_tag: markText(mark) };
      return env.simulator.world.addTenant(fields);
    };

    test('is removed before the run completes with that tenant', async () => {
      const order = anOrder();
      const tenantId = earlier(order);
      env.simulator.faults.next('POST /tenants', { stale: 1, drop: true });

      const status = await provision(order);

      expect(status).toMatchObject({ state: 'completed', tenantId });
      expect(tenantsOf(order)).toMatchObject([{ id: tenantId }]);
    });

    test('is removed by the undo, which leaves that tenant', async () => {
      const order = anOrder();
      const tenantId = earlier(order);
      env.simulator.faults.next('POST /tenants', { stale: 1, drop: true });
      env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

      const status = await provision(order);

      expect(status).toMatchObject({ failureType: 'Undone' });
      expect(tenantsOf(order)).toMatchObject([{ id: tenantId }]);
    });
  });

  /** A run of this order that has made two; while it makes the user, others move into both. */
  async function usedByOthers(order: Order) {
    env.simulator.faults.next('POST /tenants', late);
    env.simulator.faults.next(USER, { delay: 2500 });
    const handle = await env.start(order, workflowIdOf(order));
    let made: string[] = [];
    while (made.length < 2) {
      await pause(20);
      made = tenantsOf(order).map(({ id }) => id);
    }
    for (const tenant_id of made) env.simulator.world.addUser({ tenant_id, login: `stranger-${tenant_id}` });
    return { handle, made };
  }

  test('stays when somebody uses it, and the completed run names it and is found by it', async () => {
    const order = anOrder();
    const { handle, made } = await usedByOthers(order);

    const status = await statusAtEnd(handle);

    const double = made.find((id) => id !== status.tenantId);
    expect(status).toMatchObject({
      state: 'completed',
      leftovers: [{ kind: 'tenant', id: double, link: `${env.simulator.url}/mc/` }],
    });
    expect((await handle.describe()).typedSearchAttributes.get(tenantryReason)).toBe('Leftovers');
    expect(tenantsOf(order)).toHaveLength(2);
  });

  test('is reported as possible by a run that keeps what it has made and cannot look for it', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
    const { handle } = await usedByOthers(order);
    env.simulator.faults.next('GET /tenants', { refuse: 403 }, { times: 99 });

    const status = await statusAtEnd(handle);
    env.simulator.faults.clear();

    expect(status).toMatchObject({
      failureType: 'Kept',
      leftovers: [{ kind: 'tenant', reason: expect.stringContaining('nobody knows whether there is a second tenant') }],
    });
  });

  test('is named also by a run that fails later and leaves all as it is', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });
    const { handle, made } = await usedByOthers(order);

    const status = await statusAtEnd(handle);

    const double = made.find((id) => id !== status.tenantId);
    expect(status).toMatchObject({
      failureType: 'Kept',
      leftovers: [{ kind: 'tenant', id: double, link: `${env.simulator.url}/mc/` }],
    });
  });
});
