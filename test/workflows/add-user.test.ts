import type { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, test } from '@jest/globals';
import { isCancellation } from '@temporalio/workflow';
import type { Fault } from '../../simulator/index.js';
import { startBlocked, decideFor, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { consoleClient } from '../support/console.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const ROLE = 'PUT /users/{id}/access_policies';
const MAIL = 'POST /users/{id}/send-activation-email';
let made = 0;

function anAddition(fields: object = {}) {
  made += 1;
  const tenantId = env.simulator.world.addTenant({ name: `Adding ${made}`, kind: 'customer' });
  const user = { login: `added-${made}`, email: `added-${made}@example.com` };
  return { tenant: { id: tenantId }, user, role: 'backup_user', onFailure: 'undo', ...fields };
}

const usersOf = (order: { tenant: { id: string } }) => env.simulator.world.users(order.tenant.id);
const rolesOf = (userId: string) => env.simulator.world.policies(userId).map(({ role_id }) => role_id);
const mailsTo = (login: string) => env.simulator.world.mails().filter((mail) => mail.login === login).length;

test('a new user has the role, and the mail goes out last', async () => {
  const order = anAddition();
  env.calls();

  const status = await env.run('addUser', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, adopted: [], tenantId: order.tenant.id });
  const [user] = usersOf(order);
  expect([user!.login, rolesOf(user!.id), mailsTo(user!.login)]).toEqual([order.user.login, ['backup_user'], 1]);
  expect(env.calls().at(-1)).toBe(MAIL);
});

test('a repeat changes nothing and mails nobody', async () => {
  const order = anAddition();
  await env.run('addUser', order);
  env.calls();

  const status = await env.run('addUser', order);

  expect(status).toMatchObject({ changed: false, adopted: ['ensureUser', 'assignRole', 'sendActivationEmail'] });
  expect(env.calls().filter((route) => !route.startsWith('GET '))).toEqual([]);
});

test('a run that asked for two mails without an answer says that the user may not be invited, and so does a repeat', async () => {
  const order = anAddition();
  env.simulator.faults.next(MAIL, { refuse: 503, html: true }, { times: 2 });

  const first = await env.run('addUser', order);
  const again = await env.run('addUser', order);

  const { id } = usersOf(order)[0]!;
  const named = { kind: 'user', id, reason: expect.stringContaining('may never have been invited') as unknown };
  for (const status of [first, again]) expect(status).toMatchObject({ state: 'completed', leftovers: [named] });
  expect(mailsTo(order.user.login)).toBe(0);
  expect(again).toMatchObject({ changed: false });
});

test('a partner gets an administrator', async () => {
  const tenantId = env.simulator.world.addTenant({ name: 'Adding partner', kind: 'partner' });
  const order = anAddition({ tenant: { id: tenantId }, role: 'partner_admin' });

  expect(await env.run('addUser', order)).toMatchObject({ state: 'completed' });
  expect(rolesOf(env.simulator.world.users(tenantId)[0]!.id)).toEqual(['partner_admin']);
});

test('a user who was there and is in keeps the other roles, and gets no password of ours', async () => {
  const order = anAddition();
  await env.run('addUser', { ...order, role: 'company_admin' });
  env.simulator.world.activate(usersOf(order)[0]!.id);
  env.calls();

  const status = await env.run('addUser', { ...order, activation: { by: 'password', secretRef: 'env:USER' } });

  expect(status).toMatchObject({ state: 'completed', adopted: ['ensureUser', 'setPassword'] });
  const [user] = usersOf(order);
  expect(rolesOf(user!.id).sort()).toEqual(['backup_user', 'company_admin']);
  expect(env.calls()).not.toContain('POST /users/{id}/password');
});

test('a role that does not go together with those of a user is refused at once, and the user keeps them', async () => {
  const order = anAddition();
  await env.run('addUser', order);

  const status = await env.run('addUser', { ...order, role: 'protection_admin' });

  expect(status).toMatchObject({ reason: { message: expect.stringMatching(/does not go together with backup_user/) } });
  expect(usersOf(order).map(({ id }) => rolesOf(id))).toEqual([['backup_user']]);
});

