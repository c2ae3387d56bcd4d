import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { markText } from '../../workflows/shared/mark.js';
import { tenantryReason } from '../../workflows/shared/search-attributes.js';
import type { OperationStatus } from '../../workflows/shared/status.js';
import { blockedRun, decideFor, expectSoon } from '../support/desk.js';
import { expectComplete } from '../support/expect-complete.js';
import { statusAtEnd } from '../support/house.js';
import { anOrder } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { removeUserOf } from '../support/console.js';
import { useHouse } from '../support/use-house.js';

// names need not be unique, so nothing but our own care keeps us from a second tenant
const house = useHouse({ uniqueNames: false });
const USER = 'POST /users';
type Order = ReturnType<typeof anOrder>;

const keyOf = (order: Order) => order.customer['customerId'] as string;
const provision = async (order: Order) => await house.provision(order, `provisionCustomer:${keyOf(order)}`);
const tenantsOf = (order: Order) =>
  house.simulator.world.customers().filter(({ customer_id }) => customer_id === keyOf(order));

/** An order whose run failed half-way and left all as it was. */
async function kept(fields: Parameters<typeof anOrder>[0] = {}, at = USER) {
  const order = anOrder({ ...fields, onFailure: 'keep' });
  house.simulator.faults.next(at, { refuse: 403 });
  const status = await provision(order);
  expect(status).toMatchObject({ failureType: 'Kept' });
  return { order, tenantId: status.tenantId! };
}

describe('an order whose first run left its tenant', () => {
  test('makes no second one when it is given again', async () => {
    const { order, tenantId } = await kept();

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', tenantId, changed: true });
    expectComplete(house.simulator, order.customer.name, order.administrator.login);
  });

  test('makes no second one when its name is corrected: the tenant gets the new name, language and contact', async () => {
    const { order, tenantId } = await kept();
    const contact = { email: 'right@example.com' };
    const right = { ...order, customer: { ...order.customer, name: `Right ${keyOf(order)}`, language: 'de', contact } };

    const status = await provision(right);

    expect(status).toMatchObject({ state: 'completed', changed: true, tenantId });
    expect(status.steps.map(({ name }) => name)).toContain('updateTenant');
    expect(tenantsOf(order)).toMatchObject([{ id: tenantId, name: right.customer.name, language: 'de', contact }]);
  });

  test('is found from another door', async () => {
    const { order, tenantId } = await kept();
    const user = { login: `user-${keyOf(order)}`, email: 'user@example.com' };
    const other = { customer: order.customer, user, activation: { by: 'password', secretRef: 'env:USER' } };

    const status = await house.run('enableBackupUser', other, `enableBackupUser:${keyOf(order)}`);

    expect(status).toMatchObject({ state: 'completed', tenantId });
    expect(tenantsOf(order)).toHaveLength(1);
  });

  test.each([
    ['without a user', USER],
    ['with its user', 'PUT /users/{id}/access_policies'],
  ])(
    'is found %s where it was made, and a person is asked when the order says another parent now',
    async (_how, at) => {
      const { order, tenantId } = await kept({}, at);
      const parentTenantId = house.simulator.world.addTenant({ name: `New home of ${tenantId}`, kind: 'partner' });
      house.simulator.world.giveItems(parentTenantId, 'standard');
      const moved = { ...order, customer: { ...order.customer, parentTenantId }, onFailure: 'ask' };

      const handle = await blockedRun(house, 'provisionCustomer', moved, `provisionCustomer:${keyOf(order)}`);

      expect(await handle.query('status')).toMatchObject({
        blocked: {
          step: 'ensureCustomerTenant',
          type: 'Tenantry.Unexpected',
          message: expect.stringContaining(tenantId),
        },
      });
      expect(tenantsOf(order)).toHaveLength(1);
      await decideFor(handle, 'abort');
      expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Refused' });
    },
  );

  test('that is of a partner makes no second one either', async () => {
    const order = aPartnerOrder({ onFailure: 'keep', externalRef: 'partner-kept' });
    house.simulator.faults.next(USER, { refuse: 403 });
    const first = await house.run('provisionPartner', order, 'provisionPartner:partner-kept');
    const right = { ...order, partner: { name: 'Partner, rightly' } };

    const status = await house.run('provisionPartner', right, 'provisionPartner:partner-kept');

    expect(first).toMatchObject({ failureType: 'Kept' });
    expect(status).toMatchObject({ state: 'completed', tenantId: first.tenantId });
    expect(house.simulator.world.tenant(first.tenantId!)).toMatchObject({ name: 'Partner, rightly' });
  });
});

