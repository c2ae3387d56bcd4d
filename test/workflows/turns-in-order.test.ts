import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { exitCodeOf } from '../../client/cli/exit-codes.js';
import { follow } from '../../client/cli/follow.js';
import { statusText } from '../../client/cli/format.js';
import { listOperations } from '../../client/list.js';
import { queueIdFor } from '../../activities/turn-claims.js';
import type { OperationStatus } from '../../contract/status.js';
import { RELEASE_TURN, placeOfTenant } from '../../contract/turn-queue.js';
import { blockedAt, decideFor, expectSoon, reached } from '../support/desk.js';
import { statusAtEnd } from '../support/house.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();
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

const waitsFor = async (handle: WorkflowHandle, run: string) =>
  await expectSoon(async () => (await waiting(handle)).waitsFor === run);

/** A run on a tenant of its own that has its turn and waits for a person. */
async function blockedOn(name: string, operation = 'disableTenant') {
  const id = house.simulator.world.addTenant({ name });
  house.simulator.faults.next(PUT, { refuse: 403, message: 'not for you' }, { about: [id] });
  const handle = await house.begin(operation, { tenant: { id } }, name);
  await reached(handle, 'blocked');
  return { id, handle };
}

/** When a run's own step began. */
async function began(handle: WorkflowHandle): Promise<string> {
  const { operation, steps } = await statusAtEnd(handle);
  return steps.find(({ name }) => name === operation)!.startedAt!;
}

test('a disable and then an enable end enabled, also when the enable sees its tenant first', async () => {
  const id = house.simulator.world.addTenant({ name: 'Off and on' });
  house.simulator.faults.next('GET /tenants/{id}', { delay: 3000 }, { about: [id] });
  const disabling = await house.begin('disableTenant', { tenant: { id } });
  await sleep(APART_MS);
  const enabling = await house.begin('enableTenant', { tenant: { id } });

  expect(await statusAtEnd(disabling)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(enabling)).toMatchObject({ state: 'completed', changed: true });
  expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: true });
});

test('seven runs that wait for one tenant have their turns in the order in which they were started', async () => {
  const { id, handle } = await blockedOn('Seven wait');
  const seven: WorkflowHandle[] = [];
  for (let nth = 0; nth < 7; nth += 1) {
    const operation = ['lockTenant', 'unlockTenant'][nth % 2]!;
    if (operation === 'unlockTenant') await waitsFor(seven.at(-1)!, 'Seven wait');
    seven.push(await house.begin(operation, { tenant: { id } }, `seven ${nth}`));
  }
  await waitsFor(seven.at(-1)!, 'Seven wait');

  await decideFor(handle, 'retry');

  const times = [];
  for (const run of seven) times.push(await began(run));
  expect(times).toEqual(times.toSorted());
  expect(house.simulator.world.tenant(id)).toMatchObject({ update_lock: { enabled: true } });
});

test('a run that waits and is cancelled lets those behind it go on', async () => {
  const { id, handle } = await blockedOn('One gives up');
  const second = await house.begin('lockTenant', { tenant: { id } });
  await waitsFor(second, 'One gives up');
  const third = await house.begin('disableTenant', { tenant: { id } });
  await waitsFor(third, 'One gives up');

  await second.cancel();
  await decideFor(handle, 'retry');

  await expect(second.result()).rejects.toThrow(/cancelled/);
  expect(await statusAtEnd(third)).toMatchObject({ state: 'completed', changed: false });
  expect(house.simulator.world.tenant(id)).toMatchObject({ update_lock: { enabled: false } });
});

test('a run that waits and is terminated lets those behind it go on', async () => {
  const { id, handle } = await blockedOn('One is gone');
  const second = await house.begin('lockTenant', { tenant: { id } });
  await waitsFor(second, 'One is gone');
  const third = await house.begin('disableTenant', { tenant: { id } });
  await waitsFor(third, 'One is gone');

  await second.terminate();
  await decideFor(handle, 'retry');

  expect(await statusAtEnd(third)).toMatchObject({ state: 'completed' });
});

test('a queue that begins a new history keeps who works and who waits', async () => {
  const { id, handle } = await blockedOn('Kept in order');
  const second = await house.begin('lockTenant', { tenant: { id } }, 'kept second');
  await waitsFor(second, 'Kept in order');
  const queue = house.client.workflow.getHandle(queueIdFor('default', placeOfTenant(id), house.taskQueue));
  const { runId } = await queue.describe();
  const nobody = { place: 'tenant:nobody', workflowId: 'nobody', runId: 'none' };
  const begun = async () => (await queue.describe()).runId !== runId;
  for (let sent = 0; sent < 1000; sent += 50)
    await Promise.all(Array.from({ length: 50 }, () => queue.signal(RELEASE_TURN, nobody)));
  // one more after each quiet moment, for a run that hears more while it closes goes on first
  await expectSoon(async () => {
    await queue.signal(RELEASE_TURN, nobody);
    return await begun();
  });
  expect(await queue.query('turns', placeOfTenant(id))).toMatchObject([
    { atWork: [{ workflowId: 'Kept in order' }], waiting: [{ workflowId: 'kept second' }] },
  ]);
  const third = await house.begin('disableTenant', { tenant: { id } });
  await waitsFor(third, 'Kept in order');

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(third)).toMatchObject({ state: 'completed' });
});

