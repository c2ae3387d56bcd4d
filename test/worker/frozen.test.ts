import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { WorkerProcess } from '../../client/cli/worker-process.js';
import type { OperationStatus } from '../../contract/status.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
let made = 0;

/** A worker that wakes sends what it has in hand within a second. */
const AFTER_WAKING_MS = 4000;

const start = async (operation: string, input: object): Promise<WorkflowHandle> =>
  await env.client.workflow.start(operation, {
    taskQueue: 'tenantry',
    workflowId: `${operation}:${(made += 1)}`,
    args: [input],
    workflowTaskTimeout: '5 seconds',
  });
const endOf = async (run: WorkflowHandle) => ((await run.result()) as OperationStatus).state;
const stop = (worker: WorkerProcess) => process.kill(worker.pid, 'SIGSTOP');
const wake = (worker: WorkerProcess) => process.kill(worker.pid, 'SIGCONT');

/** Stops the worker as a paused machine does, once it has such a call of a step open, and starts another one. */
async function freezeDuring(route: string, after: number, act: () => Promise<WorkflowHandle>) {
  const { simulator, worker: frozen } = env;
  const before = simulator.journal.calls(route).length;
  simulator.faults.next(route, { delay: 300 }, { after });
  const run = await act();
  while (simulator.journal.calls(route).length <= before + after) await sleep(5);
  stop(frozen);
  await env.replaceWorker();
  return { run, frozen };
}

test.each([
  // the first look is part of the workflow task
  ['GET /tenants/{id}', 1],
  ['PUT /tenants/{id}', 0],
])(
  'a worker that sleeps during %s does not disable a customer that another order has enabled meanwhile',
  async (route, after) => {
    const { world, journal } = env.simulator;
    const id = world.addTenant({ name: `Sleeping ${route}` });
    const tenant = { id };
    const { run, frozen } = await freezeDuring(route, after, async () => await start('disableTenant', { tenant }));

    expect(await endOf(run)).toBe('completed');
    expect(await endOf(await start('enableTenant', { tenant }))).toBe('completed');
    const calls = journal.calls('PUT /tenants/{id}').length;
    wake(frozen);
    await sleep(AFTER_WAKING_MS);

    expect(world.tenant(id)).toMatchObject({ enabled: true });
    expect(journal.calls('PUT /tenants/{id}')).toHaveLength(calls);
  },
);
