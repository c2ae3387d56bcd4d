import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { pause } from '../support/pause.js';
import { decideFor, startBlocked, waitForState } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const MAIL = 'POST /users/{id}/send-activation-email';
let made = 0;

/** The tenant of an earlier run, and an order for it. */
async function inAnEarlierTenant(fields: object) {
  const earlier = anOrder({ onFailure: 'keep' });
  env.simulator.faults.next(MAIL, { refuse: 403 });
  const { tenantId = '' } = await env.provision(earlier);
  env.simulator.faults.next(MAIL, { refuse: 403 });
  return { tenantId, order: { ...earlier, ...fields, onFailure: 'undo' as const }, earlier };
}

describe('a change that a proxy has sent twice, so that only the refusal of the second one arrives, is named by the undo', () => {
  const twice = { refuse: 409, code: 1001, commit: true };

  test('of the name', async () => {
    const { tenantId, order, earlier } = await inAnEarlierTenant({});
    env.simulator.faults.next('PUT /tenants/{id}', twice);

    const status = await env.provision({ ...order, customer: { ...earlier.customer, name: 'A New Name' } });

    const reason = expect.stringContaining(earlier.customer.name) as unknown;
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'setting', id: tenantId, reason }] });
  });

  test('to production', async () => {
    const { tenantId, order, earlier } = await inAnEarlierTenant({ billingMode: 'production' });
    env.simulator.faults.next('PUT /tenants/{id}/pricing', twice);

    const status = await env.provision({ ...order, confirm: earlier.customer.name });

    const reason = expect.stringContaining('it is in production') as unknown;
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'setting', id: tenantId, reason }] });
  });
});

describe('what a person has done while the run was blocked stays when the run is given up, and is named', () => {
  function anAddition() {
    made += 1;
    const login = `whose-${made}`;
    const id = env.simulator.world.addTenant({ name: `By whom ${made}`, kind: 'customer' });
    return { tenant: { id }, user: { login, email: `${login}@example.com` }, role: 'backup_user', onFailure: 'ask' };
  }

  async function givenUpAfter(order: ReturnType<typeof anAddition>, route: string, byHand: () => Promise<unknown>) {
    env.simulator.faults.next(route, { proxy: 400 }, { times: 4 });
    env.simulator.faults.next(MAIL, { refuse: 403 });
    const handle = await startBlocked(env, 'addUser', order, `by whom ${made}`);
    await pause(2000);
    await byHand();
    await decideFor(handle, 'retry');
    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ step: 'sendActivationEmail' });
    await decideFor(handle, 'abort');
    return await statusAtEnd(handle);
  }

  test('a user', async () => {
    const order = anAddition();
    const { login, email } = order.user;
    const { users } = consoleClient(env.simulator);
    const fields = { tenant_id: order.tenant.id, login, language: 'en', contact: { email } };

    const status = await givenUpAfter(order, 'POST /users', async () => await users.create(fields));

    const [user] = env.simulator.world.users(order.tenant.id);
    expect(user).toMatchObject({ login, enabled: true });
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'user', id: user!.id }] });
  });

  test('a role', async () => {
    const order = anAddition();
    const { login, email } = order.user;
    const { users } = consoleClient(env.simulator);
    const { id: userId } = await users.create({ tenant_id: order.tenant.id, login, contact: { email } });
    const policies = [{ tenantId: order.tenant.id, roleId: order.role }];

    const status = await givenUpAfter(
      order,
      'PUT /users/{id}/access_policies',
      async () => await users.replaceAccessPolicies(userId, policies),
    );

    expect(env.simulator.world.policies(userId)).toMatchObject([{ role_id: order.role }]);
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'user', id: userId }] });
  });
});
