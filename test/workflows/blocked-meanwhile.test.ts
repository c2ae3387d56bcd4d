import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, test } from '@jest/globals';
import { consoleClient, removeFirstUser, setFirstUser } from '../support/console.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const MAIL = 'POST /users/{id}/send-activation-email';
const ROLE = 'PUT /users/{id}/access_policies';
const STEP = 'checkStillUsable';
let made = 0;

/** One order of each kind, for a customer or user of its own. */
const orders: Readonly<Record<string, () => [operation: string, order: object]>> = {
  provisionCustomer: () => ['provisionCustomer', anOrder()],
  provisionPartner: () => ['provisionPartner', aPartnerOrder()],
  'enableBackupUser in a new customer': () => {
    const { customer, administrator, infra } = anOrder();
    return ['enableBackupUser', { customer, user: administrator, infra }];
  },
  'enableBackupUser in an existing one': () => ['enableBackupUser', inExisting({})],
  addUser: () => ['addUser', inExisting({ role: 'backup_user' })],
};

function inExisting(fields: object) {
  made += 1;
  const id = env.simulator.world.addTenant({ name: `Meanwhile ${made}`, kind: 'customer' });
  env.simulator.world.giveItems(id, 'standard');
  return { tenant: { id }, user: { login: `meanwhile-${made}`, email: `meanwhile-${made}@example.com` }, ...fields };
}

async function blockedAt(route: string, [operation, order]: [string, object]) {
  made += 1;
  env.simulator.faults.next(route, { refuse: 403 });
  const handle = await startBlocked(env, operation, { ...order, onFailure: 'ask' }, `${operation} meanwhile ${made}`);
  const { tenantId = '' } = await waitForState(handle, 'blocked');
  return { handle, tenantId };
}

const mails = () => env.simulator.world.mails().length;
const blockedNow = async (handle: WorkflowHandle) => (await waitForState(handle, 'blocked')).blocked;

describe.each(Object.entries(orders))('%s, blocked until a person decides,', (_what, anOrderOf) => {
  test('is not completed while the user may not log in, nor while the tenant is switched off', async () => {
    const { handle, tenantId } = await blockedAt(MAIL, anOrderOf());
    await setFirstUser(env.simulator, tenantId, false);

    await decideFor(handle, 'skip');
    const user = await blockedNow(handle);
    await setFirstUser(env.simulator, tenantId, true);
    env.simulator.world.disable(tenantId);
    await decideFor(handle, 'retry');
    const tenant = await blockedNow(handle);
    env.simulator.world.enable(tenantId);
    await decideFor(handle, 'retry');

    expect(user).toMatchObject({
      step: STEP,
      type: 'Tenantry.SwitchedOff',
      message: expect.stringContaining('console'),
    });
    expect(tenant).toMatchObject({
      step: STEP,
      type: 'Tenantry.SwitchedOff',
      message: expect.stringMatching(new RegExp(`enableTenant.*${tenantId}.*retry`)),
    });
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  });
});

test.each(['retry', 'skip'] as const)(
  'a role that a person has taken meanwhile, and items that were switched off, are asked for after %s',
  async (choice) => {
    const { handle, tenantId } = await blockedAt(MAIL, orders['provisionCustomer']!());
    const { users, offeringItems } = consoleClient(env.simulator);
    const userId = env.simulator.world.users(tenantId)[0]!.id;
    const [policy] = await users.accessPolicies(userId);
    const role = { tenantId, roleId: policy!.role_id };
    const on = (await offeringItems.list(tenantId)).filter(({ status }) => status === 1);
    const put = async (status: number) =>
      await offeringItems.put(
        tenantId,
        on.map(({ application_id, name, infra_id }) => ({
          application_id,
          name,
          ...(infra_id && { infra_id }),
          status,
        })),
      );
    await users.replaceAccessPolicies(userId, []);
    await put(0);

    await decideFor(handle, choice);
    const without = await blockedNow(handle);
    await users.replaceAccessPolicies(userId, [role]);
    await decideFor(handle, 'retry');
    const off = await blockedNow(handle);
    await put(1);
    await decideFor(handle, 'retry');

    const type = 'Tenantry.Unexpected';
    expect(without).toMatchObject({ step: STEP, type, message: expect.stringMatching(/company_admin.*retry/) });
    expect(off).toMatchObject({ step: STEP, type, message: expect.stringMatching(/workstations.*off.*retry/) });
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  },
);

