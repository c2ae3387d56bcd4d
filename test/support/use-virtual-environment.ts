import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { FactDependencies } from '../../activities/facts.js';
import type { NoticeDependencies } from '../../activities/notices.js';
import type { PlanTermsDependencies } from '../../activities/plan-terms.js';
import type { TruthDependencies } from '../../activities/truth.js';
import { pendingAttempt, type ImportedRows, type OutgoingDependencies } from '../../activities/index.js';
import type { BrakeLimits } from '../../contract/brake.js';
import type { Notice } from '../../contract/notices.js';
import { createInProcessSimulator, type Fixture, type InProcessSimulator } from '../../simulator/index.js';
import type { KeyRing } from '../../vault/index.js';
import { bundlePath } from '../../worker/bundle.js';
import { clientOf } from '../simulation/client.js';
import { Clock, type Lifetime } from '../simulation/clock.js';
import type { Execution } from '../simulation/execution.js';
import { SeededRandom } from '../simulation/seeded-random.js';
import { Service } from '../simulation/service.js';
import { activityNames } from '../simulation/simulate.js';
import { virtualClient } from '../simulation/virtual-client.js';
import { VirtualTime } from '../simulation/virtual-time.js';
import { initializeJob, openSandbox, TASK_QUEUE } from '../simulation/vm.js';
import { SimulatedWorker, type Activities } from '../simulation/worker.js';
import { activitiesFor, type TextFile } from './activities.js';
import { expectNoLeaks, secretsOf } from './leaks.js';
import { namePlaces } from './orders.js';
import { waitBy } from './pause.js';
import { aheadAfter } from './stepping-clock.js';
import { callsSince, runners } from './operation-environment.js';
import type { OperationEnvironment } from './operation-environment.js';
import { worldOf } from './untidiness.js';

export interface VirtualEnvironmentOptions {
  readFacts?: FactDependencies['readFacts'];
  readTerms?: PlanTermsDependencies['readTerms'];
  brake?: BrakeLimits | 'off';
  truth?: TruthDependencies;
  /** What workers check the actors of decisions with. */
  actorKeys?: KeyRing;
  sendToTarget?: NoticeDependencies['sendToTarget'];
  /** Where the rows of imports are kept. */
  importedRows?: ImportedRows;
  /** Where outgoing events go. */
  outgoing?: OutgoingDependencies;
  /** The clouds that its workers know. */
  clouds?: string[];
  /** Gives activities that replace those of the product. */
  replaceActivities?: (ofProduct: Activities) => Activities;
  /** Each test has an environment of its own, so that no run goes on in the next test. */
  afresh?: boolean;
}

/** What another worker has and knows. */
export interface OtherWorker {
  /** The code of its workflow bundle. */
  code?: string;
  clouds?: string[];
}

/** An environment whose worker can die. */
export interface VirtualEnvironment extends OperationEnvironment {
  simulator: InProcessSimulator;
  /** The worker dies with its cache and its running tasks. */
  stopWorker(): void;
  /** The worker dies, if there is one, and another one starts. */
  replaceWorker(other?: OtherWorker): void;
  /** Replays a run from its history. Fails if it does anything else than before. */
  replay(handle: { workflowId: string }): Promise<void>;
}

/**
 * Runs look at the real clock, too, to see whether they are late. It must never overtake the virtual one, however slow the
 * machine is.
 */
const AHEAD_MS = 3_600_000;

/** How long a call takes on its way. */
const TRAVEL_MS = 3;

/**
 * The same as `useTestEnvironment`, in virtual time: the SDK's own workflow sandbox, an imitated server and an imitated
 * vendor, all in this process. Hours pass at once, so only what a real server does differently needs a real one.
 */
