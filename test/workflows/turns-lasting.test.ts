import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { OperationStatus } from '../../workflows/shared/status.js';
import { turnId } from '../../workflows/tenant-turn/contract.js';
import { blockedAt, decideFor, expectSoon, reached } from '../support/desk.js';
import { statusAtEnd } from '../support/house.js';
import { useHouse } from '../support/use-house.js';

const SLOTS = 2;
const house = useHouse({}, { slots: SLOTS });
const PUT = 'PUT /tenants/{id}';
/** A run that asks without a pause has hundreds. */
const EVENTS_AT_MOST = 100;
const AFTER_ITS_FIRST_TASK = 4;

async function waitsFor(handle: WorkflowHandle): Promise<string | undefined> {
  const status = await handle.query<OperationStatus>('status');
  return status.state === 'running' ? status.waitsFor : undefined;
}

/** A run on a tenant of its own that has its turn and waits for a person. */
async function blockedOn(name: string) {
  const id = house.simulator.world.addTenant({ name });
  house.simulator.faults.next(PUT, { refuse: 403 });
  const handle = await house.begin('disableTenant', { tenant: { id } }, name);
  await reached(handle, 'blocked');
  return { id, handle };
}

/** Resets a run, as Temporal's own tools do, to what it was after its first or its last task; gives what it has become. */
async function reset(handle: WorkflowHandle, to: 'first' | 'last'): Promise<WorkflowHandle> {
  const { events } = await handle.fetchHistory();
  const tasks = events!.filter((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await house.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId, runId: (await handle.describe()).runId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: tasks.at(to === 'first' ? 0 : -1)!.eventId!,
  });
  return house.client.workflow.getHandle(handle.workflowId, runId);
}

const waitingOn = async (id: string, holder: string) => {
  const handle = await house.begin('lockTenant', { tenant: { id } });
  await expectSoon(async () => (await waitsFor(handle)) === holder);
  return handle;
};

test('more runs may wait for a turn than a worker does activities at a time', async () => {
  const { id, handle } = await blockedOn('Much wanted');
  const waiting = await Promise.all(Array.from({ length: SLOTS + 1 }, () => waitingOn(id, 'Much wanted')));

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  for (const run of waiting) expect(await statusAtEnd(run)).toMatchObject({ state: 'completed' });
});

test('a run that is reset keeps its turn until it has closed, then the next one has it', async () => {
  const { id, handle } = await blockedOn('Reset late');
  const again = await reset(handle, 'last');
  await reached(again, 'blocked');
  const next = await waitingOn(id, 'Reset late');

  await decideFor(again, 'retry');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed' });
  expect(await statusAtEnd(next)).toMatchObject({ state: 'completed', changed: true });
  expect((await next.describe()).historyLength).toBeLessThan(EVENTS_AT_MOST);
});

test('a run that is reset to before its turn takes it anew', async () => {
  const { id, handle } = await blockedOn('Reset early');
  const again = await reset(handle, 'first');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed', changed: true });
  expect(await house.run('lockTenant', { tenant: { id } })).toMatchObject({ state: 'completed' });
  expect((await again.describe()).historyLength).toBeLessThan(EVENTS_AT_MOST);
});

test('a tenant whose maker was reset is left alone until that has closed', async () => {
  const { handle, order } = await blockedAt(house, 'PUT /users/{id}/access_policies');
  const again = await reset(handle, 'last');
  await reached(again, 'blocked');
  const disabling = await house.begin('disableTenant', { tenant: { name: order.customer.name } });
  await expectSoon(async () => (await waitsFor(disabling)) === handle.workflowId);

  await decideFor(again, 'retry');

  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed' });
  expect(await statusAtEnd(disabling)).toMatchObject({ state: 'completed', changed: true });
});

test("a turn that is reset stays its holder's until that has closed", async () => {
  const { id, handle } = await blockedOn('Turn reset');
  const turn = house.client.workflow.getHandle(turnId('default', id));
  await expectSoon(async () => (await turn.describe()).historyLength >= AFTER_ITS_FIRST_TASK);
  await reset(turn, 'last');
  const next = await waitingOn(id, 'Turn reset');
  const before = (await next.describe()).historyLength;
  await expectSoon(async () => ((await next.describe()).raw.pendingActivities?.[0]?.attempt ?? 0) > 2);
  expect((await next.describe()).historyLength - before).toBeLessThan(EVENTS_AT_MOST);

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(next)).toMatchObject({ state: 'completed', changed: true });
});
