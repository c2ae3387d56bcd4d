import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { FactDependencies } from '../../activities/facts.js';
import type { PlanTermsDependencies } from '../../activities/plan-terms.js';
import type { TruthDependencies } from '../../activities/truth.js';
import { pendingAttempt, CloudSlots, type Messenger } from '../../activities/index.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { startSimulator, type Simulator, type Fixture } from '../../simulator/index.js';
import { clientOptions, repeatedQueries, workerDataConverter, type KeyRing } from '../../vault/index.js';
import { bundlePath, encryptingBundlePath } from '../../worker/bundle.js';
import type { BrakeLimits } from '../../contract/brake.js';
import type { Notice } from '../../contract/notices.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { answersFor } from './answers.js';
import { activitiesFor, type SecondCloud, type TextFile } from './activities.js';
import { callsSince, runners, type OperationEnvironment } from './operation-environment.js';
import { everyHistory, expectNoLeaks, secretsOf } from './leaks.js';
import { bundleOf } from './other-version.js';
import { withSteppingClock } from './stepping-clock.js';
import { expectNoneStuck } from './stuck-runs.js';

/** The same on a real Temporal server. */
export interface TestEnvironment extends OperationEnvironment {
  engine: Engine;
  simulator: Simulator;
  close(): Promise<void>;
}

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

export interface TestEnvironmentOptions {
  /** Start Temporal's web UI. */
  ui?: boolean;
  /** Encrypt payloads with these keys. */
  keys?: KeyRing;
  /** URL of the codec server for the web UI. */
  codec?: string;
  /** How many activities its worker runs at a time. */
  slots?: number;
  /** The seed of the steps of the worker's clock. Default: the clock is right. */
  clockSteps?: number | undefined;
  /** A second cloud. Then `slots` applies to ordinary activities, local activities and workflow tasks each. */
  second?: SecondCloud;
  /** What facts mean to its worker. */
  readFacts?: FactDependencies['readFacts'];
  /** What plans mean to its worker. */
  readTerms?: PlanTermsDependencies['readTerms'];
  /** The limits of its worker. Default: those of the product. */
  brake?: BrakeLimits | 'off';
  /** How its worker asks senders. */
  truth?: TruthDependencies;
  /** What its worker checks the actors of decisions with. */
  actorKeys?: KeyRing;
  /** Its worker makes plans and reads look-ups. */
  answers?: boolean;
  /** A built file with more workflows than the product has; it exports those of the product too. */
  workflows?: URL;
}

export async function startTestEnvironment(
  fixture: Fixture = {},
  options: TestEnvironmentOptions = {},
): Promise<TestEnvironment> {
  const { ui = false, keys, codec } = options;
  const engine = await startEngine({ searchAttributes, headless: !ui, codec });
  const simulator = await startSimulator({ fixture });
  const connection = await NativeConnection.connect({ address: engine.address });
  const clientConnection = await Connection.connect({ address: engine.address });
  const client = new Client({ connection: clientConnection, ...clientOptions(keys) });
  const sent = { notices: [] as Notice[], artefacts: [] as TextFile[] };
  const taskQueue = `test-${randomUUID()}`;
  const answers = options.answers === true ? answersFor(engine, simulator, sent.artefacts) : undefined;
  const worker = await createWorker({ connection, taskQueue, simulator, answers, ...sent }, options);
  const working = worker.run();
  return {
    engine,
    simulator,
    client,
    taskQueue,
    ...sent,
    ...runners(client, taskQueue),
    calls: callsSince(simulator),
    async close() {
      worker.shutdown();
      await working.catch(unlessStillCounted);
      const histories = await everyHistory(client);
      await clientConnection.close();
      await connection.close();
      await simulator.close();
      await engine.stop();
      await Runtime.instance().shutdown();
      expectNoLeaks(histories, secretsOf(simulator));
      expectNoneStuck(histories);
      if (simulator.unknownRoutes.length > 0)
        throw new Error(`unknown routes were called: ${simulator.unknownRoutes.join(', ')}`);
    },
  };
}

type WorkerParts = Pick<TestEnvironment, 'taskQueue' | 'simulator' | 'notices' | 'artefacts'> & {
  connection: NativeConnection;
  answers: ReturnType<typeof answersFor> | undefined;
};

async function createWorker(
  { connection, taskQueue, simulator, answers, notices, artefacts }: WorkerParts,
  { keys, slots, second, clockSteps, readFacts, readTerms, brake, truth, workflows, actorKeys }: TestEnvironmentOptions,
): Promise<Worker> {
  const messenger: Messenger = { name: 'test', send: async (notice) => void notices.push(notice) };
  const shares = sharesOf(second, slots);
  const parts = {
    messengers: [messenger],
    sendToTarget: async () => undefined,
    outgoing: { outgoing: { endpoints: () => [], deliver: async () => 'delivered' as const } },
    artefacts,
    second,
    shares,
    readFacts,
    readTerms,
    brake,
    pending: pendingAttempt,
    answers,
    actorKeys,
  };
  const activities = activitiesFor(simulator, parts, truth);
  return await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await workflowBundle(keys !== undefined, workflows),
    dataConverter: workerDataConverter(keys),
    interceptors: { client: repeatedQueries },
    activities: clockSteps === undefined ? activities : withSteppingClock(activities, clockSteps),
    ...slotsOf(second, slots),
    stickyQueueScheduleToStartTimeout: '2 seconds',
    maxHeartbeatThrottleInterval: '100 milliseconds',
  });
}

async function workflowBundle(encrypts: boolean, workflows: URL | undefined) {
  if (workflows !== undefined) return await bundleOf(workflows, { encrypts });
  return { codePath: encrypts ? encryptingBundlePath : bundlePath };
}

function sharesOf(second: SecondCloud | undefined, slots = 100): CloudSlots | undefined {
  return second && new CloudSlots({ ordinary: slots, local: slots }, 2);
}

function slotsOf(second: SecondCloud | undefined, slots: number | undefined) {
  if (slots === undefined) return {};
  const ordinary = { maxConcurrentActivityTaskExecutions: slots };
  return second ? { ...ordinary, maxConcurrentWorkflowTaskExecutions: slots } : ordinary;
}

/** On a busy machine the SDK may still count a reference to a drained worker. Nothing is lost by it. */
function unlessStillCounted(error: Error): void {
  if (!error.message.startsWith('Worker still in use')) throw error;
}
