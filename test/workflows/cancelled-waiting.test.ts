import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Fault } from '../../simulator/index.js';
import { parseKeys } from '../../vault/index.js';
import type { OperationStatus } from '../../contract/status.js';
import { waitUntil } from '../support/runs.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment({}, { keys: parseKeys(`k1:${Buffer.alloc(32, 7).toString('base64')}`) });
/** Longer than any test: the step waits for its next try until it is cancelled. */
const untilCancelled = { throttle: 3600 };

/** Begins to disable a customer, and cancels the run once the step waits for its next try. */
async function cancelledWhileWaiting(name: string, fault: Fault) {
  const id = env.simulator.world.addTenant({ name });
  env.simulator.faults.next('PUT /tenants/{id}', fault);
  const handle = await env.begin('disableTenant', { tenant: { id } });
  await waitUntil(async () => await waits(handle));
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
  return { status: await handle.query<OperationStatus>('status'), tenant: env.simulator.world.tenant(id) };
}

const stepsOf = ({ steps }: OperationStatus) => steps.map(({ name, state }) => `${name} ${state}`);

async function waits(handle: WorkflowHandle): Promise<boolean> {
  const { raw } = await handle.describe();
  const next = raw.pendingActivities?.[0]?.scheduledTime?.seconds ?? 0;
  return Number(next) * 1000 > Date.now() + 5000;
}

test('a lost try is undone when its step is cancelled while it waits for the next try', async () => {
  const { status, tenant } = await cancelledWhileWaiting('Disabled by this run', { lostThen: { throttle: 15 } });

  expect(status).toMatchObject({ state: 'cancelled' });
  expect(status).not.toHaveProperty('leftovers');
  expect(stepsOf(status)).toEqual(['findTenant done', 'disableTenant undone']);
  expect(tenant).toMatchObject({ enabled: true });
});

// last, because its worker calls this cloud no more for an hour
test('what a person has done stays when a step is cancelled while it waits for its next try', async () => {
  const { status, tenant } = await cancelledWhileWaiting('Disabled by a person', { ...untilCancelled, commit: true });

  expect(status).toMatchObject({ state: 'cancelled' });
  expect(status).not.toHaveProperty('leftovers');
  // it has not failed: the cancellation stopped it
  expect(stepsOf(status)).toEqual(['findTenant done', 'disableTenant skipped']);
  expect(JSON.stringify(status.steps)).not.toContain('cancel');
  expect(tenant).toMatchObject({ enabled: false });
});