describe('refused, with nothing made', () => {
  test.each<[string, object, RegExp]>([
    [
      'a login that somebody has elsewhere',
      { user: { login: 'taken.login', email: 'x@example.com' } },
      /somebody else/,
    ],
    ['a role that does not fit the kind of tenant', { role: 'partner_admin' }, /does not fit a customer/],
    ['a role that nobody knows', { role: 'king' }, /unknown role/],
  ])('%s', async (_words, fields, sentence) => {
    const order = anAddition(fields);

    const status = await env.run('addUser', order);

    expect(status).toMatchObject({ reason: { message: expect.stringMatching(sentence) } });
    expect(['failed', 'undone']).toContain(status.state);
    expect(usersOf(order)).toEqual([]);
  });

  test('a login that somebody with another e-mail address has in this very tenant', async () => {
    const order = anAddition();
    const { users } = consoleClient(env.simulator);
    const contact = { email: 'other@example.com' };
    await users.create({ tenant_id: order.tenant.id, login: order.user.login, contact });

    expect(await env.run('addUser', order)).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/another e-mail/) },
    });
    expect(usersOf(order)).toHaveLength(1);
  });
});

test.each<[string, Fault]>([
  ['the answer is lost', 'commit-then-drop'],
  ['the call never arrives', 'drop-before'],
  ['the cloud is busy', { refuse: 503 }],
  ['the answer is garbage', 'garble'],
])('there is one user with its role although at each call %s', async (_words, fault) => {
  const orders = ['POST /users', ROLE, MAIL, 'GET /users/check_login'].map((route) => {
    env.simulator.faults.next(route, fault);
    return anAddition();
  });

  const ends = await Promise.all(orders.map((order) => env.run('addUser', order)));

  expect(ends.map(({ state }) => state)).toEqual(orders.map(() => 'completed'));
  for (const order of orders) {
    expect(usersOf(order).map(({ id }) => rolesOf(id))).toEqual([['backup_user']]);
    expect([1, 2]).toContain(mailsTo(order.user.login));
  }
});

describe('a run that fails at the role', () => {
  test('removes the user that it made, although the version moves under it', async () => {
    const order = anAddition();
    env.simulator.faults.next(ROLE, { refuse: 403 });
    env.simulator.faults.next('PUT /users/{id}', 'bump-version');

    expect(await env.run('addUser', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(usersOf(order)).toEqual([]);
  });

  test('takes only the role from a user that was there before', async () => {
    const order = anAddition();
    await env.run('addUser', { ...order, role: 'company_admin' });
    env.simulator.faults.next(ROLE, { lostThen: { refuse: 403 } });

    expect(await env.run('addUser', order)).toMatchObject({ state: 'undone' });
    expect(usersOf(order).map(({ id }) => rolesOf(id))).toEqual([['company_admin']]);
  });

  test('leaves all as it is when the order says keep', async () => {
    const order = anAddition({ onFailure: 'keep' });
    env.simulator.faults.next(ROLE, { refuse: 403 });

    expect(await env.run('addUser', order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(usersOf(order)).toHaveLength(1);
  });

  test('can be given another role by a person, makes no second user, and lets the one it made in', async () => {
    const order = anAddition({ onFailure: 'ask', activation: { by: 'password', secretRef: 'env:USER' } });
    env.simulator.faults.next(ROLE, { refuse: 403 });
    const handle = await startBlocked(env, 'addUser', order);

    await decideFor(handle, 'amend', { input: { ...order, role: 'company_admin' } });

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(usersOf(order)).toMatchObject([{ activated: true }]);
    expect(usersOf(order).map(({ id }) => rolesOf(id))).toEqual([['company_admin']]);
  });
});

test('a run that is cancelled waits for the call in flight and removes the user that comes of it', async () => {
  const order = anAddition();
  env.calls();
  env.simulator.faults.next('POST /users', { delay: 1500 });
  const handle = await env.begin('addUser', order);
  await waitUntil(async () => env.calls().includes('POST /users'));

  await handle.cancel();
  const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);

  expect(isCancellation(failure)).toBe(true);
  expect(usersOf(order)).toEqual([]);
});
