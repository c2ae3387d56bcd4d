import { describe, expect, test } from '@jest/globals';
import { startBlocked, decideFor } from '../support/runs.js';
import { consoleClient, renameTenant, setFirstUser } from '../support/console.js';
import { expectComplete } from '../support/expect-complete.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
type Order = ReturnType<typeof anOrder>;

const idOf = (order: Order) => `provisionCustomer:${order.customer['customerId'] as string}`;
const provision = async (order: Order) => await env.provision(order, idOf(order));
const blocked = async (order: object, id: string, operation = 'provisionCustomer') =>
  await startBlocked(env, operation, { ...order, onFailure: 'ask' }, id);

async function provisioned(fields: Parameters<typeof anOrder>[0] = {}) {
  const order = anOrder(fields);
  const { tenantId } = await provision(order);
  return { order, tenantId: tenantId! };
}

const setUser = async (tenantId: string, enabled: boolean) => await setFirstUser(env.simulator, tenantId, enabled);

test('a tenant that an undo of ours switched off and could not delete is switched on again', async () => {
  const order = anOrder();
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 });
  const first = await provision(order);
  expect(first).toMatchObject({ failureType: 'Leftovers' });
  expect(env.simulator.world.tenant(first.tenantId!)).toMatchObject({ enabled: false });

  const status = await provision(order);

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: first.tenantId });
  expectComplete(env.simulator, order.customer.name, order.administrator.login);
  const tenant = env.simulator.world.tenant(first.tenantId!) as { enabled?: boolean; internal_tag?: string };
  expect(tenant).toMatchObject({ enabled: true });
  expect(tenant.internal_tag).not.toContain('undoing');
});

describe('a leftover that is ordered again with another name, and cannot be completed,', () => {
  /** What an undo has left, and an order for it of another name and contact. */
  async function leftover() {
    const order = anOrder();
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 });
    const { tenantId = '' } = await provision(order);
    const contact = { email: 'right@example.com' };
    const right = { ...order, customer: { ...order.customer, name: `Right ${tenantId}`, contact } };
    env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
    return { tenantId, right, before: lookOf(tenantId) };
  }
  const lookOf = (id: string) => {
    const { name, enabled, internal_tag, contact } = env.simulator.world.tenant(id) as never;
    const { version } = env.simulator.world.tenant(id) as never;
    // the sign of an undo names the version that it has brought
    const tag = (internal_tag as string).replace(new RegExp(`:${String(version)}$`), ':now');
    return { name, enabled, tag, email: (contact as { email: string }).email };
  };

  test('is as it was before, off and under its old name', async () => {
    const { tenantId, right, before } = await leftover();

    expect(await provision(right)).toMatchObject({ failureType: 'Undone' });

    expect(lookOf(tenantId)).toEqual(before);
    expect(before).toMatchObject({ enabled: false, tag: expect.stringMatching(/:undoing:now$/) });
  });

  test('is as it was before also when the answer about its change was lost', async () => {
    const { tenantId, right, before } = await leftover();
    env.simulator.faults.next('PUT /tenants/{id}', 'commit-then-drop');

    expect(await provision(right)).toMatchObject({ failureType: 'Undone' });

    expect(lookOf(tenantId)).toEqual(before);
  });

  test('stays as it is and is named, with what it was, once others have changed it too', async () => {
    const { tenantId, right, before } = await leftover();
    const handle = await blocked(right, idOf(right));
    await renameTenant(env.simulator, tenantId, 'Theirs');

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'setting', id: tenantId, reason: expect.stringContaining(before.name) }],
    });
    expect(lookOf(tenantId)).toMatchObject({ name: 'Theirs' });
  });
});

test('one that a person has switched on, and off again, is not', async () => {
  const order = anOrder();
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 });
  const { tenantId = '' } = await provision(order);
  env.simulator.world.enable(tenantId);
  await provision(order);
  env.simulator.world.disable(tenantId);

  const handle = await blocked(order, idOf(order));

  expect(await handle.query('status')).toMatchObject({ blocked: { type: 'Tenantry.SwitchedOff' } });
  await decideFor(handle, 'abort');
});

