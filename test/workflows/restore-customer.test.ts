import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { OperationStatus } from '../../contract/status.js';
import { activitiesFor } from '../support/activities.js';
import { afterLostAnswer } from '../support/activity-environment.js';
import { customersToRestore } from '../support/customers-to-restore.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { customersToOffboard } from '../support/customers-to-offboard.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { leaving } = customersToOffboard(env);
const POST = 'POST /tenants/{id}/restore';
const { living, deleted, enabled } = customersToRestore(env);
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const statusOf = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');

test('a deleted customer is restored with what was deleted with it, and works again; a repeat writes nothing', async () => {
  const { id, name, order } = deleted();
  env.calls();

  const first = await env.run('restoreCustomer', order);
  const written = writes();
  const second = await env.run('restoreCustomer', order);

  expect(first).toMatchObject({ state: 'completed', changed: true, tenantId: id });
  expect(first).toMatchObject({ broughtBack: { name, enabled: true, tenants: 1, users: 1 } });
  expect(written).toEqual([POST, 'PUT /tenants/{id}']);
  expect(enabled(id)).toBe(true);
  expect(second).toMatchObject({ state: 'completed', changed: false });
  expect(second).not.toHaveProperty('broughtBack');
  expect(writes()).toEqual([]);
});

test('a disabled customer is enabled, and nothing else', async () => {
  const { id, order } = living();
  env.simulator.world.disable(id);
  env.calls();

  expect(await env.run('restoreCustomer', order)).toMatchObject({
    state: 'completed',
    changed: true,
    adopted: expect.arrayContaining(['restoreDeletedTenant', 'awaitRestored']),
  });
  expect(writes()).toEqual(['PUT /tenants/{id}']);
});

describe('a customer that is being offboarded', () => {
  async function offboarding(more: object = {}) {
    const { id, order } = leaving({ grace: '1 hour', ...more });
    const handle = await env.begin('offboardCustomer', order);
    return { id, handle, restore: { tenant: { id } } };
  }

  test('stays although a second offboarding waits for it', async () => {
    const { id, handle, restore } = await offboarding();
    const name = env.simulator.world.tenant(id)!.name;
    const second = { tenant: { name }, grace: '1 second', confirm: name, onFailure: 'undo' };
    const waiting = await env.begin('offboardCustomer', second);
    await waitUntil(async () => 'waitsFor' in (await statusOf(waiting)));

    expect(await env.run('restoreCustomer', restore)).toMatchObject({ state: 'completed' });

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    await expect(waiting.result()).rejects.toThrow('cancelled');
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true, deleted_at: null });
  });

  test('is restored by its offboarding, whose status says by whom, and nothing is deleted', async () => {
    const { id, handle, restore } = await offboarding();
    await waitUntil(async () => (await statusOf(handle)).grace !== undefined);

    const status = await env.run('restoreCustomer', { ...restore, externalRef: 'second-thoughts' });

    expect(status).toMatchObject({ state: 'completed', changed: true, offboarding: handle.workflowId });
    expect(await statusAtEnd(handle)).toMatchObject({
      state: 'undone',
      reason: { message: 'restoreCustomer:second-thoughts (not verified) took it back: the customer stays' },
    });
    expect(enabled(id)).toBe(true);
  });

  test('is restored when its grace is over, as long as it is not deleted', async () => {
    const { id, handle, restore } = await offboarding({ grace: '1 second', onFailure: 'ask' });
    env.simulator.faults.next('POST /reports', { refuse: 403 }, { about: [id] });
    await waitForState(handle, 'blocked');

    const status = await env.run('restoreCustomer', restore);

    expect(status).toMatchObject({ state: 'completed', offboarding: handle.workflowId });
    const { memo } = await handle.describe();
    const message = expect.stringMatching(/cancelled by restoreCustomer:.* \(not verified\): the customer stays$/);
    expect(memo?.['tenantryFinalStatus']).toMatchObject({ state: 'cancelled', reason: { message } });
    expect(enabled(id)).toBe(true);
  });

  test('is restored although the worker that told its offboarding died then', async () => {
    const { id, handle } = await offboarding();
    await waitUntil(async () => (await statusOf(handle)).grace !== undefined);
    const spec = { cloud: 'default', tenantId: id, by: { actor: 'restoreCustomer:1', runId: 'run-1' } };
    const { endOffboarding } = activitiesFor(env.simulator);

    const done = await afterLostAnswer(
      async (order: typeof spec) => {
        const answer = await endOffboarding(order);
        await waitUntil(async () => (await handle.describe()).status.name !== 'RUNNING');
        return answer;
      },
      spec,
      env,
    );

    expect(done).toMatchObject({ changed: true, result: { offboarding: handle.workflowId } });
  });

  test('works again also when it was disabled before', async () => {
    const { id, order } = leaving({ grace: '1 hour' });
    env.simulator.world.disable(id);
    const handle = await env.begin('offboardCustomer', order);
    await waitUntil(async () => (await statusOf(handle)).grace !== undefined);

    expect(await env.run('restoreCustomer', { tenant: { id } })).toMatchObject({ state: 'completed', changed: true });

    expect(enabled(id)).toBe(true);
  });

  test('when the restore does not complete, the offboarding that was ended is named', async () => {
    const { id, order } = leaving({ grace: '1 hour' });
    env.simulator.world.disable(id);
    const handle = await env.begin('offboardCustomer', order);
    await waitUntil(async () => (await statusOf(handle)).grace !== undefined);
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 }, { about: [id] });

    const status = await env.run('restoreCustomer', { tenant: { id }, onFailure: 'undo' });

    const reason = expect.stringContaining(`${handle.workflowId} was ended`);
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'setting', id, reason }] });
  });

  test('of two offboardings that were ended, both are named', async () => {
    const { id, order } = leaving({ grace: '1 hour' });
    env.simulator.world.disable(id);
    const first = await env.begin('offboardCustomer', order);
    await waitUntil(async () => (await statusOf(first)).grace !== undefined);
    const { name } = env.simulator.world.tenant(id)!;
    const behind = await env.begin('offboardCustomer', { ...order, tenant: { name } });
    await waitUntil(async () => 'waitsFor' in (await statusOf(behind)));
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 }, { about: [id] });

    const status = await env.run('restoreCustomer', { tenant: { id }, onFailure: 'undo' });

    const reason = expect.stringMatching(`${first.workflowId} was ended.*${behind.workflowId}`);
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'setting', id, reason }] });
  });

  test('the offboarding that was ended is named also when the order was amended before it is given up', async () => {
    const { id, order } = leaving({ grace: '1 hour' });
    env.simulator.world.disable(id);
    const handle = await env.begin('offboardCustomer', order);
    await waitUntil(async () => (await statusOf(handle)).grace !== undefined);
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 }, { about: [id], times: 2 });
    const restoring = await startBlocked(env, 'restoreCustomer', { tenant: { id } });
    const { since } = (await waitForState(restoring, 'blocked')).blocked;

    // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
    await decideFor(restoring, 'amend', { input: { tenant: { id }, decisionDeadline: '1 day', then: 'undo' } });
    await waitUntil(async () => (await waitForState(restoring, 'blocked')).blocked.since > since);
    await decideFor(restoring, 'abort');

    const reason = expect.stringContaining(`${handle.workflowId} was ended`);
    const status = await statusAtEnd(restoring);
    expect(status).toMatchObject({ failureType: 'Leftovers', leftovers: [{ kind: 'setting', id, reason }] });
  });
});

