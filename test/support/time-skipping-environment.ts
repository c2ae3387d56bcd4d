import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Runtime, Worker } from '@temporalio/worker';
import type { Messenger } from '../../activities/index.js';
import type { ReadInput } from '../../activities/input.js';
import type { TruthDependencies } from '../../activities/truth.js';
import { findTestServer } from '../../engine/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { bundlePath } from '../../worker/bundle.js';
import type { Notice } from '../../contract/notices.js';
import { activitiesFor, type TextFile } from './activities.js';
import { operatorServiceAttributes } from './attributes.js';
import { expectNoLeaks, historyOf, secretsOf } from './leaks.js';
import { namePlaces } from './orders.js';
import { withSteppingClock } from './stepping-clock.js';
import { worldOf } from './untidiness.js';

const NOT_FOUND = 5;

/** A test environment whose server skips waiting times, so that days pass at once. */
export interface TimeSkippingEnvironment {
  temporal: TestWorkflowEnvironment;
  simulator: Simulator;
  /** Notices that were sent. */
  notices: Notice[];
  /** Files that runs have stored. */
  artefacts: TextFile[];
  taskQueue: string;
  /**
   * Runs `act` with a worker that caches no workflow, so that each task is a replay, as after a restart. Default: this
   * version of the bundle, and only the default cloud.
   */
  withWorker<T>(
    act: () => Promise<T>,
    workflowBundle?: { codePath: string } | { code: string },
    clouds?: string[],
  ): Promise<T>;
  start(order: { customer: { name: string } }): Promise<WorkflowHandle>;
  /** Starts any operation. */
  begin(operation: string, input: unknown, id: string): Promise<WorkflowHandle>;
}

/** A new environment for each test of a file: an unfinished run of one test would stop the clock of the next. */
export function useTimeSkippingEnvironment(truth: TruthDependencies = {}): TimeSkippingEnvironment {
  const env = { notices: [], artefacts: [], taskQueue: `waits-${process.pid}` } as unknown as TimeSkippingEnvironment;
  // this server cannot list runs
  const started: string[] = [];
  let working: Worker | undefined;
  const { fixture, clockSteps } = worldOf(expect.getState().testPath ?? '');
  if ((fixture.storages ?? 1) > 1) namePlaces();
  beforeEach(async () => {
    const { path } = await findTestServer();
    env.temporal = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
    const { connection, namespace } = env.temporal;
    await connection.operatorService.addSearchAttributes(operatorServiceAttributes(namespace ?? 'default'));
    env.simulator = await startSimulator({ fixture });
    env.notices.length = 0;
    env.artefacts.length = 0;
  });
  afterEach(async () => {
    const { temporal, simulator } = env;
    try {
      expectNoLeaks(await Promise.all(started.splice(0).map((id) => historyById(env, id))), secretsOf(simulator));
    } finally {
      await simulator.close();
      await stopped(working);
      await temporal.teardown();
    }
  });
  afterAll(async () => {
    await Runtime.instance().shutdown();
  });
  env.withWorker = async (act, workflowBundle = { codePath: bundlePath }, clouds = ['default']) => {
    const activities = activitiesWithoutSearch(env, clouds, truth);
    const worker = await Worker.create({
      connection: env.temporal.nativeConnection,
      taskQueue: env.taskQueue,
      workflowBundle,
      activities: clockSteps === undefined ? activities : withSteppingClock(activities, clockSteps),
      // each task is a replay; this server would not give one to an earlier worker
      maxCachedWorkflows: 0,
    });
    working = worker;
    return await worker.runUntil(act);
  };
  env.begin = async (operation, input, workflowId) => {
    started.push(workflowId, 'cloudTrouble:default');
    const start = { taskQueue: env.taskQueue, workflowId, args: [input], workflowTaskTimeout: '5 seconds' as const };
    return await env.temporal.client.workflow.start(operation, start);
  };
  env.start = async (order) => await env.begin('provisionCustomer', order, order.customer.name);
  return env;
}

/** A test that has run out of time leaves its worker behind. */
async function stopped(worker: Worker | undefined): Promise<void> {
  if (worker === undefined) return;
  if (worker.getState() === 'RUNNING') worker.shutdown();
  for (let waited = 0; worker.getState() !== 'STOPPED' && waited < 100; waited += 1) await sleep(100);
}

/** The product's activities, without those that search other runs: this server cannot, and these tests have only one. */
function activitiesWithoutSearch(
  { simulator, notices, artefacts }: TimeSkippingEnvironment,
  clouds: string[],
  truth: TruthDependencies,
) {
  const messenger: Messenger = { name: 'test', send: async (notice) => void notices.push(notice) };
  const activities = activitiesFor(simulator, { messengers: [messenger], artefacts, clouds }, truth);
  return {
    ...activities,
    whoMade: async () => null,
    findLastSync: async () => null,
    claimTurn: async () => ({ waited: false, known: false }),
    releaseTurn: async () => undefined,
    readInput: async ({ operation, input, passOn = false }: ReadInput) =>
      await activities.readInput({ operation, input, passOn }),
  };
}

async function historyById({ temporal }: TimeSkippingEnvironment, id: string): Promise<readonly [string, string]> {
  try {
    return [id, await historyOf(temporal.client, id)];
  } catch (error) {
    if ((error as { code?: number }).code !== NOT_FOUND) throw error;
    return [id, ''];
  }
}
