import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { queueIdFor } from '../../activities/turn-claims.js';
import type { OperationStatus } from '../../contract/status.js';
import { RELEASE_TURN, placeOfTenant } from '../../contract/turn-queue.js';
import { pause } from '../support/pause.js';
import { startBlocked, startBlockedAt, decideFor, waitUntil, waitForState, waitForTurnOf } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const PUT = 'PUT /tenants/{id}';
/** Temporal's search may be as late. */
const APART_MS = 1100;

async function statusOf(handle: WorkflowHandle): Promise<OperationStatus> {
  return await handle.query<OperationStatus>('status');
}

async function waiting(handle: WorkflowHandle) {
  const status = await statusOf(handle);
  return status.state === 'running' ? { waitsFor: status.waitsFor, ahead: status.waitsForBlocked } : {};
}

/** A run on a tenant of its own that has its turn and waits for a person. */
async function blockedOn(name: string, operation = 'disableTenant') {
  const id = env.simulator.world.addTenant({ name });
  env.simulator.faults.next(PUT, { refuse: 403, message: 'not for you' }, { about: [id] });
  const handle = await env.begin(operation, { tenant: { id } }, name);
  await waitForState(handle, 'blocked');
  return { id, handle };
}

/** When a run's own step began. */
async function began(handle: WorkflowHandle): Promise<string> {
  const { operation, steps } = await statusAtEnd(handle);
  return steps.find(({ name }) => name === operation)!.startedAt!;
}

test('a disable and then an enable end enabled, also when the enable sees its tenant first', async () => {
  const id = env.simulator.world.addTenant({ name: 'Off and on' });
  env.simulator.faults.next('GET /tenants/{id}', { delay: 3000 }, { about: [id] });
  const disabling = await env.begin('disableTenant', { tenant: { id } });
  await pause(APART_MS);
  const enabling = await env.begin('enableTenant', { tenant: { id } });

  expect(await statusAtEnd(disabling)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(enabling)).toMatchObject({ state: 'completed', changed: true });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
});

test('seven runs that wait for one tenant have their turns in the order in which they were started', async () => {
  const { id, handle } = await blockedOn('Seven wait');
  const seven: WorkflowHandle[] = [];
  for (let nth = 0; nth < 7; nth += 1) {
    const operation = ['lockTenant', 'unlockTenant'][nth % 2]!;
    if (operation === 'unlockTenant') await waitForTurnOf(seven.at(-1)!, 'Seven wait');
    seven.push(await env.begin(operation, { tenant: { id } }, `seven ${nth}`));
  }
  await waitForTurnOf(seven.at(-1)!, 'Seven wait');

  await decideFor(handle, 'retry');

  const times = [];
  for (const run of seven) times.push(await began(run));
  expect(times).toEqual(times.toSorted());
  expect(env.simulator.world.tenant(id)).toMatchObject({ update_lock: { enabled: true } });
});

test('a run that let a remedy pass says when the remedy is blocked itself', async () => {
  const id = env.simulator.world.addTenant({ name: 'Remedy stuck' });
  env.simulator.world.disable(id);
  const refuseOnce = () => env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });
  refuseOnce();
  const locking = await startBlocked(env, 'lockTenant', { tenant: { id } });
  refuseOnce();
  const enabling = await startBlocked(env, 'enableTenant', { tenant: { id } });

  await decideFor(locking, 'retry');

  const stuck = { waitsFor: enabling.workflowId, waitsForBlocked: { id: enabling.workflowId, step: 'enableTenant' } };
  await waitUntil(async () => 'waitsForBlocked' in (await locking.query<object>('status')));
  expect(await locking.query('status')).toMatchObject({ state: 'running', ...stuck });
  await decideFor(enabling, 'retry');
  expect(await statusAtEnd(locking)).toMatchObject({ state: 'completed', changed: true });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true, update_lock: { enabled: true } });
});

test('a run that waits and is cancelled lets those behind it go on', async () => {
  const { id, handle } = await blockedOn('One gives up');
  const second = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(second, 'One gives up');
  const third = await env.begin('disableTenant', { tenant: { id } });
  await waitForTurnOf(third, 'One gives up');

  await second.cancel();
  await decideFor(handle, 'retry');

  await expect(second.result()).rejects.toThrow(/cancelled/);
  expect(await statusAtEnd(third)).toMatchObject({ state: 'completed', changed: false });
  expect(env.simulator.world.tenant(id)).toMatchObject({ update_lock: { enabled: false } });
});