test('of a customer that was deleted and made again the living one is meant, and the deleted one stays deleted', async () => {
  const { name } = deleted();
  const living = env.simulator.world.addTenant({ name });

  const status = await env.run('restoreCustomer', { tenant: { name } });

  expect(status).toMatchObject({ state: 'completed', changed: false, tenantId: living });
});

describe('is refused before anything is changed', () => {
  const refused = async (order: object, sentence: RegExp) => {
    env.calls();
    const status = await env.run('restoreCustomer', order);
    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect(writes()).toEqual([]);
  };

  test('a tenant that the cloud no longer shows', async () => {
    const id = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
    await refused({ tenant: { id } }, /not a tenant below .*nor a deleted one that the cloud still shows/);
    await refused({ tenant: { name: 'Nobody' } }, /nor a deleted one that the cloud still shows/);
  });

  test('a name that fits two deleted tenants: the refusal gives their ids', async () => {
    const { id, name } = deleted();
    const second = env.simulator.world.addTenant({ name });
    env.simulator.world.remove(second);

    await refused({ tenant: { name } }, new RegExp(`fits 2 tenants .*${id} deleted \\d{4}-.*; name one by its id`));
  });

  test('what is no customer', async () => {
    const id = env.simulator.world.addTenant({ name: 'A partner to restore', kind: 'partner' });
    await refused({ tenant: { id } }, /is a partner, for which this cannot be done/);
  });

  test.each(['disabled', 'deleted'] as const)('a customer of a partner that is %s', async (how) => {
    const parent_id = env.simulator.world.addTenant({ name: `Partner ${how}`, kind: 'partner' });
    const id = env.simulator.world.addTenant({ name: `Customer of ${how}`, parent_id });
    env.simulator.world.remove(id);
    env.simulator.world[how === 'disabled' ? 'disable' : 'remove'](parent_id);

    await refused({ tenant: { id } }, new RegExp(`"Partner ${how}" \\(${parent_id}\\) above it (is|was) ${how}`));
  });

  test('an input without a tenant', async () => {
    expect(await env.run('restoreCustomer', {})).toMatchObject({ failureType: 'InvalidInput' });
  });
});
