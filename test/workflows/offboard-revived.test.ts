import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { OperationStatus } from '../../contract/status.js';
import { consoleClient } from '../support/console.js';
import { customersToOffboard } from '../support/customers-to-offboard.js';
import { decideFor, waitForState, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const { leaving } = customersToOffboard(env);
const gone = (id: string) => env.simulator.world.tenant(id) === undefined;
const MEANWHILE = /somebody has changed .* since this run left it disabled/;

async function put(id: string, fields: object): Promise<void> {
  const { tenants } = consoleClient(env.simulator);
  await tenants.update(id, { version: (await tenants.get(id)).version, ...fields });
}

/** A person enables the customer in the console and disables it again. */
async function reviveAndDisable(id: string): Promise<void> {
  await put(id, { enabled: true });
  await put(id, { enabled: false });
}

/** A run in its grace, which ends when somebody releases it. */
async function inTheGrace(prepare: (id: string) => unknown = () => undefined) {
  const { id, order } = leaving({ onFailure: 'ask', finalReport: false, grace: '3 seconds' });
  prepare(id);
  const handle = await env.begin('offboardCustomer', order);
  await waitUntil(async () => (await handle.query<OperationStatus>('status')).grace !== undefined);
  await handle.executeUpdate('hold', { args: [{ actor: 'ann', reason: 'a look' }] });
  return { id, order, handle };
}

async function askedAfter(handle: WorkflowHandle) {
  await handle.executeUpdate('release', { args: [{ actor: 'ann', reason: 'seen' }] });
  return (await waitForState(handle, 'blocked')).blocked;
}

describe.each<[string, (id: string) => unknown]>([
  ['that the run has disabled', () => undefined],
  ['that was disabled before the run', (id) => env.simulator.world.disable(id)],
])('a customer %s and that somebody enables and disables during the grace', (_words, prepare) => {
  test('is not deleted before a person has looked; a retry deletes it', async () => {
    const { id, handle } = await inTheGrace(prepare);
    await reviveAndDisable(id);

    expect(await askedAfter(handle)).toMatchObject({
      step: 'deleteTenant',
      type: 'Tenantry.Unexpected',
      message: expect.stringMatching(MEANWHILE),
    });
    expect(gone(id)).toBe(false);
    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(gone(id)).toBe(true);
  });
});

test('a customer that comes back to life again after the question is not deleted by the retry', async () => {
  const { id, handle } = await inTheGrace();
  await reviveAndDisable(id);
  await askedAfter(handle);
  await reviveAndDisable(id);

  await decideFor(handle, 'retry');
  await waitUntil(async () => {
    const { blocked } = await waitForState(handle, 'blocked');
    return blocked.step === 'deleteTenant' && (await handle.query<OperationStatus>('status')).state === 'blocked';
  });
  expect(gone(id)).toBe(false);
  await decideFor(handle, 'abort');
  await statusAtEnd(handle);

  expect(gone(id)).toBe(false);
});

test('one question names both the change and the user that came since; an amendment answers both', async () => {
  const { id, order, handle } = await inTheGrace();
  await reviveAndDisable(id);
  const login = `newcomer-${id}`;
  env.simulator.world.addUser({ tenant_id: id, login });

  const { message } = await askedAfter(handle);
  expect(message).toMatch(MEANWHILE);
  expect(message).toContain(`users: ${login}`);
  await decideFor(handle, 'amend', { input: { ...order, including: { users: [login] } } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});

test('a customer whose disabling got no answer is deleted without a question', async () => {
  const { id, order } = leaving({ finalReport: false });
  env.simulator.faults.next('PUT /tenants/{id}', 'commit-then-drop', { about: [id] });

  expect(await env.run('offboardCustomer', order)).toMatchObject({ state: 'completed' });
  expect(gone(id)).toBe(true);
});

test.each<[string, 'commit-then-drop' | undefined, (id: string) => Promise<void>]>([
  ['that somebody enables and disables during the grace', undefined, reviveAndDisable],
  ['whose disabling got no answer, and that somebody enables and disables', 'commit-then-drop', reviveAndDisable],
  [
    'whose disabling got no answer, and that somebody changes otherwise',
    'commit-then-drop',
    async (id) => await put(id, { name: `Other name of ${id}` }),
  ],
])('a customer %s stays disabled when the run gives it back, and is named', async (_words, fault, change) => {
  const { id, handle } = await inTheGrace((tenantId) => {
    if (fault) env.simulator.faults.next('PUT /tenants/{id}', fault, { about: [tenantId] });
  });
  await change(id);

  await handle.executeUpdate('restore', { args: [{ actor: 'ann', reason: 'the customer stays' }] });

  expect(await statusAtEnd(handle)).toMatchObject({
    state: 'failed',
    failureType: 'Leftovers',
    leftovers: [{ kind: 'setting', id, reason: expect.stringContaining('others have changed it since') }],
  });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: false });
});
