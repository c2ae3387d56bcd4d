import { describe, expect, test } from '@jest/globals';
import type { OperationStatus } from '../../contract/status.js';
import { startBlocked, decideFor, waitUntil } from '../support/runs.js';
import { expectComplete } from '../support/expect-complete.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder, workflowIdOf, keyOf, ordersByKey } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { removeFirstUser } from '../support/console.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

// names need not be unique, so nothing but our own care keeps us from a second tenant
const env = useVirtualEnvironment({ uniqueNames: false });
const USER = 'POST /users';

const { provision, tenantsOf } = ordersByKey(env);

/** An order whose run failed half-way and left all as it was. */
async function kept(fields: Parameters<typeof anOrder>[0] = {}, at = USER) {
  const order = anOrder({ ...fields, onFailure: 'keep' });
  env.simulator.faults.next(at, { refuse: 403 });
  const status = await provision(order);
  expect(status).toMatchObject({ failureType: 'Kept' });
  return { order, tenantId: status.tenantId! };
}

describe('an order whose first run left its tenant', () => {
  test('makes no second one when it is given again', async () => {
    const { order, tenantId } = await kept();

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', tenantId, changed: true });
    expectComplete(env.simulator, order.customer.name, order.administrator.login);
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
    const activation = { by: 'password', secretRef: 'env:USER' };
    const other = { customer: order.customer, user, activation, infra: order['infra'] };

    const status = await env.run('enableBackupUser', other, `enableBackupUser:${keyOf(order)}`);

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
      const parentTenantId = env.simulator.world.addTenant({ name: `New home of ${tenantId}`, kind: 'partner' });
      env.simulator.world.giveItems(parentTenantId, 'standard');
      const moved = { ...order, customer: { ...order.customer, parentTenantId }, onFailure: 'ask' };

      const handle = await startBlocked(env, 'provisionCustomer', moved, workflowIdOf(order));

      expect(await handle.query('status')).toMatchObject({
        blocked: {
          step: 'ensureCustomerTenant',
          type: 'Tenantry.Unexpected',
          message: expect.stringContaining(tenantId),
        },
      });
      expect(tenantsOf(order)).toHaveLength(1);
      await decideFor(handle, 'abort');
      expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Undone' });
    },
  );

  test('that is of a partner makes no second one either', async () => {
    const order = aPartnerOrder({ onFailure: 'keep', externalRef: 'partner-kept' });
    env.simulator.faults.next(USER, { refuse: 403 });
    const first = await env.run('provisionPartner', order, 'provisionPartner:partner-kept');
    const right = { ...order, partner: { name: 'Partner, rightly' } };

    const status = await env.run('provisionPartner', right, 'provisionPartner:partner-kept');

    expect(first).toMatchObject({ failureType: 'Kept' });
    expect(status).toMatchObject({ state: 'completed', tenantId: first.tenantId });
    expect(env.simulator.world.tenant(first.tenantId!)).toMatchObject({ name: 'Partner, rightly' });
  });
});

/** As after the retention of the namespace. */
async function forget(workflowId: string): Promise<void> {
  const { workflow, workflowService } = env.client;
  const { runId } = await workflow.getHandle(workflowId).describe();
  await workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId, runId } });
  await waitUntil(async () => {
    for await (const run of workflow.list({ query: `WorkflowId = '${workflowId}'` })) return run.workflowId === '';
    return true;
  });
}

describe('an order whose first run Temporal has forgotten', () => {
  test('makes no second customer: the queue of its key remembers that run', async () => {
    const { order, tenantId } = await kept();
    await forget(workflowIdOf(order));

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', tenantId });
    expect(tenantsOf(order)).toHaveLength(1);
  });

  test('makes no second partner either', async () => {
    const order = aPartnerOrder({ onFailure: 'keep', externalRef: 'partner-forgotten' });
    const id = 'provisionPartner:partner-forgotten';
    env.simulator.faults.next(USER, { refuse: 403 });
    const first = await env.run('provisionPartner', order, id);
    await forget(id);

    const status = await env.run('provisionPartner', order, id);

    expect(first).toMatchObject({ failureType: 'Kept' });
    expect(status).toMatchObject({ state: 'completed', tenantId: first.tenantId });
  });
});

test('a run that has waited for another looks again for the tenant, although the user is gone by then', async () => {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  const first = await startBlocked(env, 'provisionCustomer', order, 'typed by hand');
  const second = await env.start(order, workflowIdOf(order));
  await waitUntil(async () => 'waitsFor' in (await second.query<OperationStatus>('status')));
  const [tenantId = ''] = tenantsOf(order).map(({ id }) => id);
  await removeFirstUser(env.simulator, tenantId);

  await first.terminate('as if somebody had stopped it');

  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', tenantId });
  expect(tenantsOf(order)).toHaveLength(1);
});
