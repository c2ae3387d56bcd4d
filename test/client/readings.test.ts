import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { readerOfRun } from '../../client/readings.js';

const ID = 'lockTenant:jane';
const running = { operation: 'lockTenant', id: ID, state: 'running', steps: [] };
const completed = { ...running, state: 'completed', apiCalls: 2, changed: true };

interface Looks {
  runId?: string;
  status?: string;
  events: number;
  attempt?: number;
}

/** A Temporal with one workflow id. `now` is its newest run; `says` what a worker answers. */
function aTemporal() {
  const now: Looks = { events: 1 };
  const worker = { says: running as object, asked: 0 };
  const describe = (closed: boolean) => async () => {
    const { runId = 'first', status = 'RUNNING', events, attempt = 1 } = now;
    const workflowExecutionInfo = { historyLength: events, firstRunId: runId };
    const pendingActivities = [{ activityId: 'lock', attempt }];
    return await Promise.resolve({
      runId,
      workflowId: ID,
      status: { name: closed ? 'COMPLETED' : status },
      raw: { workflowExecutionInfo, pendingActivities },
    });
  };
  const getHandle = (_id: string, runId?: string) => ({
    describe: describe(runId !== undefined && runId !== (now.runId ?? 'first')),
    query: async () => {
      worker.asked += 1;
      return await Promise.resolve(worker.says);
    },
    result: async () => await Promise.resolve(completed),
  });
  const options = { loadedDataConverter: { payloadConverter: {}, payloadCodecs: [] } };
  const withDeadline = async (_at: number, ask: () => Promise<unknown>) => await ask();
  return { now, worker, client: { workflow: { getHandle }, options, withDeadline } as unknown as Client };
}

test('a worker is asked only when something may have changed: an event, or another attempt', async () => {
  const { now, worker, client } = aTemporal();
  const read = readerOfRun(client, ID, 'tenantry');

  expect(await read()).toEqual({ status: running, isOver: false });
  expect([await read(), await read(), worker.asked]).toEqual([undefined, undefined, 1]);
  now.events += 1;
  expect(await read()).toMatchObject({ status: running });
  now.attempt = 2;
  expect(await read()).toMatchObject({ status: running });

  expect(worker.asked).toBe(3);
});

test('a run that is about to close is read once more when it has closed', async () => {
  const { now, worker, client } = aTemporal();
  const read = readerOfRun(client, ID, 'tenantry');
  await read();

  now.events += 1;
  worker.says = { ...completed, apiCalls: 0 };
  expect(await read()).toBeUndefined();
  now.status = 'COMPLETED';

  expect(await read()).toEqual({ status: completed, isOver: true });
});

test('a run that somebody starts later under the same id is another one', async () => {
  const { now, client } = aTemporal();
  const read = readerOfRun(client, ID, 'tenantry');
  await read();

  now.runId = 'second';

  expect(await read()).toEqual({ status: completed, isOver: true });
});
