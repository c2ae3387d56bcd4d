import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { OperationStatus } from '../../contract/status.js';
import { decideFor, reset, startBlocked, waitForState, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { customersToOffboard } from '../support/customers-to-offboard.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const { leaving } = customersToOffboard(env);
const MAIL = 'POST /users/{id}/send-activation-email';
const mailsTo = (login: string) => env.simulator.world.mails().filter((mail) => mail.login === login).length;
const statusOf = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');
const noMailOnce = () => env.simulator.faults.next(MAIL, { refuse: 403 });

test('a blocked run that is reset to its last task goes on where it was blocked', async () => {
  const order = anOrder({ onFailure: 'ask' });
  noMailOnce();
  const handle = await startBlocked(env, 'provisionCustomer', order);

  const again = await reset(env, handle, 'last');
  await waitForState(again, 'blocked');
  await decideFor(again, 'retry');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed', changed: true });
  expect(mailsTo(order.administrator.login)).toBe(1);
});

test('a finished run that is reset to its mail sends no second one, however often', async () => {
  const order = anOrder();
  let handle = await env.start(order);
  await statusAtEnd(handle);

  for (let nth = 0; nth < 3; nth += 1) {
    handle = await reset(env, handle, { before: 'sendActivationEmail' });
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  }

  expect(mailsTo(order.administrator.login)).toBe(1);
});

test('a blocked run that is reset to its start and given up names the user whom it may have made', async () => {
  const tenantId = env.simulator.world.addTenant({ name: 'Reset', kind: 'customer' });
  const user = { login: 'reset-user', email: 'reset-user@example.com' };
  noMailOnce();
  const order = { tenant: { id: tenantId }, user, role: 'backup_user', onFailure: 'ask' };
  const handle = await startBlocked(env, 'addUser', order);
  const [made] = env.simulator.world.users(tenantId);

  noMailOnce();
  const again = await reset(env, handle, 'first');
  await waitForState(again, 'blocked');
  await decideFor(again, 'abort');

  const status = await statusAtEnd(again);
  expect(status).toMatchObject({ state: 'failed', failureType: 'Leftovers' });
  expect(status).toMatchObject({
    leftovers: [
      {
        kind: 'user',
        id: made!.id,
        reason: expect.stringMatching(/^ensureUser was perhaps done before the run was reset/),
      },
    ],
  });
});

test('an offboarding that found its customer disabled says, once somebody restores the customer, that it stays disabled', async () => {
  const { id, order } = leaving({ grace: '1 hour' });
  const handle = await env.begin('offboardCustomer', order);
  await waitUntil(async () => (await statusOf(handle)).grace !== undefined);
  const again = await reset(env, handle, 'first');
  await waitUntil(async () => (await statusOf(again)).grace !== undefined);

  await again.executeUpdate('restore', { args: [{ actor: 'ann', reason: 'a mistake' }] });

  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: false });
  expect(await statusAtEnd(again)).toMatchObject({
    state: 'failed',
    leftovers: [{ kind: 'tenant', id, reason: expect.stringContaining('enableTenant') }],
  });
});

test('a run that is reset goes on with an input that an earlier version has accepted', async () => {
  // today a new order needs "then" too
  const handle = await env.begin('provisionCustomer', anOrder({ decisionDeadline: '3 days' }));
  expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'InvalidInput' });

  const again = await reset(env, handle, 'first');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed' });
});
