import { describe, expect, test } from '@jest/globals';
import { consoleClient, removeFirstUser } from '../support/console.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/test-environment.js';
import { anOrder, workflowIdOf, ordersByKey } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

// names need not be unique, so nothing but our own care keeps us from a second tenant
const env = useTestEnvironment({ uniqueNames: false });

const { provision, tenantsOf } = ordersByKey(env);

describe('a finished order whose tenant has got another tag, and another login,', () => {
  async function retagged() {
    const order = anOrder();
    const { tenantId = '' } = await provision(order);
    const { tenants } = consoleClient(env.simulator);
    const { version, internal_tag: mark } = await tenants.get(tenantId);
    await tenants.update(tenantId, { version, internal_tag: 'crm:4711' });
    await removeFirstUser(env.simulator, tenantId);
    return { order, tenantId, mark: mark! };
  }

  test('is put before a person, makes no second one, and goes on once the tag is there again', async () => {
    const { order, tenantId, mark } = await retagged();
    const id = workflowIdOf(order);

    const handle = await startBlocked(env, 'provisionCustomer', { ...order, onFailure: 'ask' }, id);
    const { blocked } = await waitForState(handle, 'blocked');

    const message = expect.stringMatching(new RegExp(`${tenantId}.*${id}.*"crm:4711".*"${mark}"`));
    expect(blocked).toMatchObject({ step: 'ensureCustomerTenant', type: 'Tenantry.Unexpected', message });
    const { tenants } = consoleClient(env.simulator);
    await tenants.update(tenantId, { version: (await tenants.get(tenantId)).version, internal_tag: mark });
    await decideFor(handle, 'retry');
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', tenantId });
    expect(tenantsOf(order)).toHaveLength(1);
  });

  test('is made again once that tenant is deleted', async () => {
    const { order, tenantId } = await retagged();
    env.simulator.world.remove(tenantId);

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed' });
    expect(tenantsOf(order)).toMatchObject([{ id: status.tenantId }]);
  });
});

test('a finished order that is given again waits for no order of another customer', async () => {
  const order = anOrder();
  const { tenantId } = await provision(order);
  env.simulator.faults.next('POST /tenants', { refuse: 503 }, { times: Infinity });
  const other = await env.start(anOrder());
  // the search of Temporal is late
  const query = `ExecutionStatus = 'Running' AND WorkflowId = '${other.workflowId}'`;
  await waitUntil(async () => (await env.client.workflow.count(query)).count === 1);

  const again = await env.start(order, workflowIdOf(order));

  expect(await waitForState(again, 'completed')).toMatchObject({ tenantId, changed: false });
  env.simulator.faults.clear();
  expect(await statusAtEnd(other)).toMatchObject({ state: 'completed' });
});
