import { describe, expect, test } from '@jest/globals';
import { startBlocked, decideFor } from '../support/runs.js';
import { consoleClient, removeFirstUser } from '../support/console.js';
import { expectComplete } from '../support/expect-complete.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder, workflowIdOf, keyOf, ordersByKey, type Order } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();

const { provision, tenantsOf } = ordersByKey(env);
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');

/** An order that was carried out. */
async function provisioned(fields: Parameters<typeof anOrder>[0] = {}) {
  const order = anOrder(fields);
  const { tenantId } = await provision(order);
  env.calls();
  return { order, tenantId: tenantId! };
}

describe('a finished order that is given again', () => {
  test('finds all so, writes nothing and mails nobody', async () => {
    const { order, tenantId } = await provisioned();

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', changed: false, tenantId });
    expect(writes()).toEqual([]);
  });

  test('does not lower a quota that people have raised below what they use: a person is asked', async () => {
    const { order, tenantId } = await provisioned({ quotas: { workstations: { limit: 25, overage: 0 } } });
    const { offeringItems } = consoleClient(env.simulator);
    const item = (await offeringItems.list(tenantId)).find(({ name }) => name === 'workstations')!;
    const quota = { value: 40, overage: 0, version: item.quota!.version };
    await offeringItems.put(tenantId, [{ application_id: item.application_id, name: item.name, status: 1, quota }]);
    env.simulator.world.setUsage(tenantId, 'workstations', 38);
    env.calls();

    const handle = await startBlocked(env, 'provisionCustomer', { ...order, onFailure: 'ask' }, workflowIdOf(order));

    const { blocked } = await handle.query<{ blocked: { message: string } }>('status');
    expect(blocked.message).toMatch(/quotas.workstations: the tenant uses 38 .* more than 25.*amend/is);
    expect(writes()).toEqual([]);
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
    const now = (await offeringItems.list(tenantId)).find(({ name }) => name === 'workstations')!;
    expect(now.quota?.value).toBe(40);
  });

  test('is made again once its tenant is gone', async () => {
    const { order, tenantId } = await provisioned();
    env.simulator.world.remove(tenantId);

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', changed: true, adopted: [] });
    expect(status.tenantId).not.toBe(tenantId);
    expectComplete(env.simulator, order.customer.name, order.administrator.login);
  });

  test('is the same order when only what to do about failures differs, or how its caller calls it', async () => {
    const { order } = await provisioned();

    const status = await provision({ ...order, onFailure: 'keep', externalRef: keyOf(order) });

    expect(status).toMatchObject({ state: 'completed', changed: false });
  });

  test.each(['as it was first', 'as it was amended'])('is no other order %s', async (which) => {
    const order = anOrder({ administrator: { login: 'taken.login' }, onFailure: 'ask' });
    const right = { ...order, administrator: { ...order.administrator, login: `free-${keyOf(order)}` } };
    const handle = await startBlocked(env, 'provisionCustomer', order, workflowIdOf(order));
    await decideFor(handle, 'amend', { input: right });
    await statusAtEnd(handle);
    const again = which === 'as it was first' ? order : right;

    const status = await provision({ ...again, onFailure: 'undo' });

    const taken = { reason: { type: 'Refused', message: expect.stringContaining('"taken.login" is taken') } };
    expect(status).toMatchObject(again === order ? taken : { state: 'completed', changed: false });
    expect(tenantsOf(order)).toHaveLength(1);
  });
});

describe('a finished order whose tenant keeps us out, given again,', () => {
  const alone = { customer: { managedByProvider: false } };

  test.each([{ by: 'email' }, { by: 'password', secretRef: 'env:ADMIN' }])(
    'adopts what was completed ($by), and says what nobody could look at',
    async (activation) => {
      const { order, tenantId } = await provisioned({ ...alone, activation });
      const [user] = env.simulator.world.users(tenantId);

      const first = await provision(order);
      const second = await provision(order);

      const unseen = { state: 'adopted', lastError: expect.stringContaining('keeps us out') };
      for (const status of [first, second]) {
        expect(status).toMatchObject({ state: 'completed', changed: false, tenantId, userId: user!.id });
        expect(status.steps.filter(({ name }) => /^(ensureUser|assignRole|send|setP)/.test(name))).toEqual([
          expect.objectContaining(unseen),
          expect.objectContaining(unseen),
          expect.objectContaining(unseen),
        ]);
      }
      expect(writes()).toEqual([]);
    },
  );

  test('takes no login for that of the order that was amended since', async () => {
    const order = anOrder({ ...alone, administrator: { login: 'taken.login' }, onFailure: 'ask' });
    const right = { ...order, administrator: { ...order.administrator, login: `free-${keyOf(order)}` } };
    const handle = await startBlocked(env, 'provisionCustomer', order, workflowIdOf(order));
    await decideFor(handle, 'amend', { input: right });
    await statusAtEnd(handle);

    expect(await provision({ ...order, onFailure: 'undo' })).toMatchObject({ failureType: 'Refused' });
    expect(await provision({ ...right, onFailure: 'undo' })).toMatchObject({ state: 'completed', changed: false });
  });

  test('does not call a user let in whose mail a person has skipped', async () => {
    const order = anOrder({ ...alone, onFailure: 'ask' });
    env.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });
    const handle = await startBlocked(env, 'provisionCustomer', order, workflowIdOf(order));
    await decideFor(handle, 'skip');
    await statusAtEnd(handle);

    const status = await provision({ ...order, onFailure: 'keep' });

    expect(status).toMatchObject({ failureType: 'Refused', reason: { step: 'sendActivationEmail' } });
  });
});

