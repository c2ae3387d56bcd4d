import { describe, expect, test } from '@jest/globals';
import { changeFirstUser, consoleClient, removeFirstUser } from '../support/console.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder, keyOf, workflowIdOf, ordersByKey, type Order } from '../support/orders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

// names need not be unique, so nothing but our own care keeps us from a second tenant
const env = useVirtualEnvironment({ uniqueNames: false });

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

/** An order that was carried out. */
async function finished(fields: Parameters<typeof anOrder>[0] = {}) {
  const order = anOrder(fields);
  const { tenantId = '' } = await provision(order);
  return { order, tenantId };
}

describe('an order whose administrator has got another login, given again,', () => {
  const login = (order: Order) => `new-${order.administrator.login}`;

  test.each(['completed', 'kept'])('finds the same user, makes none, and says so (%s)', async (before) => {
    const order = anOrder({ onFailure: 'keep' });
    if (before === 'kept') env.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });
    const { tenantId = '' } = await provision(order);
    await changeFirstUser(env.simulator, tenantId, { login: login(order) });

    const status = await provision(order);

    const [user, ...others] = env.simulator.world.users(tenantId);
    expect([user, others]).toMatchObject([{ login: login(order) }, []]);
    expect(status).toMatchObject({ state: 'completed', userId: user!.id, changed: before === 'kept' });
    const lastError = expect.stringMatching(new RegExp(`${order.administrator.login}.* to "${login(order)}"`));
    expect(status.steps.find(({ name }) => name === 'ensureUser')).toMatchObject({ state: 'adopted', lastError });
    expect(env.simulator.world.mails().filter(({ userId }) => userId === user!.id)).toHaveLength(1);
  });

  test('asks a person when its e-mail address is another one too', async () => {
    const { order, tenantId } = await finished({ onFailure: 'undo' });
    const contact = { email: `boss-${keyOf(order)}@example.com` };
    await changeFirstUser(env.simulator, tenantId, { login: login(order), contact });

    const status = await provision(order);

    const message = expect.stringMatching(/changed the login .* and its e-mail address too: set both as ordered/);
    expect(status).toMatchObject({ failureType: 'Refused', reason: { message } });
    expect(env.simulator.world.users(tenantId)).toHaveLength(1);
  });

  test('makes a new one once that user is deleted', async () => {
    const { order, tenantId } = await finished();
    await removeFirstUser(env.simulator, tenantId);

    expect(await provision(order)).toMatchObject({ state: 'completed', changed: true });
    expect(env.simulator.world.users(tenantId)).toMatchObject([{ login: order.administrator.login }]);
  });
});

test('an order whose administrator has only another e-mail address by now says that somebody has changed it', async () => {
  const { order, tenantId } = await finished({ onFailure: 'undo' });
  await changeFirstUser(env.simulator, tenantId, { contact: { email: `boss-${keyOf(order)}@example.com` } });

  const message = expect.stringMatching(
    /administrator\.email: somebody has changed the e-mail address .*in the console/,
  );
  expect(await provision(order)).toMatchObject({ failureType: 'Refused', reason: { message } });
});

test.each(['completed', 'kept'])(
  'an order whose tenant has lost its tag says that, not that the login is taken (%s)',
  async (before) => {
    const order = anOrder({ onFailure: 'keep' });
    if (before === 'kept') env.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });
    const { tenantId = '' } = await provision(order);
    const { tenants } = consoleClient(env.simulator);
    await tenants.update(tenantId, { version: (await tenants.get(tenantId)).version, internal_tag: 'mine' });

    const message = expect.stringMatching(
      new RegExp(`${tenantId}.*changed its internal tag to "mine".*set the tag to`),
    );
    expect(await provision({ ...order, onFailure: 'undo' })).toMatchObject({
      failureType: 'Refused',
      reason: { message },
    });
  },
);

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
