import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { startBlocked, decideFor } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const MAIL = 'POST /users/{id}/send-activation-email';
const PASSWORD = 'POST /users/{id}/password';
const byPassword = { by: 'password', secretRef: 'env:USER' };

const tenantOf = ({ customer: { name } }: ReturnType<typeof anOrder>) =>
  env.simulator.world.customers().find((one) => one.name === name);

/** The administrator follows an invitation from the console. */
function getsIn(tenantId: string): void {
  for (const { id } of env.simulator.world.users(tenantId)) env.simulator.world.activate(id);
}

async function givenUp(order: object, operation: string, meanwhile: () => unknown = () => undefined) {
  const handle = await startBlocked(env, operation, order);
  await meanwhile();
  await decideFor(handle, 'abort');
  return await statusAtEnd(handle);
}

describe('a customer whose run is given up', () => {
  test('stays when its administrator was invited in the console while the password could not be set', async () => {
    const order = anOrder({ onFailure: 'ask', activation: byPassword });
    env.simulator.faults.next(PASSWORD, { refuse: 403 });

    const status = await givenUp(order, 'provisionCustomer', () => getsIn(tenantOf(order)!.id));

    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'tenant', id: tenantOf(order)!.id }] });
  });

  test('stays when somebody got in while the run was blocked, after an answer to the password was lost', async () => {
    const order = anOrder({ onFailure: 'ask', activation: byPassword });
    env.simulator.faults.next(PASSWORD, { refuse: 500, commit: true });
    env.simulator.faults.next(PASSWORD, { refuse: 403 });

    const status = await givenUp(order, 'provisionCustomer');

    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'tenant', id: tenantOf(order)!.id }] });
  });

  test('goes when the run itself has set the password', async () => {
    const customer = { managedByProvider: false };
    const order = anOrder({ onFailure: 'ask', activation: byPassword, customer });
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 });

    expect(await givenUp(order, 'provisionCustomer')).toMatchObject({ state: 'undone' });
    expect(tenantOf(order)).toBeUndefined();
  });

  test('goes when the run itself has put it into production', async () => {
    const asked = anOrder({ onFailure: 'ask', billingMode: 'production' });
    const order = { ...asked, confirm: asked.customer.name };
    env.simulator.faults.next(MAIL, { refuse: 403 });

    expect(await givenUp(order, 'provisionCustomer')).toMatchObject({ state: 'undone' });
    expect(tenantOf(order)).toBeUndefined();
  });

  test('stays when a person has put it into production meanwhile', async () => {
    const order = anOrder({ onFailure: 'ask' });
    env.simulator.faults.next(MAIL, { refuse: 403 });

    const status = await givenUp(order, 'provisionCustomer', async () => {
      const { pricing } = consoleClient(env.simulator);
      const { id } = tenantOf(order)!;
      await pricing.put(id, { version: (await pricing.get(id)).version, mode: 'production' });
    });

    expect(status).toMatchObject({ leftovers: [{ kind: 'tenant', reason: expect.stringContaining('production') }] });
    expect(tenantOf(order)).toMatchObject({ enabled: true });
  });
});

test('a run whose creation was never answered says that a tenant may appear yet', async () => {
  const order = anOrder();
  env.simulator.faults.next('POST /tenants', { refuse: 503 });
  env.simulator.faults.next('POST /tenants', { refuse: 403 });

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'failed', failureType: 'Refused' });
  expect(status).toMatchObject({
    reason: { message: expect.stringMatching(/ends in "[0-9a-f-]{36}" may still appear/) },
  });
});

test('a user who was invited in the console and got in stays when the run that made it is given up', async () => {
  const tenantId = env.simulator.world.addTenant({ name: 'With a new user' });
  const user = { login: 'new-user', email: 'new-user@example.com' };
  env.simulator.faults.next(MAIL, { refuse: 403 });

  const order = { tenant: { id: tenantId }, user, role: 'backup_user', onFailure: 'ask' };
  const status = await givenUp(order, 'addUser', () => getsIn(tenantId));

  expect(status).toMatchObject({ leftovers: [{ kind: 'user', reason: expect.stringContaining('logged in') }] });
  expect(env.simulator.world.users(tenantId)).toMatchObject([{ login: user.login, enabled: true }]);
});
