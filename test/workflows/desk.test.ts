import { describe, expect, test } from '@jest/globals';
import { startBlockedAt, startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const asking = (fields = {}) => anOrder({ onFailure: 'ask', ...fields });
const forbidden = { refuse: 403, message: 'not for you' } as const;
/** After a block the run checks whether the user is still in its tenant before it gets the role. */
const READ_USER = 'GET /users/{id}';
const READ_ROLES = 'GET /users/{id}/access_policies';
const READ_TENANT = 'GET /tenants/{id}';
/** After a block the run checks whether tenant, user, role and items are still as they were. */
const onceMore = [
  'GET /tenants/{id}',
  READ_USER,
  'GET /users/{id}/access_policies',
  'GET /tenants/{id}/offering_items',
];
const ROLE = 'PUT /users/{id}/access_policies';

/** A customer whose login somebody else has; blocks before anything is made. */
async function blockedByLogin() {
  const order = asking({ administrator: { login: 'taken.login' } });
  const handle = await env.start(order);
  return { order, handle, status: await waitForState(handle, 'blocked') };
}

describe('a run that a person can help', () => {
  test('waits and says at which step, why, since when, and what can be done', async () => {
    const { handle, status } = await startBlockedAt(env, ROLE);

    expect(status.blocked).toEqual({
      step: 'assignRole',
      type: 'Acronis.Forbidden',
      message: expect.stringContaining('not for you'),
      since: expect.stringMatching(/^\d{4}-/),
      choices: ['retry', 'amend', 'abort'],
    });
    expect(status.steps.find(({ name }) => name === 'assignRole')?.state).toBe('failed');
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
  });

  test('goes on after retry from where it was, and keeps who decided and why', async () => {
    const { handle } = await startBlockedAt(env, ROLE);
    env.calls();

    const decision = await decideFor(handle, 'retry', { reason: 'right granted' });

    const status = await statusAtEnd(handle);
    expect(env.calls()).toEqual([
      READ_TENANT,
      READ_USER,
      READ_ROLES,
      ROLE,
      ...onceMore,
      'POST /users/{id}/send-activation-email',
    ]);
    expect(decision).toMatchObject({ choice: 'retry', step: 'assignRole', actor: 'ann', verified: false });
    expect(status).toMatchObject({ state: 'completed', decisions: [{ reason: 'right granted' }] });
    expect(status.steps.find(({ name }) => name === 'assignRole')).toMatchObject({ state: 'done', attempts: 2 });
  });

  test.each([
    ['has made the difference when its lost call had worked', { fault: 'garble' as const, changed: true }],
    ['has made none when it was refused and somebody else did it', { fault: forbidden, changed: false }],
  ])('and retries after a decision: %s', async (_what, { fault, changed }) => {
    const id = env.simulator.world.addTenant({ name: `Retried ${changed}`, kind: 'customer' });
    env.simulator.faults.next('PUT /tenants/{id}', fault, { about: [id] });
    if (changed) env.simulator.faults.next('GET /tenants/{id}', 'garble', { after: 2, times: 3, about: [id] });
    const handle = await startBlocked(env, 'disableTenant', { tenant: { id } });
    if (!changed) env.simulator.world.disable(id);

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed, adopted: ['disableTenant'] });
  });

  test('goes on with an amended login before anything was made', async () => {
    const { order, handle, status } = await blockedByLogin();
    expect(status.blocked).toMatchObject({ step: 'checkLogin', type: 'Acronis.Taken' });

    const administrator = { ...order.administrator, login: `free-${order.administrator.login}` };
    await decideFor(handle, 'amend', { input: { ...order, administrator } });

    const end = await statusAtEnd(handle);
    expect(end).toMatchObject({ state: 'completed' });
    expect(env.simulator.world.users(end.tenantId)[0]?.login).toBe(administrator.login);
  });

  test('repeats no finished step after an amendment', async () => {
    const { order, handle } = await startBlockedAt(env, 'POST /users');
    env.calls();

    const administrator = { ...order.administrator, login: `other-${order.administrator.login}` };
    await decideFor(handle, 'amend', { input: { ...order, administrator } });

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(env.calls()).toEqual([
      'GET /users/check_login',
      READ_TENANT,
      'GET /users',
      'POST /users',
      READ_USER,
      READ_ROLES,
      ROLE,
      ...onceMore,
      'POST /users/{id}/send-activation-email',
    ]);
  });

  test('leaves out an optional step after the decision to skip it', async () => {
    const { order, handle, status } = await startBlockedAt(env, 'PUT /tenants/{id}/mfa/status');
    expect(status.blocked.choices).toEqual(['retry', 'amend', 'skip', 'abort']);

    await decideFor(handle, 'skip');

    const end = await statusAtEnd(handle);
    expect(end.steps.find(({ name }) => name === 'requireTwoFactor')?.state).toBe('skipped');
    expect(end.state).toBe('completed');
    expect(env.simulator.world.customers().some(({ name }) => name === order.customer.name)).toBe(true);
  });

  test('removes what it made when it is aborted, and says who gave up and why', async () => {
    const { order, handle } = await startBlockedAt(env, ROLE);

    await decideFor(handle, 'abort', { reason: 'order withdrawn' });

    const end = await statusAtEnd(handle);
    expect(end).toMatchObject({ state: 'undone', failureType: 'Undone', reason: { step: 'assignRole' } });
    expect((end as { reason: { message: string } }).reason.message).toContain(
      'ann (not verified) gave up: order withdrawn',
    );
    expect(env.simulator.world.customers().some(({ name }) => name === order.customer.name)).toBe(false);
  });

  test('is undone, not refused, when it is given up before it has made anything', async () => {
    const { order, handle } = await blockedByLogin();

    await decideFor(handle, 'abort', { reason: 'order withdrawn' });

    const reason = { type: 'Undone', message: expect.stringContaining('ann (not verified) gave up: order withdrawn') };
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', failureType: 'Undone', reason });
    expect(env.simulator.world.customers().some(({ name }) => name === order.customer.name)).toBe(false);
  });

  test('is undone when it is cancelled while it waits', async () => {
    const { order, handle } = await startBlockedAt(env, ROLE);

    await handle.cancel();

    await expect(handle.result()).rejects.toThrow();
    expect(env.simulator.world.customers().some(({ name }) => name === order.customer.name)).toBe(false);
  });

  test('can be found by its state, step and reason, and not any more once it goes on', async () => {
    const { handle } = await startBlockedAt(env, ROLE);
    const found = async () => {
      const { typedSearchAttributes } = await handle.describe();
      return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    };
    expect(await found()).toMatchObject({
      TenantryState: 'blocked',
      TenantryStep: 'assignRole',
      TenantryReason: 'Acronis.Forbidden',
    });

    await decideFor(handle, 'retry');
    await handle.result();

    const after = await found();
    expect(after['TenantryState']).toBe('completed');
    expect([after['TenantryStep'], after['TenantryReason']]).toEqual([undefined, undefined]);
  });

  test('is not asked about what a person cannot help: a refused input undoes at once', async () => {
    const order = asking();
    env.simulator.faults.next(ROLE, { refuse: 400, message: 'no such role' });

    expect(await env.provision(order)).toMatchObject({ state: 'undone', reason: { type: 'Undone' } });
  });

  test('names all that hinders it, and one retry tries all of it', async () => {
    const order = asking();
    env.simulator.faults.next('PUT /tenants/{id}/mfa/status', forbidden);
    env.simulator.faults.next('POST /users', forbidden);
    const handle = await env.start(order);
    await waitUntil(async () => {
      const { blocked } = await waitForState(handle, 'blocked');
      return ['ensureUser', 'requireTwoFactor'].every((step) => `${blocked.step} ${blocked.message}`.includes(step));
    });

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  });
});