test('a finished order that is given again may be amended: it is the same order that a person has changed since', async () => {
  const { order, tenantId } = await provisioned();
  await removeFirstUser(env.simulator, tenantId);
  env.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });
  const handle = await startBlocked(env, 'provisionCustomer', { ...order, onFailure: 'ask' }, workflowIdOf(order));

  const activation = { by: 'password', secretRef: 'env:ADMIN' };
  await decideFor(handle, 'amend', { input: { ...order, activation } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true, tenantId });
});

test('a name that is amended after a lost answer still means the tenant that the lost call has made', async () => {
  const order = anOrder({ onFailure: 'ask' });
  // out of sight until the run has given up the name as taken
  env.simulator.faults.next('POST /tenants', { stale: 4, drop: true });
  const handle = await startBlocked(env, 'provisionCustomer', order, workflowIdOf(order));
  const name = `Right ${keyOf(order)}`;

  await decideFor(handle, 'amend', { input: { ...order, customer: { ...order.customer, name } } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(tenantsOf(order)).toMatchObject([{ name }]);
});

describe('another order for the key of a finished one', () => {
  const other = (order: Order, fields: object) => ({ ...order, ...fields });

  test.each(['ask', 'undo', 'keep'])(
    'is refused as Different while its tenant is there, with onFailure %s',
    async (onFailure) => {
      const { order, tenantId } = await provisioned();
      const administrator = { login: `next-${keyOf(order)}`, email: 'next@example.com' };

      const status = await provision(other(order, { administrator, twoFactor: false, onFailure }));

      expect(status).toMatchObject({ state: 'failed', failureType: 'Refused', reason: { type: 'Different' } });
      const { message } = (status as Extract<typeof status, { state: 'failed' }>).reason;
      expect(message).toMatch(
        new RegExp(`administrator.login was "${order.administrator.login}" and is "next-.*addUser`),
      );
      expect(message).toContain('twoFactor was true and is false');
      expect(message).toContain(tenantId);
      expect(writes()).toEqual([]);
    },
  );

  test('is refused for the difference and not for the login that its tenant has', async () => {
    const { order } = await provisioned();

    const status = await provision(
      other(order, { administrator: { ...order.administrator, email: 'other@example.com' }, onFailure: 'ask' }),
    );

    expect(status).toMatchObject({
      reason: { type: 'Different', message: expect.stringContaining('administrator.email') },
    });
  });

  test('is refused also when it says another parent, and when somebody has moved the tenant', async () => {
    const { order, tenantId } = await provisioned();
    const parentTenantId = env.simulator.world.addTenant({ name: `Parent ${tenantId}`, kind: 'partner' });
    env.simulator.world.giveItems(parentTenantId, 'standard');

    const status = await provision(other(order, { customer: { ...order.customer, parentTenantId } }));

    expect(status).toMatchObject({ reason: { type: 'Different' } });
    expect(tenantsOf(order)).toHaveLength(1);
  });

  test('is carried out once the tenant is gone', async () => {
    const { order, tenantId } = await provisioned();
    env.simulator.world.remove(tenantId);

    const status = await provision(other(order, { twoFactor: false }));

    expect(status).toMatchObject({ state: 'completed', changed: true });
    expect(tenantsOf(order)).toHaveLength(1);
  });

  test('is refused for a partner too, naming what changes it', async () => {
    const order = aPartnerOrder({ externalRef: 'partner-again' });
    await env.run('provisionPartner', order, 'provisionPartner:partner-again');

    const again = await env.run('provisionPartner', order, 'provisionPartner:partner-again');
    const all = { ...order, edition: undefined, editions: 'all' };
    const status = await env.run('provisionPartner', all, 'provisionPartner:partner-again');

    expect(again).toMatchObject({ state: 'completed', changed: false });
    expect(status).toMatchObject({ reason: { type: 'Different', message: expect.stringContaining('updatePartners') } });
  });
});