test('nor is one that "enableTenant" has switched on, and a person off again', async () => {
  const order = anOrder();
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 });
  const { tenantId = '' } = await provision(order);
  expect(await env.run('enableTenant', { tenant: { id: tenantId } })).toMatchObject({ state: 'completed' });
  env.simulator.world.disable(tenantId);

  const handle = await blocked(order, idOf(order));

  expect(await handle.query('status')).toMatchObject({ blocked: { type: 'Tenantry.SwitchedOff' } });
  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
  await decideFor(handle, 'abort');
});

test('a tenant that is deleted while its run is blocked is made again, with all that was in it', async () => {
  const { order, tenantId } = await provisioned();
  env.simulator.world.disable(tenantId);
  const handle = await blocked(order, idOf(order));
  const { tenants } = consoleClient(env.simulator);
  await tenants.remove(tenantId, (await tenants.get(tenantId)).version);

  await decideFor(handle, 'retry');

  const status = await statusAtEnd(handle);
  expect(status).toMatchObject({ state: 'completed', changed: true });
  expect(status.tenantId).not.toBe(tenantId);
  expectComplete(env.simulator, order.customer.name, order.administrator.login);
});

test('a tenant that anybody else switched off blocks the run with the remedy, and is used once it is on', async () => {
  const { order, tenantId } = await provisioned();
  env.simulator.world.disable(tenantId);

  const handle = await blocked(order, idOf(order));

  expect(await handle.query('status')).toMatchObject({
    blocked: {
      step: 'ensureCustomerTenant',
      type: 'Tenantry.SwitchedOff',
      message: expect.stringMatching(new RegExp(`enableTenant.*${tenantId}.*retry`)),
    },
  });
  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
  env.simulator.world.enable(tenantId);
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: false, tenantId });
});

test('so does one above it', async () => {
  const parentTenantId = env.simulator.world.addTenant({ name: 'Sleeping parent', kind: 'partner' });
  env.simulator.world.giveItems(parentTenantId, 'standard');
  const { order } = await provisioned({ customer: { parentTenantId } });
  env.simulator.world.disable(parentTenantId);

  const handle = await blocked(order, idOf(order));

  expect(await handle.query('status')).toMatchObject({
    blocked: { type: 'Tenantry.SwitchedOff', message: expect.stringContaining('Sleeping parent') },
  });
  await decideFor(handle, 'abort');
  expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Undone' });
});

test('nobody is asked when the order says to undo: it is refused, and all is as before', async () => {
  const { order, tenantId } = await provisioned();
  env.simulator.world.disable(tenantId);

  expect(await provision(order)).toMatchObject({ failureType: 'Refused', reason: { step: 'ensureCustomerTenant' } });
  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
});

describe('a user who may not log in any more', () => {
  test('blocks the provisioning that would call the customer complete', async () => {
    const { order, tenantId } = await provisioned();
    await setUser(tenantId, false);

    const handle = await blocked(order, idOf(order));

    expect(await handle.query('status')).toMatchObject({
      blocked: {
        step: 'checkLogin',
        type: 'Tenantry.SwitchedOff',
        message: expect.stringMatching(/administrator\.login/),
      },
    });
    await setUser(tenantId, true);
    await decideFor(handle, 'retry');
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  });

  test.each(['addUser', 'enableBackupUser'])('blocks %s as well', async (operation) => {
    const { order, tenantId } = await provisioned();
    await setUser(tenantId, false);
    const { login, email } = order.administrator;
    const wanted = { tenant: { id: tenantId }, user: { login, email }, role: 'backup_user' };

    const handle = await blocked(wanted, `${operation} ${tenantId}`, operation);

    expect(await handle.query('status')).toMatchObject({
      blocked: { step: 'findMember', type: 'Tenantry.SwitchedOff' },
    });
    await decideFor(handle, 'abort');
  });
});

test.each(['addUser', 'enableBackupUser'])('%s waits for a tenant that is switched off', async (operation) => {
  const { tenantId } = await provisioned();
  env.simulator.world.disable(tenantId);
  const user = { login: `late-${tenantId}`, email: 'late@example.com' };

  const handle = await blocked({ tenant: { id: tenantId }, user, role: 'backup_user' }, `${operation} late`, operation);

  expect(await handle.query('status')).toMatchObject({
    blocked: { step: 'findTenant', type: 'Tenantry.SwitchedOff', message: expect.stringContaining('enableTenant') },
  });
  expect(await env.run('enableTenant', { tenant: { id: tenantId } })).toMatchObject({ state: 'completed' });
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
});