export function useVirtualEnvironment(
  fixture: Fixture = {},
  options: VirtualEnvironmentOptions = {},
): VirtualEnvironment {
  const env = {} as VirtualEnvironment;
  const { fixture: usual, clockSteps } = worldOf(expect.getState().testPath ?? '');
  const world = { ...usual, ...fixture };
  if ((world.storages ?? 1) > 1) namePlaces();
  let close!: () => Promise<void>;
  (options.afresh === true ? beforeEach : beforeAll)(() => {
    close = begin(env, world, { clockSteps, ...options });
  });
  afterEach(() => env.simulator.faults.clear());
  (options.afresh === true ? afterEach : afterAll)(async () => await close());
  return env;
}

type Options = VirtualEnvironmentOptions & { clockSteps?: number | undefined };

/** Fills the environment. Gives a function that ends it and says what is wrong in it. */
function begin(env: VirtualEnvironment, fixture: Fixture, options: Options): () => Promise<void> {
  const clock = new Clock(Date.now() + AHEAD_MS);
  const restoreClock = clock.install();
  const simulator = createInProcessSimulator({ fixture });
  const dice = new SeededRandom(1);
  const service = new Service(openSandbox(bundlePath, activityNames()), clock, dice, undefined, () => dice.uuid());
  const time = new VirtualTime(service, clock);
  const restorePause = waitBy(async (ms) => await time.sleep(ms));
  const client = virtualClient(service, time);
  const [notices, artefacts]: [Notice[], TextFile[]] = [[], []];
  Object.assign(env, { simulator, client, taskQueue: TASK_QUEUE, notices, artefacts });
  Object.assign(env, runners(client, TASK_QUEUE), { calls: callsSince(simulator) });
  const equip = (clouds: string[] | undefined) => (life: Lifetime) =>
    activitiesOf(env, life, clock, { ...options, ...(clouds && { clouds }) });
  env.stopWorker = () => service.kill();
  env.replaceWorker = ({ code, clouds } = {}) => {
    service.kill();
    if (code !== undefined) service.sandbox = openSandbox(bundlePath, activityNames(), code);
    service.setWorker(new SimulatedWorker(equip(clouds), clientOf(service)));
  };
  const replay = async (run: Execution) => await run.replay(await service.sandbox.begin(run.beginning));
  env.replay = async ({ workflowId }) => await replay(service.find(workflowId)!);
  env.replaceWorker();
  return async () => {
    time.stop();
    service.kill();
    await service.settle();
    for (const run of service.executions) await replay(run);
    restorePause();
    restoreClock();
    expectNoLeaks(service.executions.map(historyOf), secretsOf(simulator));
    expect(simulator.unknownRoutes).toEqual([]);
  };
}

function activitiesOf(
  { simulator, notices, artefacts }: Pick<VirtualEnvironment, 'simulator' | 'notices' | 'artefacts'>,
  life: Lifetime,
  clock: Clock,
  { clockSteps, truth, replaceActivities, ...options }: Options,
): Activities {
  const messenger = { name: 'test', send: async (notice: Notice) => void notices.push(notice) };
  const vendor: Lifetime = { over: false };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    await new Promise<void>((resolve) => clock.schedule(TRAVEL_MS, resolve));
    return await Clock.runWith(vendor, async () => await simulator.fetch(input, init));
  };
  const parts = { ...options, messengers: [messenger], artefacts, fetch, pending: pendingAttempt };
  const ofProduct = activitiesFor(simulator, parts, truth) as unknown as Activities;
  const activities = { ...ofProduct, ...replaceActivities?.(ofProduct) };
  if (clockSteps === undefined) return activities;
  let begun = clockSteps;
  return Object.fromEntries(
    Object.entries(activities).map(([name, act]) => [
      name,
      async (...args: never[]) => {
        life.clockAheadMs = aheadAfter((begun += 1));
        return await act(...args);
      },
    ]),
  );
}

/** Everything that is stored of a run, as text. */
function historyOf({ beginning, history, memo }: Execution): readonly [string, string] {
  function bytes(this: Record<string, unknown>, name: string, value: unknown): unknown {
    const raw = this[name];
    return ArrayBuffer.isView(raw) ? Buffer.from(raw as Uint8Array).toString('base64') : value;
  }
  return [beginning.workflowId, JSON.stringify([initializeJob(beginning), history, memo], bytes)];
}
