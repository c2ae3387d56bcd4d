import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { searchAttributes } from '../../contract/search-attributes.js';
import { CLAIM_TURN, placeOfTenant, TURN_QUEUE, TURNS_QUERY, type Claim } from '../../contract/turn-queue.js';
import { UNREAD_NEWS } from '../../contract/unread-news.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { dataConverter, parseKeys, workerDataConverter } from '../../vault/index.js';
import { bundlePath, encryptingBundlePath } from '../../worker/bundle.js';

const QUEUES = 8;
/** On a very busy machine it can happen that nobody has asked a run while it had news. */
const MOST_ROUNDS = 5;
/** Those who ask a run at the same time. */
const ASKING = 6;
/** An answer may get lost with the memory of its worker. */
const LONGEST_WAIT_MS = 12_000;
const keys = parseKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const bundles = {
  plain: { workflowBundle: { codePath: bundlePath } },
  encrypting: { workflowBundle: { codePath: encryptingBundlePath }, dataConverter: workerDataConverter(keys) },
};
type Way = keyof typeof bundles;
let engine: Engine;
let connection: NativeConnection;
let server: Connection;

beforeAll(async () => {
  const quiet = { logging: { filter: 'OFF' as const, forward: {} } };
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions: quiet });
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

async function startWorker(way: Way) {
  const worker = await Worker.create({
    connection,
    taskQueue: way,
    ...bundles[way],
    activities: { watchRun: stillOpen, closedRuns: async () => [] },
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

const ask = async (queue: WorkflowHandle) =>
  await server
    .withDeadline(Date.now() + LONGEST_WAIT_MS, async () => await queue.query(TURNS_QUERY))
    .catch((error: Error) => error.message);

/** Begins queues, and asks them while no worker is up. Then they hear of claims before and after a worker begins to work. */
async function askWhileTheyHear(way: Way, round: number) {
  const client = new Client({
    connection: server,
    ...(way === 'encrypting' && { dataConverter: dataConverter(keys) }),
  });
  const stopFirst = await startWorker(way);
  const queues = await Promise.all(
    Array.from({ length: QUEUES }, async (_none, nth) => {
      const queue = await client.workflow.start(TURN_QUEUE, {
        workflowId: `${way} ${round} ${nth}`,
        taskQueue: way,
        args: [],
      });
      await claimTwice(queue, 0);
      await queue.query(TURNS_QUERY);
      return queue;
    }),
  );
  await stopFirst();
  const tell = async (nth: number) => await Promise.all(queues.map(async (queue) => await claimTwice(queue, nth)));
  const answers = queues.flatMap((queue) => Array.from({ length: ASKING }, async () => await ask(queue)));
  await sleep(300);
  await tell(1);
  const stop = await startWorker(way);
  for (const nth of [2, 3, 4, 5]) await tell(nth);
  const answered = await Promise.all(answers);
  await tell(6);
  await Promise.all(queues.map(ask));
  await stop();
  return { queues, answered };
}

test.each(['plain', 'encrypting'] as const)(
  'runs that many asked while they had news, and no worker, can be replayed (%s)',
  async (way) => {
    const refusals = new Set<unknown>();
    for (let round = 0; round < MOST_ROUNDS && refusals.size === 0; round += 1) {
      const { queues, answered } = await askWhileTheyHear(way, round);
      for (const queue of queues)
        await Worker.runReplayHistory(bundles[way], await queue.fetchHistory(), queue.workflowId);
      for (const one of answered) if (typeof one === 'string' && !one.includes('Failed to query')) refusals.add(one);
    }
    expect(refusals).toEqual(new Set([UNREAD_NEWS]));
  },
);
