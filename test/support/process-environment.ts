import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { startWorkerProcess, type WorkerProcess } from '../../client/cli/worker-process.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { dataConverter } from '../../vault/index.js';
import { readKeys } from '../../settings/environment.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { tenantry, type Ended } from './command.js';
import { everyHistory, expectNoLeaks, secretsOf, type Secrets } from './leaks.js';

type Settings = Record<string, string>;

/** A test environment like a server: Temporal, a simulator, and workers that are processes of their own. */
export interface ProcessEnvironment {
  engine: Engine;
  simulator: Simulator;
  client: Client;
  /** The current worker. A test can stop, kill and replace it. */
  worker: WorkerProcess;
  /** Starts another worker, which becomes the current one. */
  replaceWorker(more?: Settings): Promise<void>;
  /** Stops all workers. */
  stopWorkers(): Promise<void>;
  /** Runs the command line to its end, with the settings of this environment. */
  tenantry(args: readonly string[], more?: Settings, input?: string): Promise<Ended>;
  /** The settings that a program needs to reach the cloud. */
  cloud(): Settings;
}

/** One such environment for all tests of a file. It fails on close if a history, log or output contains a secret. */
export function useProcessEnvironment(settings: Settings = {}): ProcessEnvironment {
  const env = {} as ProcessEnvironment;
  const workers: WorkerProcess[] = [];
  const outputs: string[] = [];
  env.replaceWorker = async (more = {}) => {
    env.worker = await startWorkerProcess(env.engine, env.simulator, { ...settings, ...more });
    workers.push(env.worker);
  };
  env.stopWorkers = async () => {
    for (const worker of workers) await worker.stop();
  };
  env.tenantry = async (args, more = {}, input = '') => {
    const ended = await tenantry(args, { TEMPORAL_ADDRESS: env.engine.address, ...settings, ...more }, input);
    outputs.push(ended.stdout, ended.stderr);
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
    env.client = new Client({ connection, dataConverter: dataConverter(readKeys(settings, [])) });
    await env.replaceWorker();
  });
  afterEach(() => env.simulator.faults.clear());
  afterAll(async () => {
    await env.stopWorkers();
    const histories = await everyHistory(env.client);
    await env.client.connection.close();
    await env.simulator.close();
    await env.engine.stop();
    const logs = workers.map(({ pid, log }) => [`the log of worker ${pid}`, log()] as const);
    const answers = outputs.map((text, at) => [`answer ${at} of the command line`, text] as const);
    expectNoLeaks([...histories, ...logs, ...answers], [...secretsOf(env.simulator), ...keysIn(settings)]);
  });
  return env;
}

function keysIn({ TENANTRY_CODEC_KEYS: keys = '' }: Settings): Secrets {
  return [...keys.matchAll(/(\w+):([^,]+)/g)].map(([, id, key]) => [`the codec key ${id}`, key!]);
}