describe('a person moves', () => {
  const newPlace = (kind = 'customer') => env.simulator.world.addTenant({ name: `Elsewhere ${(made += 1)}`, kind });
  const asked = (id: string, back: string) => ({
    step: STEP,
    type: 'Tenantry.Unexpected',
    message: expect.stringMatching(new RegExp(`${id}.*${back}.*retry`)),
  });

  test.each(['retry', 'skip'] as const)(
    'the user: the run asks after %s, and goes on once it is back',
    async (choice) => {
      const { handle, tenantId } = await blockedAt(MAIL, orders['addUser']!());
      const userId = env.simulator.world.users(tenantId)[0]!.id;
      const elsewhere = newPlace();
      env.simulator.world.moveUser(userId, elsewhere);
      const before = mails();

      await decideFor(handle, choice);

      const step = choice === 'retry' ? 'sendActivationEmail' : STEP;
      expect(await blockedNow(handle)).toMatchObject({ ...asked(elsewhere, tenantId), step });
      expect(mails()).toBe(before);
      env.simulator.world.moveUser(userId, tenantId);
      await decideFor(handle, 'retry');
      expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    },
  );

  test('the user: who gives the run up finds it untouched in the other tenant, and named', async () => {
    const { handle, tenantId } = await blockedAt(MAIL, orders['addUser']!());
    const userId = env.simulator.world.users(tenantId)[0]!.id;
    const elsewhere = newPlace();
    env.simulator.world.moveUser(userId, elsewhere);

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'user', id: userId, reason: expect.stringContaining(elsewhere) }],
    });
    expect(env.simulator.world.users(elsewhere)).toMatchObject([{ id: userId, enabled: true }]);
  });

  test('a user who is there, before the role of the run is written', async () => {
    const [operation, order] = orders['addUser']!();
    const { tenant, user } = order as ReturnType<typeof inExisting>;
    const { users } = consoleClient(env.simulator);
    const { id } = await users.create({ tenant_id: tenant.id, login: user.login, contact: { email: user.email } });
    const { handle } = await blockedAt(ROLE, [operation, order]);
    const elsewhere = newPlace();
    env.simulator.world.moveUser(id, elsewhere);

    await decideFor(handle, 'retry');

    expect(await blockedNow(handle)).toMatchObject({ ...asked(elsewhere, tenant.id), step: 'assignRole' });
    expect(env.simulator.world.policies(id)).toEqual([]);
  });

  test.each(['provisionCustomer', 'provisionPartner'])('the tenant of %s below another partner', async (operation) => {
    const { handle, tenantId } = await blockedAt(MAIL, orders[operation]!());
    const { parent_id: home } = await consoleClient(env.simulator).tenants.get(tenantId);
    const elsewhere = newPlace('partner');
    env.simulator.world.moveTenant(tenantId, elsewhere);

    await decideFor(handle, 'skip');

    expect(await blockedNow(handle)).toMatchObject(asked(elsewhere, home));
    env.simulator.world.moveTenant(tenantId, home);
    await decideFor(handle, 'retry');
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  });
});

test('nobody is mailed before the user may log in again', async () => {
  const { handle, tenantId } = await blockedAt(ROLE, orders['addUser']!());
  await setFirstUser(env.simulator, tenantId, false);
  const before = mails();

  await decideFor(handle, 'retry');

  expect(await blockedNow(handle)).toMatchObject({ step: STEP });
  expect(mails()).toBe(before);
  await setFirstUser(env.simulator, tenantId, true);
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(mails()).toBe(before + 1);
});

test.each(['tenant', 'user'])('a %s that a person has removed meanwhile is named, with the remedy', async (what) => {
  const { handle, tenantId } = await blockedAt(MAIL, orders['provisionCustomer']!());
  if (what === 'user') await removeFirstUser(env.simulator, tenantId);
  else env.simulator.world.remove(tenantId);

  await decideFor(handle, 'skip');

  expect(await blockedNow(handle)).toMatchObject({
    step: STEP,
    type: 'Acronis.NotFound',
    message: expect.stringMatching(new RegExp(`^${what} .* is gone.*abort.*order again`)),
  });
  await decideFor(handle, 'abort');
  expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Undone' });
});

test('a customer that keeps us out is looked at before that, and its tenant after it', async () => {
  const order = anOrder({ customer: { managedByProvider: false } });
  const { handle, tenantId } = await blockedAt(MAIL, ['provisionCustomer', order]);
  await setFirstUser(env.simulator, tenantId, false);

  await decideFor(handle, 'skip');
  const before = await blockedNow(handle);
  await setFirstUser(env.simulator, tenantId, true);
  env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 });
  await decideFor(handle, 'retry');
  const at = await blockedNow(handle);
  env.simulator.world.disable(tenantId);
  await decideFor(handle, 'retry');
  const after = await blockedNow(handle);
  env.simulator.world.enable(tenantId);
  await decideFor(handle, 'retry');

  expect([before.step, at.step, after.step]).toEqual([STEP, 'limitAdministratorAccess', STEP]);
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});

test('a run that has waited for its cloud looks as well', async () => {
  await env.provision(anOrder());
  env.simulator.faults.next('POST /idp/token', { refuse: 401 }, { times: Infinity });
  env.simulator.faults.next(ROLE, { refuse: 401 });
  const handle = await env.start(anOrder({ onFailure: 'ask' }));
  const { tenantId = '', blocked } = await waitForState(handle, 'blocked');
  env.simulator.world.disable(tenantId);

  env.simulator.faults.clear();

  expect(blocked).toMatchObject({ waitsForCloud: true });
  await waitUntil(async () => (await waitForState(handle, 'blocked')).blocked.type === 'Tenantry.SwitchedOff');
  await decideFor(handle, 'abort');
  expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Undone' });
});
