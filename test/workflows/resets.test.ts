import { describe, expect, test } from '@jest/globals';
import { storedSecrets } from '../support/activities.js';
import { apiClients } from '../support/api-clients.js';
import { consoleClient } from '../support/console.js';
import { anOrder, keyOf, ordersByKey, workflowIdOf } from '../support/orders.js';
import { decideFor, reset, startBlocked, waitForState } from '../support/runs.js';
import { statusAtEnd, type FinalStatus } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

// only a real server resets a run
const env = useTestEnvironment({ uniqueNames: false });
const { tenantsOf } = ordersByKey(env);
const { anOrder: aClient, clientsOf, enabledOf, opens } = apiClients(env);
const MAIL = 'POST /users/{id}/send-activation-email';
const PUT = 'PUT /clients/{id}';
let made = 0;

function aTenant() {
  made += 1;
  return { id: env.simulator.world.addTenant({ name: `Reset ${made}` }) };
}

type Kept = FinalStatus & { secretRef: string };

const tokensOf = ({ id }: { id: string }) => env.simulator.world.registrationTokens(id).map(({ token }) => token);
const nameOf = (secretRef: unknown) => String(secretRef).replace('store:', '');

/** A user of a customer of its own, made by somebody else. */
async function aUser() {
  const { id: tenant_id } = aTenant();
  const login = `Reset.${made}`;
  await consoleClient(env.simulator).users.create({ tenant_id, login, contact: { email: 'user@example.com' } });
  return { login, order: { tenant: { id: tenant_id }, user: { login } } };
}

const mailsTo = (login: string) => env.simulator.world.mails().filter((mail) => mail.login === login).length;
const resend = async (order: object, id?: string) => await env.run('resendActivation', order, id);

describe('a finished run that is reset to its start', () => {
  test('keeps the token that it has issued before', async () => {
    const tenant = aTenant();
    const handle = await env.begin('issueAgentToken', { tenant });
    const before = (await statusAtEnd(handle)) as Kept;

    const status = (await statusAtEnd(await reset(env, handle, 'first'))) as Kept;

    expect(status).toMatchObject({ state: 'completed', adopted: ['issueAgentToken'] });
    expect(tokensOf(tenant)).toEqual([storedSecrets.get(nameOf(before.secretRef))]);
    expect(status.secretRef).toBe(before.secretRef);
  });

  test('names a token that is too short-lived to show who issued it', async () => {
    const order = { tenant: aTenant(), expiresIn: '10 minutes' };
    const handle = await env.begin('issueAgentToken', order);
    const before = (await statusAtEnd(handle)) as Kept & { tokenId: string };

    const status = await statusAtEnd(await reset(env, handle, 'first'));

    expect(status).toMatchObject({ leftovers: [{ kind: 'agent-token', id: before.tokenId }] });
    expect(tokensOf(order.tenant)).toHaveLength(2);
  });
});

test('a finished run that is reset sends no second mail, though an earlier run of its key has sent one too', async () => {
  const { login, order } = await aUser();
  const id = `resendActivation:reset-${login}`;
  await resend(order, id);
  let handle = await env.begin('resendActivation', order, id);
  await statusAtEnd(handle);

  for (const point of [{ before: 'sendActivationEmail' }, 'first'] as const) {
    handle = await reset(env, handle, point);
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: false });
  }

  expect(mailsTo(login)).toBe(2);
});

test('a run that was reset before its mail sends it, though an earlier run of its key has sent one', async () => {
  const { login, order } = await aUser();
  const id = `resendActivation:blocked-${login}`;
  await resend(order, id);
  env.simulator.faults.next(MAIL, { refuse: 403 });
  await env.begin('resendActivation', { ...order, onFailure: 'ask' }, id);
  const blocked = env.client.workflow.getHandle(id);
  await waitForState(blocked, 'blocked');

  const again = await reset(env, blocked, 'first');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed', changed: true });
  expect(mailsTo(login)).toBe(2);
});