test('a run that has waited for another looks again for the tenant, although the user is gone by then', async () => {
  const order = anOrder({ onFailure: 'ask' });
  house.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  const first = await blockedRun(house, 'provisionCustomer', order, 'typed by hand');
  const second = await house.start(order, `provisionCustomer:${keyOf(order)}`);
  await expectSoon(async () => 'waitsFor' in (await second.query<OperationStatus>('status')));
  const [tenantId = ''] = tenantsOf(order).map(({ id }) => id);
  await removeUserOf(house.simulator, tenantId);

  await first.terminate('as if somebody had stopped it');

  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', tenantId });
  expect(tenantsOf(order)).toHaveLength(1);
});

describe('a tenant of which the answer was lost, and that shows only after another was made', () => {
  /** Longer than the run looks for it before it makes another. */
  const late = { stale: 2, drop: true };

  test('is removed before the run completes', async () => {
    const order = anOrder();
    house.simulator.faults.next('POST /tenants', late);

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', changed: true });
    expect(status.steps.map(({ name }) => name)).toContain('removeDoubles');
    expect(tenantsOf(order)).toMatchObject([{ id: status.tenantId }]);
    expect(house.calls().at(-1)).toBe('POST /users/{id}/send-activation-email');
  });

  test('is removed also when it shows only at the last look', async () => {
    const order = anOrder();
    house.simulator.faults.next('POST /tenants', { stale: 3, drop: true });

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed' });
    expect(tenantsOf(order)).toMatchObject([{ id: status.tenantId }]);
  });

  test('is removed also where it is a partner', async () => {
    const order = aPartnerOrder();
    house.simulator.faults.next('POST /tenants', late);

    const status = await house.run('provisionPartner', order);

    expect(status).toMatchObject({ state: 'completed' });
    const named = house.simulator.world.tenants().filter(({ name }) => name === order.partner.name);
    expect(named).toMatchObject([{ id: status.tenantId }]);
  });

  test('is removed by an undo too, which finds the other one first', async () => {
    const order = anOrder();
    house.simulator.faults.next('POST /tenants', { stale: 3, drop: true });
    house.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

    expect(await provision(order)).toMatchObject({ failureType: 'Undone' });

    expect(tenantsOf(order)).toEqual([]);
  });

  describe('beside the tenant of an earlier run of which nobody has heard', () => {
    const earlier = (order: Order) => {
      const mark = { environment: 'test', key: keyOf(order), runId: randomUUID() };
      const fields = { name: `Earlier ${keyOf(order)}`, customer_id: keyOf(order), internal_tag: markText(mark) };
      return house.simulator.world.addTenant(fields);
    };

    test('is removed before the run completes with that tenant', async () => {
      const order = anOrder();
      const tenantId = earlier(order);
      house.simulator.faults.next('POST /tenants', { stale: 1, drop: true });

      const status = await provision(order);

      expect(status).toMatchObject({ state: 'completed', tenantId });
      expect(tenantsOf(order)).toMatchObject([{ id: tenantId }]);
    });

    test('is removed by the undo, which leaves that tenant', async () => {
      const order = anOrder();
      const tenantId = earlier(order);
      house.simulator.faults.next('POST /tenants', { stale: 1, drop: true });
      house.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

      const status = await provision(order);

      expect(status).toMatchObject({ failureType: 'Undone' });
      expect(tenantsOf(order)).toMatchObject([{ id: tenantId }]);
    });
  });

  /** A run of this order that has made two; while it makes the user, others move into both. */
  async function usedByOthers(order: Order) {
    house.simulator.faults.next('POST /tenants', late);
    house.simulator.faults.next(USER, { delay: 2500 });
    const handle = await house.start(order, `provisionCustomer:${keyOf(order)}`);
    let made: string[] = [];
    while (made.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      made = tenantsOf(order).map(({ id }) => id);
    }
    for (const tenant_id of made) house.simulator.world.addUser({ tenant_id, login: `stranger-${tenant_id}` });
    return { handle, made };
  }

  test('stays when somebody uses it, and the completed run names it and is found by it', async () => {
    const order = anOrder();
    const { handle, made } = await usedByOthers(order);

    const status = await statusAtEnd(handle);

    const double = made.find((id) => id !== status.tenantId);
    expect(status).toMatchObject({
      state: 'completed',
      leftovers: [{ kind: 'tenant', id: double, link: `${house.simulator.url}/mc/` }],
    });
    expect((await handle.describe()).typedSearchAttributes.get(tenantryReason)).toBe('Leftovers');
    expect(tenantsOf(order)).toHaveLength(2);
  });

  test('is named also by a run that fails later and leaves all as it is', async () => {
    const order = anOrder({ onFailure: 'keep' });
    house.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });
    const { handle, made } = await usedByOthers(order);

    const status = await statusAtEnd(handle);

    const double = made.find((id) => id !== status.tenantId);
    expect(status).toMatchObject({
      failureType: 'Kept',
      leftovers: [{ kind: 'tenant', id: double, link: `${house.simulator.url}/mc/` }],
    });
  });
});
