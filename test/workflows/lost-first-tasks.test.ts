import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, test } from '@jest/globals';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { searchAttributes } from '../../contract/search-attributes.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { interceptorModules } from '../../worker/bundle.js';
import { holdableConnection, type HeldConnection } from '../support/held-connection.js';
import { waitUntil } from '../support/runs.js';
import { tell, type told } from '../support/told-workflow.js';

const LIMIT_MS = 3_000;
/** The SDK asks for more time after four fifths of the limit, counted from when it gets the task. */
const HELD_UP_MS = 1_800;
const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let engine: Engine;
let way: HeldConnection;
let connection: NativeConnection;
let client: Client;
let workflowBundle: { code: string };
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  const quiet = { logging: { filter: 'OFF' as const, forward: {} } };
  const logger = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger, telemetryOptions: quiet });
  engine = await startEngine({ searchAttributes, headless: true });
  way = await holdableConnection(engine.address);
  connection = await NativeConnection.connect({ address: way.address });
  client = new Client({ connection: await Connection.connect({ address: engine.address }) });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileOf('../support/told-workflow.js'),
    workflowInterceptorModules: interceptorModules.map((name) => fileOf(`../../workflows/kernel/${name}.js`)),
    logger,
  });
});

afterEach(async () => {
  await stopWorker();
});

afterAll(async () => {
  await client.connection.close();
  await connection.close();
  await way.close();
  await engine.stop();
});

/** A worker whose second look-ups end when the test says so. */
async function startWorker(taskQueue: string) {
  let endLookUps!: () => void;
  const gate = new Promise<void>((resolve) => (endLookUps = resolve));
  let lookingUp = false;
  const lookUp = async (which: string) => {
    if (which === 'first') return;
    lookingUp = true;
    await gate;
  };
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities: { lookUp } });
  const running = worker.run();
  stopWorker = async () => {
    endLookUps();
    worker.shutdown();
    await running;
  };
  return {
    untilLookingUp: async () => await waitUntil(async () => lookingUp),
    endLookUps,
  };
}

const start = async (taskQueue: string) =>
  await client.workflow.start<typeof told>('told', {
    workflowId: taskQueue,
    taskQueue,
    workflowTaskTimeout: LIMIT_MS,
    args: [],
  });

/** Takes the first task of a run, and dies. */
async function takeAndDie(name: string): Promise<void> {
  const namespace = 'default';
  const poll = { namespace, taskQueue: { name }, identity: 'dies' };
  const inAMinute = Date.now() + 60_000;
  await client.connection.withDeadline(inAMinute, async () => await client.workflowService.pollWorkflowTaskQueue(poll));
}

const untilTimeout = async (run: WorkflowHandle) =>
  await waitUntil(async () => {
    const { events = [] } = await run.fetchHistory();
    return events!.some((event) => event.workflowTaskTimedOutEventAttributes);
  });

/** A signal that comes during a task gets its place in the history when the task is lost. */
const untilGivenOutAgain = async (run: WorkflowHandle) =>
  await waitUntil(async () => {
    const { events = [] } = await run.fetchHistory();
    const signalled = events!.findIndex((event) => event.workflowExecutionSignaledEventAttributes);
    return signalled >= 0 && events!.slice(signalled).some((event) => event.workflowTaskStartedEventAttributes);
  });

/** Signals a run whose task gets lost during a look-up, and ends the look-up once the worker has the next task. */
async function signalInBetween(run: WorkflowHandle, worker: Awaited<ReturnType<typeof startWorker>>, signals: number) {
  await worker.untilLookingUp();
  for (let nth = 0; nth < signals; nth += 1) await run.signal(tell);
  await untilGivenOutAgain(run);
  await sleep(500);
  worker.endLookUps();
}

/** It has gone on, so whatever the SDK answered is in its history. */
async function expectReplay(run: WorkflowHandle): Promise<void> {
  await waitUntil(async () => {
    const { events = [] } = await run.fetchHistory();
    return events!.some(
      (event) => event.timerStartedEventAttributes ?? event.workflowExecutionCompletedEventAttributes,
    );
  });
  await Worker.runReplayHistory({ workflowBundle }, await run.fetchHistory(), run.workflowId);
  await run.result();
}

test('a run can be replayed that was told something while its first task got lost during a look-up', async () => {
  const taskQueue = randomUUID();
  const worker = await startWorker(taskQueue);
  way.hold();
  const run = await start(taskQueue);
  await sleep(HELD_UP_MS);
  way.letThrough();

  await signalInBetween(run, worker, 1);

  await expectReplay(run);
});

test.each([1, 2])(
  'also when its second try gets lost, and %i signals come: then the SDK skips them',
  async (signals) => {
    const taskQueue = randomUUID();
    const run = await start(taskQueue);
    await takeAndDie(taskQueue);
    const worker = await startWorker(taskQueue);
    await sleep(LIMIT_MS / 2);
    way.hold();
    await untilTimeout(run);
    await sleep(HELD_UP_MS);
    way.letThrough();

    await signalInBetween(run, worker, signals);

    await expectReplay(run);
  },
);
