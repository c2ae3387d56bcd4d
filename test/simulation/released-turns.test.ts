import { expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { coresdk } from '@temporalio/proto';
import { REVISION } from '../../contract/revision.js';
import { placeOfTenant, RELEASE_TURN, TURN_NEWS } from '../../contract/turn-queue.js';
import { bundlePath } from '../../worker/bundle.js';
import { payload } from './service.js';
import { activityNames } from './simulate.js';
import { initializeJob, openSandbox } from './vm.js';

type Command = coresdk.workflow_commands.IWorkflowCommand;
type Job = coresdk.workflow_activation.IWorkflowActivationJob;

const sandbox = openSandbox(bundlePath, activityNames());
const tenantId = '5e7a2ca3-9d5b-4f43-9d3f-0a1f3ad4b111';
const place = placeOfTenant(tenantId);
const queue = 'turnQueue:default:3';
const run = { workflowType: 'enableTenant', workflowId: 'one', runId: 'run-0001-0000-0000', taskTimeoutMs: 5000 };

const answers: Record<string, object> = {
  readInput: {
    ok: true,
    order: { tenant: { id: tenantId }, onFailure: 'ask' },
    key: tenantId,
    cloud: 'default',
    environment: 'test',
    revision: REVISION,
    runId: run.runId,
  },
  findTenant: {
    result: { tenantId, version: 2, name: 'Acme', kind: 'customer', parentTenantId: 'root', enabled: true },
    adopted: false,
    changed: false,
    attempts: 1,
    apiCalls: 1,
  },
};

/** Begins a run, answers its local activities, and gives it its turn; answers with all that it then orders. */
async function ordersInTurn(news: object): Promise<Command[]> {
  const beginning = { ...run, arguments: [payload({ tenant: { id: tenantId } })], at: 0 };
  const instance = await sandbox.begin(beginning);
  const activate = async (jobs: Job[]): Promise<Command[]> => {
    const ordered = await instance.activate(jobs, { at: 0, replaying: false, historyLength: 3 });
    const local = ordered.flatMap(({ scheduleLocalActivity }) => scheduleLocalActivity ?? []);
    const results = local.map(({ seq, activityType }) => ({
      resolveActivity: {
        seq: seq!,
        isLocal: true,
        // a claim that is not granted at once answers null
        result: { completed: { result: defaultPayloadConverter.toPayload(answers[activityType!] ?? null) } },
      },
    }));
    return [...ordered, ...(results.length > 0 ? await activate(results) : [])];
  };
  try {
    await activate([initializeJob(beginning)]);
    return await activate([{ signalWorkflow: { signalName: TURN_NEWS, input: [payload(news)] } }]);
  } finally {
    await instance.dispose();
  }
}

const granted = { workflowId: run.workflowId, runId: run.runId, place, granted: { waited: true, known: false } };
const localActivities = (orders: readonly Command[]) =>
  orders.flatMap(({ scheduleLocalActivity }) => scheduleLocalActivity?.activityType ?? []);

test('a run that only looks gives its turn back once the history has what it saw, and ends after that', async () => {
  const orders = await ordersInTurn({ ...granted, queue });

  expect(localActivities(orders)).toEqual(['findTenant']);
  const [signal] = orders.flatMap((one) => one.signalExternalWorkflowExecution ?? []);
  expect(signal).toMatchObject({ signalName: RELEASE_TURN, workflowExecution: { workflowId: queue } });
  expect(orders.filter((one) => one.completeWorkflowExecution)).toEqual([]);
});

test('a run whose queue has not given its name ends without a word: the queue sees its end', async () => {
  const orders = await ordersInTurn(granted);

  expect(localActivities(orders)).toEqual(['findTenant']);
  expect(orders.filter((one) => one.signalExternalWorkflowExecution)).toEqual([]);
  expect(orders.filter((one) => one.completeWorkflowExecution)).toHaveLength(1);
});
