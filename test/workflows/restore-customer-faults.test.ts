import { describe, expect, test } from '@jest/globals';
import type { OperationStatus } from '../../contract/status.js';
import type { WorkflowHandle } from '@temporalio/client';
import { customersToRestore } from '../support/customers-to-restore.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { transientFaults } from '../support/transient-faults.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const { deleted, enabled } = customersToRestore(env);
const POST = 'POST /tenants/{id}/restore';

const running = async (handle: WorkflowHandle, step: string) => {
  const { steps } = await handle.query<OperationStatus>('status');
  return steps.some(({ name, state }) => name === step && state === 'running');
};

test('a deleted customer that the cloud does not restore any more: it says what is known and what to do', async () => {
  const { id, order } = deleted({ onFailure: 'ask' });
  env.simulator.faults.next(POST, { refuse: 404 }, { about: [id], times: 9 });

  const status = await env.run('restoreCustomer', order);

  const message = expect.stringMatching(/was deleted at \d{4}-.*not published; ask the cloud's support, or provision/);
  expect(status).toMatchObject({ failureType: 'Refused', reason: { message } });
});

test('a name that was taken meanwhile blocks; with force the cloud gives another, and the status says which', async () => {
  const { id, name, order } = deleted({ onFailure: 'ask' });
  env.simulator.world.addTenant({ name });
  const handle = await startBlocked(env, 'restoreCustomer', order);

  expect(await waitForState(handle, 'blocked')).toMatchObject({
    blocked: { type: 'Acronis.Taken', message: expect.stringContaining('amend "force" to true') },
  });
  await decideFor(handle, 'amend', { input: { ...order, force: true } });

  const status = await statusAtEnd(handle);
  expect(status).toMatchObject({ state: 'completed', broughtBack: { name: `${name} (restored)` } });
  expect(env.simulator.world.tenant(id)).toMatchObject({ name: `${name} (restored)`, enabled: true });
});

test('a restore that takes the cloud some time is waited for', async () => {
  const { id, order } = deleted();
  env.simulator.world.setExternalOperation(id, 'recovering');
  const handle = await env.begin('restoreCustomer', order);
  await waitUntil(async () => await running(handle, 'awaitRestored'));
  expect(enabled(id)).toBe(false);

  env.simulator.world.setExternalOperation(id, null);

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', broughtBack: { tenants: 1 } });
});

test('whatever happens to each of its calls, the customer is there once and works', async () => {
  const runs = Object.entries(transientFaults).map(([words, fault]) => {
    const { id, order } = deleted();
    for (const route of [POST, 'PUT /tenants/{id}']) env.simulator.faults.next(route, fault, { about: [id] });
    return { words, id, order };
  });

  const ends = await Promise.all(runs.map(({ order }) => env.run('restoreCustomer', order)));

  for (const [at, { words, id }] of runs.entries()) {
    expect([words, ends[at]]).toEqual([words, expect.objectContaining({ state: 'completed', changed: true })]);
    expect([words, enabled(id)]).toEqual([words, true]);
  }
});

describe('undo', () => {
  const reason = expect.stringContaining('"offboardCustomer" deletes it');

  test('a run that fails before the restore took effect leaves the customer deleted', async () => {
    const { id, order } = deleted();
    env.simulator.faults.next(POST, { refuse: 403 }, { about: [id] });

    expect(await env.run('restoreCustomer', order)).toMatchObject({ failureType: 'Refused' });
    expect(env.simulator.world.tenant(id)).toBeUndefined();
  });

  test('a run that fails after it names the customer, still disabled, and deletes nothing', async () => {
    const { id, order } = deleted();
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 }, { about: [id] });

    const status = await env.run('restoreCustomer', order);

    expect(status).toMatchObject({ failureType: 'Leftovers', leftovers: [{ kind: 'tenant', id, reason }] });
    expect(enabled(id)).toBe(false);
  });

  test('a cancelled run waits for the call in flight, and names what came of it', async () => {
    const { id, order } = deleted();
    env.simulator.faults.next(POST, { delay: 1500 }, { about: [id] });
    const handle = await env.begin('restoreCustomer', order);
    await waitUntil(async () => await running(handle, 'restoreDeletedTenant'));
    await handle.cancel();

    await expect(handle.result()).rejects.toThrow(/cancelled/i);
    const { memo } = await handle.describe();
    expect(memo?.['tenantryFinalStatus']).toMatchObject({ state: 'cancelled', leftovers: [{ id, reason }] });
    expect(enabled(id)).toBe(false);
  });
});
