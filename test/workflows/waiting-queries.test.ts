import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { Client, Connection, type ClientInterceptors, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { searchAttributes } from '../../contract/search-attributes.js';
import { CLAIM_TURN, placeOfTenant, TURN_QUEUE, TURNS_QUERY, type Claim } from '../../contract/turn-queue.js';
import { UNREAD_NEWS } from '../../contract/unread-news.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { dataConverter, parseKeys, repeatedQueries, workerDataConverter } from '../../vault/index.js';
import { bundlePath, encryptingBundlePath } from '../../worker/bundle.js';

const taskQueue = 'waiting-queries';
const keys = parseKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const bundles = {
  plain: { workflowBundle: { codePath: bundlePath } },
  encrypting: { workflowBundle: { codePath: encryptingBundlePath }, dataConverter: workerDataConverter(keys) },
};
type Way = keyof typeof bundles;
/** The fault appears in every second try or so. */
const tries = (['plain', 'encrypting'] as const).flatMap((way) => [1, 2, 3].map((nth) => [way, nth] as const));
let engine: Engine;
let connection: NativeConnection;
let server: Connection;

beforeAll(async () => {
  const quiet = { logging: { filter: 'OFF' as const, forward: {} } };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: quiet });
  engine = await startEngine({ searchAttributes, headless: true });
  connection = await NativeConnection.connect({ address: engine.address });
  server = await Connection.connect({ address: engine.address });
});

afterAll(async () => {
  await server.close();
  await connection.close();
  await engine.stop();
});

const stillOpen = async () => {
  const category = ApplicationFailureCategory.BENIGN;
  throw ApplicationFailure.create({ message: 'still open', category });
};

function clientFor(way: Way, interceptors: ClientInterceptors = {}): Client {
  return new Client({
    connection: server,
    interceptors,
    ...(way === 'encrypting' && { dataConverter: dataConverter(keys) }),
  });
}

/** A worker that takes one task after the other. */
async function startWorker(way: Way) {
  const worker = await Worker.create({
    connection,
    taskQueue,
    ...bundles[way],
    activities: { watchRun: stillOpen, closedRuns: async () => [] },
    maxConcurrentWorkflowTaskExecutions: 2,
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
  };
}

/** Claims of two runs at one place: what the queue does after both depends on whether it hears of them together. */
async function claimTwice(queue: WorkflowHandle, nth: number): Promise<void> {
  const place = placeOfTenant(`tenant-${nth}`);
  for (const runId of ['first', 'second']) {
    const claim = { workflowId: `${runId}-${nth}`, runId, place, startedAt: nth, passes: false, quiet: false };
    await queue.signal<[Claim]>(CLAIM_TURN, { ...claim, earlier: [], found: [] });
  }
}

/** Begins a queue, and asks it while no worker is up. Then it hears of claims before and after a worker begins to work. */
async function askWhileItHears(way: Way, ask: (queue: WorkflowHandle) => Promise<unknown>, id: string) {
  const client = clientFor(way);
  const stopFirst = await startWorker(way);
  const queue = await client.workflow.start(TURN_QUEUE, { workflowId: id, taskQueue, args: [] });
  await claimTwice(queue, 0);
  await queue.query(TURNS_QUERY);
  await stopFirst();
  const answers = Array.from({ length: 10 }, async () => await ask(queue));
  await sleep(300);
  await claimTwice(queue, 1);
  const stop = await startWorker(way);
  for (let nth = 2; nth < 10; nth += 1) {
    await sleep(20);
    await claimTwice(queue, nth);
  }
  const answered = await Promise.all(answers);
  await queue.query(TURNS_QUERY);
  await stop();
  return { history: await queue.fetchHistory(), answered };
}

test.each(tries)('a run that was asked while it had news can be replayed: %s, try %j', async (way, nth) => {
  const ask = async (queue: WorkflowHandle) => await queue.query(TURNS_QUERY).catch((error: Error) => error.message);

  const { history, answered } = await askWhileItHears(way, ask, `${way} ${nth}`);

  await Worker.runReplayHistory(bundles[way], history, `${way} ${nth}`);
  for (const answer of answered) if (typeof answer === 'string') expect(answer).toContain(UNREAD_NEWS);
});

test('the clients of this product ask again until they get an answer', async () => {
  const patient = clientFor('plain', repeatedQueries);
  const ask = async ({ workflowId }: WorkflowHandle) =>
    await patient.workflow.getHandle(workflowId).query<unknown[]>(TURNS_QUERY);

  const { answered } = await askWhileItHears('plain', ask, 'patiently');

  expect(answered.every((one) => Array.isArray(one))).toBe(true);
});
