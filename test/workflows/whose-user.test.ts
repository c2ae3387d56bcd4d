import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { startBlocked, decideFor, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const USER = 'POST /users';
const ROLE = 'PUT /users/{id}/access_policies';
const MAIL = 'POST /users/{id}/send-activation-email';
const PASSWORD = 'POST /users/{id}/password';
const byPassword = { by: 'password', secretRef: 'env:USER' };
let made = 0;

interface Addition {
  tenant: { id: string };
  user: { login: string; email: string };
  role: string;
}

function anAddition(fields: object = {}): Addition {
  made += 1;
  const tenantId = env.simulator.world.addTenant({ name: `Whose ${made}` });
  const user = { login: `whose-${made}`, email: `whose-${made}@example.com` };
  return { tenant: { id: tenantId }, user, role: 'backup_user', ...fields };
}

/** A person makes the very user of an order in the console, and gives it a role. */
async function madeByPerson({ tenant, user }: Addition, roleId = 'notary_user'): Promise<string> {
  const { users } = consoleClient(env.simulator);
  const { id } = await users.create({ tenant_id: tenant.id, login: user.login, contact: { email: user.email } });
  await users.replaceAccessPolicies(id, [{ tenantId: tenant.id, roleId }]);
  return id;
}

/** The run looks and finds the login free; a person makes the user just before the run does, which has been refused before. */
async function appearsMeanwhile(order: Addition) {
  env.simulator.faults.next(USER, { refuse: 403 });
  const handle = await startBlocked(env, 'addUser', order);
  await madeByPerson(order);
  await decideFor(handle, 'retry');
  return handle;
}

/** Origins of a user who is not this run's: who gets to the end of a run, and how. */
const ofOthers = [
  [
    'was there before',
    async (order: Addition) => {
      await madeByPerson(order);
      return await env.begin('addUser', order);
    },
  ],
  ['appeared meanwhile', appearsMeanwhile],
] as const;

const usersOf = ({ tenant }: Addition) => env.simulator.world.users(tenant.id);
const rolesOf = (order: Addition) =>
  usersOf(order).map(({ id }) =>
    env.simulator.world
      .policies(id)
      .map(({ role_id }) => role_id)
      .sort(),
  );
const mailsTo = ({ user }: Addition) => env.simulator.world.mails().filter(({ login }) => login === user.login);

describe.each(ofOthers)('a user of somebody else who %s', (_words, begin) => {
  test('gets the role in addition to its own ones, and is invited', async () => {
    const order = anAddition({ onFailure: 'ask' });

    expect(await statusAtEnd(await begin(order))).toMatchObject({ state: 'completed', changed: true });
    expect(rolesOf(order)).toEqual([['backup_user', 'notary_user']]);
    expect(mailsTo(order)).toHaveLength(1);
  });

  test('gets no password of ours: a person decides, who may do without', async () => {
    const order = anAddition({ onFailure: 'ask', activation: byPassword });
    const handle = await begin(order);

    expect(await waitForState(handle, 'blocked')).toMatchObject({
      blocked: { step: 'setPassword', type: 'Acronis.Taken' },
    });
    expect(usersOf(order)).toMatchObject([{ activated: false }]);
    await decideFor(handle, 'skip');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect([rolesOf(order), usersOf(order)[0]]).toMatchObject([[['backup_user', 'notary_user']], { activated: false }]);
  });

  test('keeps all that it had when the run is given up', async () => {
    const order = anAddition({ onFailure: 'ask', activation: byPassword });
    const handle = await begin(order);
    await waitForState(handle, 'blocked');
    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    expect(rolesOf(order)).toEqual([['notary_user']]);
  });

  test('keeps all that it had when the answer to the role was lost and the run is given up', async () => {
    const order = anAddition({ onFailure: 'ask' });
    env.simulator.faults.next(ROLE, { lostThen: { refuse: 403 } });
    const handle = await begin(order);
    await waitForState(handle, 'blocked');
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);

    expect(rolesOf(order)).toEqual([['notary_user']]);
  });
});

describe('a user of an earlier run', () => {
  test('that could not give the password gets it, and nothing of it is removed', async () => {
    const order = anAddition({ onFailure: 'keep', activation: byPassword });
    env.simulator.faults.next(PASSWORD, { refuse: 403 });
    expect(await env.run('addUser', order)).toMatchObject({ failureType: 'Kept' });

    expect(await env.run('addUser', order)).toMatchObject({
      state: 'completed',
      changed: true,
      adopted: ['ensureUser', 'assignRole'],
    });
    expect([rolesOf(order), usersOf(order)[0]]).toMatchObject([[['backup_user']], { activated: true }]);
  });

  test('stays with its role when this run is given up', async () => {
    const order = anAddition({ onFailure: 'keep', activation: byPassword });
    env.simulator.faults.next(PASSWORD, { refuse: 403 });
    await env.run('addUser', order);
    env.simulator.faults.next(PASSWORD, { refuse: 403 });

    await env.run('addUser', { ...order, onFailure: 'undo' });

    expect(rolesOf(order)).toEqual([['backup_user']]);
  });

  test('whose mail was refused is invited when the order is given again, and not a third time', async () => {
    const order = anAddition({ onFailure: 'keep' });
    env.simulator.faults.next(MAIL, { refuse: 403 });
    expect(await env.run('addUser', order)).toMatchObject({ failureType: 'Kept' });
    expect(mailsTo(order)).toEqual([]);

    const again = await env.run('addUser', order);
    const third = await env.run('addUser', order);

    expect(again).toMatchObject({ state: 'completed', changed: true, adopted: ['ensureUser', 'assignRole'] });
    expect(third).toMatchObject({ changed: false, adopted: ['ensureUser', 'assignRole', 'sendActivationEmail'] });
    expect(mailsTo(order)).toHaveLength(1);
  });

  test('of whose two mails nobody knows gets no third one', async () => {
    const order = anAddition({ onFailure: 'keep' });
    env.simulator.faults.next(MAIL, { lostThen: { refuse: 403 } });
    expect(await env.run('addUser', order)).toMatchObject({ failureType: 'Kept' });
    env.simulator.faults.next(MAIL, 'commit-then-drop');

    expect(await env.run('addUser', order)).toMatchObject({ state: 'completed' });
    expect(mailsTo(order)).toHaveLength(2);
  });

  test('of a customer whose mail was refused is invited when the order is given again', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next(MAIL, { refuse: 403 });
    expect(await env.provision(order)).toMatchObject({ failureType: 'Kept' });

    const status = await env.provision(order);

    expect(status).toMatchObject({ state: 'completed', changed: true });
    expect((status as { adopted?: string[] }).adopted).not.toContain('sendActivationEmail');
    const { login } = order.administrator;
    expect(env.simulator.world.mails().filter((mail) => mail.login === login)).toHaveLength(1);
  });
});

test('a tenant that a run has made stays when somebody else has made its first user meanwhile', async () => {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next(USER, { refuse: 403 });
  const handle = await startBlocked(env, 'provisionCustomer', order);
  const { id } = env.simulator.world.customers().find(({ name }) => name === order.customer.name)!;
  await madeByPerson({ tenant: { id }, user: order.administrator, role: '' });

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ leftovers: [{ kind: 'tenant', id }] });
  expect(env.simulator.world.users(id)).toHaveLength(1);
});