test('a run that waits and is terminated lets those behind it go on', async () => {
  const { id, handle } = await blockedOn('One is gone');
  const second = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(second, 'One is gone');
  const third = await env.begin('disableTenant', { tenant: { id } });
  await waitForTurnOf(third, 'One is gone');

  await second.terminate();
  await decideFor(handle, 'retry');

  expect(await statusAtEnd(third)).toMatchObject({ state: 'completed' });
});

test('a queue that begins a new history keeps who works and who waits', async () => {
  const { id, handle } = await blockedOn('Kept in order');
  const second = await env.begin('lockTenant', { tenant: { id } }, 'kept second');
  await waitForTurnOf(second, 'Kept in order');
  const queue = env.client.workflow.getHandle(queueIdFor('default', placeOfTenant(id), env.taskQueue));
  const { runId } = await queue.describe();
  const nobody = { place: 'tenant:nobody', workflowId: 'nobody', runId: 'none' };
  const begun = async () => (await queue.describe()).runId !== runId;
  for (let sent = 0; sent < 1000; sent += 50)
    await Promise.all(Array.from({ length: 50 }, () => queue.signal(RELEASE_TURN, nobody)));
  // one more after each quiet moment, for a run that hears more while it closes goes on first
  await waitUntil(async () => {
    await queue.signal(RELEASE_TURN, nobody);
    return await begun();
  });
  expect(await queue.query('turns', placeOfTenant(id))).toMatchObject([
    { atWork: [{ workflowId: 'Kept in order' }], waiting: [{ workflowId: 'kept second' }] },
  ]);
  const third = await env.begin('disableTenant', { tenant: { id } });
  await waitForTurnOf(third, 'Kept in order');

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(third)).toMatchObject({ state: 'completed' });
});

test('a run that waits for a run that becomes blocked later shows it', async () => {
  const id = env.simulator.world.addTenant({ name: 'Blocked later' });
  env.simulator.faults.next(PUT, { refuse: 503 }, { about: [id], times: Infinity });
  const first = await env.begin('disableTenant', { tenant: { id } }, 'blocked later');
  await waitUntil(async () => (await statusOf(first)).steps[1]?.state === 'running');
  const second = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(second, 'blocked later');
  env.simulator.faults.clear();
  env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });

  await waitUntil(async () => (await waiting(second)).ahead?.id === 'blocked later');

  await decideFor(first, 'retry');
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed' });
});

test('a remedy passes the blocked run that needs it, and that one goes on only after it', async () => {
  const { id, handle } = await blockedOn('Needs a remedy');
  const remedy = await env.run('allowAdministratorAccess', { tenant: { id } }, 'the remedy');

  expect(remedy).toMatchObject({ state: 'completed' });
  expect((await statusOf(handle)).state).toBe('blocked');
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});

test('a blocked run that has let a remedy in changes nothing until that has closed, and all name the remedy', async () => {
  const id = env.simulator.world.addTenant({ name: 'Lets one in' });
  await env.run('lockTenant', { tenant: { id } });
  env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id], times: 2 });
  const handle = await env.begin('disableTenant', { tenant: { id } }, 'the host');
  await waitForState(handle, 'blocked');
  const guest = await env.begin('unlockTenant', { tenant: { id } }, 'the guest');
  await waitForState(guest, 'blocked');
  const behind = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(behind, 'the guest');

  await decideFor(handle, 'retry');

  await waitForTurnOf(handle, 'the guest');
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true, update_lock: { enabled: true } });
  await decideFor(guest, 'retry');
  expect(await statusAtEnd(guest)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(behind)).toMatchObject({ state: 'completed', changed: true });
});

test('a remedy does not pass what was started before it', async () => {
  const { id, handle } = await blockedOn('In between');
  const second = await env.begin('lockTenant', { tenant: { id } }, 'started before');
  await waitForTurnOf(second, 'In between');
  const remedy = await env.begin('unlockTenant', { tenant: { id } }, 'started after');
  await waitForTurnOf(remedy, 'In between');
  await pause(APART_MS);
  expect(await waiting(remedy)).toMatchObject({ waitsFor: 'In between' });

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(remedy)).toMatchObject({ state: 'completed', changed: true });
});

test('a remedy passes the blocked maker of its tenant', async () => {
  const { handle, order } = await startBlockedAt(env, 'PUT /users/{id}/access_policies');

  const remedy = await env.run('allowAdministratorAccess', { tenant: { name: order.customer.name } });

  expect(remedy).toMatchObject({ state: 'completed' });
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});
