import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { startWorkerProcess, type WorkerProcess } from '../../client/cli/worker-process.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { clientOptions } from '../../vault/index.js';
import { loadClientSettings } from '../../settings/client.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { tenantry, type Ended } from './command.js';
import { tenantryAnywhere } from './command-here.js';
import { everyHistory, expectNoLeaks, secretsOf, type Secrets } from './leaks.js';
import { expectNoneStuck } from './stuck-runs.js';

type Settings = Record<string, string>;

/** A test environment as it stands on a server: a Temporal server, the imitated vendor, and programs that are processes of their own. */
export interface ProcessEnvironment {
  engine: Engine;
  simulator: Simulator;
  client: Client;
  /** The worker that runs just now; a test may stop, kill and replace it. */
  worker: WorkerProcess;
  /** Starts another worker and calls it the worker from now on. */
  replaceWorker(more?: Settings): Promise<void>;
  /** Stops all workers there are. */
  stopWorkers(): Promise<void>;
  /** Runs the command line to its end, with the settings of this env: here, or in a process if another one runs here. */
  tenantry(args: readonly string[], more?: Settings, input?: string): Promise<Ended>;
  /** What a program needs to reach the cloud. */
  cloud(): Settings;
}

/** Such a test environment while the tests of a file run. At its end no history, no log and no answer may hold a secret. */
export function useProcessEnvironment(settings: Settings = {}): ProcessEnvironment {
  const env = {} as ProcessEnvironment;
  const workers: WorkerProcess[] = [];
  const said: string[] = [];
  env.replaceWorker = async (more = {}) => {
    env.worker = await startWorkerProcess(env.engine, env.simulator, { ...settings, ...more });
    workers.push(env.worker);
  };
  env.stopWorkers = async () => {
    for (const worker of workers) await worker.stop();
  };
  env.tenantry = async (args, more = {}, input = '') => {
    const variables: Settings = { TEMPORAL_ADDRESS: env.engine.address, ...settings, ...more };
    // with other keys the vault fails, and the classes of its errors exist twice in a process of the test runner
    const sameKeys = (variables['TENANTRY_CODEC_KEYS'] ?? '') === (settings['TENANTRY_CODEC_KEYS'] ?? '');
    const ended = await (sameKeys ? tenantryAnywhere : tenantry)(args, variables, input);
    said.push(ended.stdout, ended.stderr);
    return ended;
  };
  env.cloud = () => ({
    ACRONIS_BASE_URL: env.simulator.url,
    ACRONIS_CLIENT_ID: env.simulator.clientId,
    ACRONIS_CLIENT_SECRET: env.simulator.clientSecret,
  });
  beforeAll(async () => {
    env.engine = await startEngine({ searchAttributes, headless: true });
    env.simulator = await startSimulator();
    const connection = await Connection.connect({ address: env.engine.address });
    env.client = new Client({ connection, ...clientOptions(loadClientSettings(settings).keys) });
    await env.replaceWorker();
  });
  afterEach(() => env.simulator.faults.clear());
  afterAll(async () => {
    await env.stopWorkers();
    const histories = await everyHistory(env.client);
    await env.client.connection.close();
    await env.simulator.close();
    await env.engine.stop();
    expectNoneStuck(histories);
    const logs = workers.map(({ pid, log }) => [`the log of worker ${pid}`, log()] as const);
    const answers = said.map((text, at) => [`answer ${at} of the command line`, text] as const);
    expectNoLeaks([...histories, ...logs, ...answers], [...secretsOf(env.simulator), ...keysIn(settings)]);
  });
  return env;
}

function keysIn({ TENANTRY_CODEC_KEYS: keys = '' }: Settings): Secrets {
  return [...keys.matchAll(/(\w+):([^,]+)/g)].map(([, id, key]) => [`the codec key ${id}`, key!]);
}