describe('a rotation that is blocked, reset to its start', () => {
  async function aResetRotation() {
    const order = aClient();
    await env.run('createApiClient', order);
    const [before] = enabledOf(order);
    const secret = storedSecrets.get(order.secret)!;
    env.simulator.faults.next(PUT, { refuse: 403 }, { times: 2 });
    const blocked = await startBlocked(env, 'createApiClient', { ...order, rotate: true, onFailure: 'ask' });
    const handle = await reset(env, blocked, 'first');
    await waitForState(handle, 'blocked');
    return { order, before: before!, secret, handle };
  }

  test('keeps the client that it has made, and the secret that it has set aside', async () => {
    const { order, before, secret, handle } = await aResetRotation();
    const [after] = enabledOf(order).filter((id) => id !== before);
    expect([clientsOf(order).length, storedSecrets.get(`${order.secret}.previous`)]).toEqual([2, secret]);

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
    expect([enabledOf(order), await opens(order, after!)]).toEqual([[after], true]);
  });

  test('leaves nothing of its own when it is given up, and the old client with its secret', async () => {
    const { order, before, secret, handle } = await aResetRotation();

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    expect([clientsOf(order).length, enabledOf(order)]).toEqual([1, [before]]);
    expect([storedSecrets.get(order.secret), storedSecrets.has(`${order.secret}.previous`)]).toEqual([secret, false]);
  });
});

test('a run that is reset to just before the password does not overwrite the one that a user has by now', async () => {
  const order = anOrder({ activation: { by: 'password', secretRef: 'env:USER' } });
  const handle = await env.start(order);
  await statusAtEnd(handle);
  const { id } = env.simulator.world.users().find(({ login }) => login === order.administrator.login)!;
  await consoleClient(env.simulator).users.setPassword(id, 'Correct-horse-9');
  env.calls();

  const kept = expect.objectContaining({
    name: 'setPassword',
    state: 'adopted',
    lastError: expect.stringContaining('the user is activated already, so its password stays as it is'),
  });

  const again = await reset(env, handle, { before: 'setPassword' });

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed', steps: expect.arrayContaining([kept]) });
  expect(env.calls()).not.toContain('POST /users/{id}/password');
});

test('a run that is reset after it completed goes on with the tenant that it has used', async () => {
  const order = anOrder();
  const handle = await env.start(order, workflowIdOf(order));
  const { tenantId } = await statusAtEnd(handle);
  const { internal_tag } = env.simulator.world.tenant(tenantId!) as unknown as { internal_tag: string };
  const name = `Copy of ${keyOf(order)}`;
  const copy = env.simulator.world.addTenant({ name, customer_id: keyOf(order), internal_tag });

  const status = await statusAtEnd(await reset(env, handle, 'first'));

  // its mark alone does not say that this run has made the other one
  const leftovers = [{ kind: 'tenant', id: copy, reason: expect.stringContaining(name) }];
  expect(status).toMatchObject({ state: 'completed', tenantId, leftovers });
  expect(tenantsOf(order).map(({ id, enabled }) => [id, enabled])).toEqual([
    [tenantId, true],
    [copy, true],
  ]);
});

test('a tenant that a person has given to another customer stays as it is when its own run is reset', async () => {
  const order = anOrder({ onFailure: 'ask' });
  const { tenantId = '' } = await statusAtEnd(await env.start(order, workflowIdOf(order)));
  const given = { name: 'Real GmbH', contact: { email: 'boss@real.example' } };
  const { tenants } = consoleClient(env.simulator);
  await tenants.update(tenantId, { version: (await tenants.get(tenantId)).version, ...given });

  const handle = await reset(env, env.client.workflow.getHandle(workflowIdOf(order)), 'first');

  expect((await waitForState(handle, 'blocked')).blocked).toMatchObject({
    step: 'ensureCustomerTenant',
    type: 'Tenantry.Unexpected',
  });
  expect(env.simulator.world.tenant(tenantId)).toMatchObject(given);
  await decideFor(handle, 'abort');
});
