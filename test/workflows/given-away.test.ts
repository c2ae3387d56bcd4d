import { describe, expect, test } from '@jest/globals';
import { consoleClient, removeFirstUser } from '../support/console.js';
import { anOrder, ordersByKey, workflowIdOf, type Order } from '../support/orders.js';
import { decideFor, startBlocked, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

// names need not be unique, so nothing but our own care keeps us from a second tenant
const env = useVirtualEnvironment({ uniqueNames: false });
const MAIL = 'POST /users/{id}/send-activation-email';
const STEP = 'ensureCustomerTenant';
const boss = { email: 'boss@real.example' };
const another = { name: 'Real GmbH', customer_id: 'contract-88', contact: boss };

const { provision, tenantsOf } = ordersByKey(env);
const tenantAt = (id: string) => env.simulator.world.tenant(id);

async function change(id: string, fields: object) {
  const { tenants } = consoleClient(env.simulator);
  await tenants.update(id, { version: (await tenants.get(id)).version, ...fields });
}

/** The order is given again, and a person is asked. */
async function givenAgain(order: Order) {
  const handle = await startBlocked(env, 'provisionCustomer', { ...order, onFailure: 'ask' }, workflowIdOf(order));
  return { handle, blocked: (await waitForState(handle, 'blocked')).blocked };
}

/** An order that failed at its last step, and whose tenant stayed because a person gave it to another customer. */
async function givenAway(fields: object, ordered: object = {}) {
  const order = anOrder({ onFailure: 'ask', customer: ordered });
  env.simulator.faults.next(MAIL, { refuse: 403 });
  const handle = await startBlocked(env, 'provisionCustomer', order, workflowIdOf(order));
  const { tenantId = '' } = await waitForState(handle, 'blocked');
  await change(tenantId, fields);
  await decideFor(handle, 'abort');
  expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Leftovers' });
  // else the login of the order would still be taken there
  await removeFirstUser(env.simulator, tenantId);
  return { order, tenantId };
}

describe('a tenant that a person has given to another customer, while its run was blocked,', () => {
  test.each<[string, object, RegExp]>([
    ['by contract number', another, /contract number "contract-88"/],
    ['by name and contact', { name: 'Real GmbH', contact: boss }, /both its name and its contact/],
  ])('stays as it is %s when the order is given again: a person is asked', async (_how, fields, why) => {
    const { order, tenantId } = await givenAway(fields);

    const { handle, blocked } = await givenAgain(order);

    expect(blocked).toMatchObject({
      step: STEP,
      type: 'Tenantry.Unexpected',
      message: expect.stringMatching(new RegExp(`${tenantId}.*${why.source}.*another internal tag.*retry`)),
    });
    expect(tenantAt(tenantId)).toMatchObject(fields);
    await change(tenantId, { internal_tag: 'crm:88' });
    await decideFor(handle, 'retry');
    const { state, tenantId: made } = await statusAtEnd(handle);
    expect({ state, isNew: made !== tenantId }).toEqual({ state: 'completed', isNew: true });
    expect(tenantAt(tenantId)).toMatchObject({ ...fields, internal_tag: 'crm:88' });
  });

  test('is used once it is as ordered again', async () => {
    const { order, tenantId } = await givenAway(another);
    const { handle } = await givenAgain(order);

    await change(tenantId, { customer_id: order.customer['customerId'], name: order.customer.name });
    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', tenantId });
  });

  test('stays as it is when that happens while its update was blocked', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next(MAIL, { refuse: 403 });
    const { tenantId = '' } = await provision(order);
    const right = { ...order, customer: { ...order.customer, name: `Right ${tenantId}` }, onFailure: 'ask' };
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 });
    const handle = await startBlocked(env, 'provisionCustomer', right, workflowIdOf(order));
    await change(tenantId, another);

    await decideFor(handle, 'retry');

    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ step: 'checkStillMeant', type: 'Tenantry.Unexpected' });
    expect(tenantAt(tenantId)).toMatchObject(another);
    await decideFor(handle, 'abort');
  });
});

test('a tenant whose name a person has corrected, or whose contact, is used as before', async () => {
  const order = anOrder();
  const { tenantId = '' } = await provision(order);
  await change(tenantId, { contact: boss });
  const before = await provision(order);
  await change(tenantId, { contact: { email: '' }, name: 'Corrected GmbH' });

  const after = await provision(order);

  expect([before, after]).toMatchObject([
    { state: 'completed', tenantId },
    { state: 'completed', tenantId },
  ]);
});

describe('a customer to which a person has copied the tag of a tenant that is deleted', () => {
  async function copied() {
    const order = anOrder();
    const { tenantId = '' } = await provision(order);
    const { internal_tag } = tenantAt(tenantId)!;
    const name = `Long here ${tenantId}`;
    const copy = env.simulator.world.addTenant({ name, customer_id: order.customer['customerId'] as string });
    env.simulator.world.addUser({ tenant_id: copy, login: `boss-${copy}` });
    await change(copy, { internal_tag });
    env.simulator.world.remove(tenantId);
    return { order, tenantId, copy, name };
  }

  test('is not adopted: a person is asked, and a new tenant is made once somebody has changed the tag', async () => {
    const { order, tenantId, copy, name } = await copied();

    const { handle, blocked } = await givenAgain(order);

    const message = expect.stringMatching(new RegExp(`${copy}.*made another tenant.*${tenantId}.*retry`));
    expect(blocked).toMatchObject({ step: STEP, type: 'Tenantry.Unexpected', message });
    await change(copy, { internal_tag: 'crm:1' });
    await decideFor(handle, 'retry');
    const status = await statusAtEnd(handle);
    expect(status).toMatchObject({ state: 'completed', changed: true });
    expect([tenantId, copy]).not.toContain(status.tenantId);
    expect(tenantAt(copy)).toMatchObject({ name });
    expect(env.simulator.world.users(copy)).toHaveLength(1);
  });

  test('is adopted once a person says by its tag that it is the customer of the order', async () => {
    const { order, copy } = await copied();
    const { handle, blocked } = await givenAgain(order);
    const [, tag] = /set the tag to "([^"]+)"/.exec(blocked.message)!;

    await change(copy, { internal_tag: tag });
    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', tenantId: copy });
    expect(tenantsOf(order)).toMatchObject([{ id: copy, name: order.customer.name }]);
  });
});