test('who waits for a blocked run says so, in its status, in the list and by exit code 4', async () => {
  const { id, handle } = await blockedOn('Blocked ahead');
  const second = await house.begin('lockTenant', { tenant: { id } }, 'behind it');

  const last = await follow(house.client, { id: 'behind it' }, house.taskQueue, {
    show: () => undefined,
    end: () => undefined,
  });

  expect(exitCodeOf(last)).toBe(4);
  const ahead = { id: 'Blocked ahead', step: 'disableTenant', type: 'Acronis.Forbidden', message: expect.any(String) };
  expect(last).toMatchObject({ state: 'running', waitsFor: 'Blocked ahead', waitsForBlocked: ahead });
  expect(statusText(last)).toMatch(
    /waits for Blocked ahead, and Blocked ahead is blocked at disableTenant: .*not for you/,
  );
  expect(statusText(last)).toMatch(/tenantry retry 'Blocked ahead'/);
  const listed = async () =>
    (await listOperations(house.client, { customer: id })).find((run) => run.id === 'behind it');
  await expectSoon(async () => (await listed())?.waitsFor === 'Blocked ahead');
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed' });
  await expectSoon(async () => (await listed())?.state === 'completed' && (await listed())?.waitsFor === undefined);
});

test('who waits for a run that becomes blocked later hears of it', async () => {
  const id = house.simulator.world.addTenant({ name: 'Blocked later' });
  house.simulator.faults.next(PUT, { refuse: 503 }, { about: [id], times: Infinity });
  const first = await house.begin('disableTenant', { tenant: { id } }, 'blocked later');
  await expectSoon(async () => (await statusOf(first)).steps[1]?.state === 'running');
  const second = await house.begin('lockTenant', { tenant: { id } });
  await waitsFor(second, 'blocked later');
  house.simulator.faults.clear();
  house.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });

  await expectSoon(async () => (await waiting(second)).ahead?.id === 'blocked later');

  await decideFor(first, 'retry');
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed' });
});

test('a remedy passes the blocked run that needs it, and that one goes on only after it', async () => {
  const { id, handle } = await blockedOn('Needs a remedy');
  const remedy = await house.run('allowAdministratorAccess', { tenant: { id } }, 'the remedy');

  expect(remedy).toMatchObject({ state: 'completed' });
  expect((await statusOf(handle)).state).toBe('blocked');
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});

test('a blocked run that has let a remedy in changes nothing until that has closed, and all name the remedy', async () => {
  const id = house.simulator.world.addTenant({ name: 'Lets one in' });
  await house.run('lockTenant', { tenant: { id } });
  house.simulator.faults.next(PUT, { refuse: 403 }, { about: [id], times: 2 });
  const handle = await house.begin('disableTenant', { tenant: { id } }, 'the host');
  await reached(handle, 'blocked');
  const guest = await house.begin('unlockTenant', { tenant: { id } }, 'the guest');
  await reached(guest, 'blocked');
  const behind = await house.begin('lockTenant', { tenant: { id } });
  await waitsFor(behind, 'the guest');

  await decideFor(handle, 'retry');

  await waitsFor(handle, 'the guest');
  expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: true, update_lock: { enabled: true } });
  await decideFor(guest, 'retry');
  expect(await statusAtEnd(guest)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(behind)).toMatchObject({ state: 'completed', changed: true });
});

test('a remedy does not pass what was started before it', async () => {
  const { id, handle } = await blockedOn('In between');
  const second = await house.begin('lockTenant', { tenant: { id } }, 'started before');
  await waitsFor(second, 'In between');
  const remedy = await house.begin('unlockTenant', { tenant: { id } }, 'started after');
  await waitsFor(remedy, 'In between');
  await sleep(APART_MS);
  expect(await waiting(remedy)).toMatchObject({ waitsFor: 'In between' });

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(remedy)).toMatchObject({ state: 'completed', changed: true });
});

test('a remedy passes the blocked maker of its tenant', async () => {
  const { handle, order } = await blockedAt(house, 'PUT /users/{id}/access_policies');

  const remedy = await house.run('allowAdministratorAccess', { tenant: { name: order.customer.name } });

  expect(remedy).toMatchObject({ state: 'completed' });
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});
