import { describe, expect, test } from '@jest/globals';
import { consoleOf, removeUserOf } from '../support/console.js';
import { blockedRun, decideFor, expectSoon, reached } from '../support/desk.js';
import { statusAtEnd } from '../support/house.js';
import { idOf, keyedOrdersOf } from '../support/keyed-orders.js';
import { anOrder } from '../support/orders.js';
import { useHouse } from '../support/use-house.js';

// names need not be unique, so nothing but our own care keeps us from a second tenant
const house = useHouse({ uniqueNames: false });

const { provision, tenantsOf } = keyedOrdersOf(house);

describe('a finished order whose tenant has got another tag, and another login,', () => {
  async function retagged() {
    const order = anOrder();
    const { tenantId = '' } = await provision(order);
    const { tenants } = consoleOf(house.simulator);
    const { version, internal_tag: mark } = await tenants.get(tenantId);
    await tenants.update(tenantId, { version, internal_tag: 'crm:4711' });
    await removeUserOf(house.simulator, tenantId);
    return { order, tenantId, mark: mark! };
  }

  test('is put before a person, makes no second one, and goes on once the tag is there again', async () => {
    const { order, tenantId, mark } = await retagged();
    const id = idOf(order);

    const handle = await blockedRun(house, 'provisionCustomer', { ...order, onFailure: 'ask' }, id);
    const { blocked } = await reached(handle, 'blocked');

    const message = expect.stringMatching(new RegExp(`${tenantId}.*${id}.*"crm:4711".*"${mark}"`));
    expect(blocked).toMatchObject({ step: 'ensureCustomerTenant', type: 'Tenantry.Unexpected', message });
    const { tenants } = consoleOf(house.simulator);
    await tenants.update(tenantId, { version: (await tenants.get(tenantId)).version, internal_tag: mark });
    await decideFor(handle, 'retry');
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', tenantId });
    expect(tenantsOf(order)).toHaveLength(1);
  });

  test('is made again once that tenant is deleted', async () => {
    const { order, tenantId } = await retagged();
    house.simulator.world.remove(tenantId);

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed' });
    expect(tenantsOf(order)).toMatchObject([{ id: status.tenantId }]);
  });
});

test('a finished order that is given again waits for no order of another customer', async () => {
  const order = anOrder();
  const { tenantId } = await provision(order);
  house.simulator.faults.next('POST /tenants', { refuse: 503 }, { times: Infinity });
  const other = await house.start(anOrder());
  // the search of Temporal is late
  const query = `ExecutionStatus = 'Running' AND WorkflowId = '${other.workflowId}'`;
  await expectSoon(async () => (await house.client.workflow.count(query)).count === 1);

  const again = await house.start(order, idOf(order));

  expect(await reached(again, 'completed')).toMatchObject({ tenantId, changed: false });
  house.simulator.faults.clear();
  expect(await statusAtEnd(other)).toMatchObject({ state: 'completed' });
});
