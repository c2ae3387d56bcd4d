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

/** A house as it stands on a server: a Temporal server, the imitated vendor, and programs that are processes of their own. */
export interface ProcessHouse {
  engine: Engine;
  simulator: Simulator;
  client: Client;
  /** The worker that runs just now; a test may stop, kill and replace it. */
  worker: WorkerProcess;
  /** Starts another worker and calls it the worker from now on. */
  replaceWorker(more?: Settings): Promise<void>;
  /** Stops all workers there are. */
  stopWorkers(): Promise<void>;
  /** Runs the command line to its end, with the settings of this house. */
  tenantry(args: readonly string[], more?: Settings, input?: string): Promise<Ended>;
  /** What a program needs to reach the cloud. */
  cloud(): Settings;
}

/** Such a house while the tests of a file run. At its end no history, no log and no answer may hold a secret. */
export function useProcessHouse(settings: Settings = {}): ProcessHouse {
  const house = {} as ProcessHouse;
  const workers: WorkerProcess[] = [];
  const said: string[] = [];
  house.replaceWorker = async (more = {}) => {
    house.worker = await startWorkerProcess(house.engine, house.simulator, { ...settings, ...more });
    workers.push(house.worker);
  };
  house.stopWorkers = async () => {
    for (const worker of workers) await worker.stop();
  };
  house.tenantry = async (args, more = {}, input = '') => {
    const ended = await tenantry(args, { TEMPORAL_ADDRESS: house.engine.address, ...settings, ...more }, input);
    said.push(ended.stdout, ended.stderr);
    return ended;
  };
  house.cloud = () => ({
    ACRONIS_BASE_URL: house.simulator.url,
    ACRONIS_CLIENT_ID: house.simulator.clientId,
    ACRONIS_CLIENT_SECRET: house.simulator.clientSecret,
  });
  beforeAll(async () => {
    house.engine = await startEngine({ searchAttributes, headless: true });
    house.simulator = await startSimulator();
    const connection = await Connection.connect({ address: house.engine.address });
    house.client = new Client({ connection, dataConverter: dataConverter(readKeys(settings, [])) });
    await house.replaceWorker();
  });
  afterEach(() => house.simulator.faults.clear());
  afterAll(async () => {
    await house.stopWorkers();
    const histories = await everyHistory(house.client);
    await house.client.connection.close();
    await house.simulator.close();
    await house.engine.stop();
    const logs = workers.map(({ pid, log }) => [`the log of worker ${pid}`, log()] as const);
    const answers = said.map((text, at) => [`answer ${at} of the command line`, text] as const);
    expectNoLeaks([...histories, ...logs, ...answers], [...secretsOf(house.simulator), ...keysIn(settings)]);
  });
  return house;
}

function keysIn({ TENANTRY_CODEC_KEYS: keys = '' }: Settings): Secrets {
  return [...keys.matchAll(/(\w+):([^,]+)/g)].map(([, id, key]) => [`the codec key ${id}`, key!]);
}
