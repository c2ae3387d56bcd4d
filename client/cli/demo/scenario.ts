import { untilStopped } from '../until-stopped.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startEngine, type Engine } from '../../../engine/index.js';
import { startSimulator, type Simulator } from '../../../simulator/index.js';
import { TenantryError } from '../../../contract/errors.js';
import { searchAttributes } from '../../../contract/search-attributes.js';
import type { OperationStatus } from '../../../contract/status.js';
import { startOperation } from '../../operations.js';
import { operationStatus } from '../../status.js';
import { stdout } from '../output.js';
import { startGatewayProcess } from '../gateway-process.js';
import { DemoFiles } from './files.js';
import { startWorkerProcess, type WorkerProcess } from '../worker-process.js';
import { clientOptions } from '../../../vault/index.js';

export const TASK_QUEUE = 'tenantry';
export const OPERATION = 'provisionCustomer';
const WAIT_MS = 180_000;
const began = performance.now();

/** What every scenario runs on: a Temporal service, a simulated cloud, and as many workers as it starts. */
export interface Demo {
  engine: Engine;
  simulator: Simulator;
  client: Client;
  /** True when everything stays up at the end, so that a link still leads somewhere. */
  stays: boolean;
  startWorker(settings?: Record<string, string>): Promise<WorkerProcess>;
  /** Starts a run and gives its id. */
  start(input: unknown): Promise<string>;
}

/** One scenario of the demonstration. */
export interface Scenario {
  /** What it shows, in one line. */
  summary: string;
  /** True when it ended as it should. */
  run(demo: Demo): Promise<boolean>;
}

/** Prints what happens, with the seconds since the start. */
export function log(line: string): void {
  stdout(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${line}`);
}

/** Calls and JSON, for those who ask for them. */
export function detail(text: string): void {
  if (isVerbose) stdout(text);
}

/** From now on `detail` prints. */
export function beVerbose(): void {
  isVerbose = true;
}

let isVerbose = false;

/** The last line of a scenario: what came out, under which faults. */
export function logOutcome(
  { world }: Simulator,
  { faults, asked }: { faults: number; asked?: number },
  more = '',
): void {
  const [customers, mails] = [world.customers().length, world.mails().length];
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const outcome = `${customers} customer, ${mails} mail, ${customers - 1} duplicates`;
  const people = asked === undefined ? '' : `, ${asked} people asked`;
  log(`${outcome}; ${faults} faults${people}, ${seconds} s${more}`);
}

/** The exit code of a program that Ctrl-C has stopped. */
export const INTERRUPTED = 130;

/** Runs a scenario and then stops everything, also after Ctrl-C. Only 127.0.0.1 is contacted. Returns the exit code. */
export async function runScenario({ run }: Scenario, stay: boolean): Promise<number> {
  const stops: (() => Promise<void>)[] = [];
  let stays = false;
  const show = async () => {
    const demo = await setUp(stops, stay);
    const succeeded = await run(demo);
    stays = stay;
    if (stay) await keepRunning(demo);
    return succeeded ? 0 : 1;
  };
  const showing = show();
  const interrupted = async () => {
    await untilStopped();
    if (stays) return await showing;
    log('Ctrl-C: stopping everything and removing what it has written; this takes a few seconds');
    // what it waits for is about to go away
    showing.catch(() => undefined);
    return INTERRUPTED;
  };
  try {
    return await Promise.race([showing, interrupted()]);
  } finally {
    const failed = await stopAll(stops);
    log(failed.length === 0 ? 'all stopped, nothing left running' : `could not be stopped: ${failed.join('; ')}`);
  }
}

/** Stops the newest first. Returns why something could not be stopped. */
async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<string[]> {
  const failed: string[] = [];
  for (const stop of stops.toReversed())
    await stop().catch((error: unknown) => failed.push(error instanceof Error ? error.message : String(error)));
  return failed;
}

async function setUp(stops: (() => Promise<void>)[], stays: boolean): Promise<Demo> {
  const engine = await startEngine({ searchAttributes, log }).catch((error: Error) => {
    throw new TenantryError('unavailable', error.message);
  });
  stops.push(() => engine.stop());
  log(`Temporal runs at ${engine.address}, its web UI at ${engine.uiUrl}`);
  const simulator = await startSimulator({ log });
  stops.push(() => simulator.close());
  log(`a simulated Acronis runs at ${simulator.url}`);
  const connection = await Connection.connect({ address: engine.address });
  stops.push(() => connection.close());
  const client = new Client({ connection, ...clientOptions() });
  return {
    engine,
    simulator,
    client,
    stays,
    async startWorker(settings) {
      const worker = await startWorkerProcess(engine, simulator, settings);
      stops.push(() => worker.stop());
      log(`a worker runs (pid ${worker.pid})`);
      return worker;
    },
    async start(input) {
      const { id } = await startOperation(client, { operation: OPERATION, input, taskQueue: TASK_QUEUE });
      log(`started ${id}`);
      return id;
    },
  };
}

/** Waits until a run has ended, or is blocked with no step running. */
export async function untilSettled({ client }: Demo, id: string): Promise<OperationStatus> {
  let last: OperationStatus | undefined;
  await waitUntil(async () => {
    last = await operationStatus(client, id, TASK_QUEUE).catch(() => undefined);
    if (last === undefined || ['running', 'undoing'].includes(last.state)) return false;
    return last.steps.every(({ state }) => state !== 'running');
  }, `the end of ${id}`);
  return last!;
}

/** Waits until a condition holds; fails after three minutes. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${WAIT_MS / 1000} s`);
    await sleep(50);
  }
}

async function keepRunning({ engine, simulator }: Demo): Promise<void> {
  const files = new DemoFiles();
  const gateway = await startGatewayProcess(engine, await files.keySettings('you'), { logIn: 'you' });
  stdout(`\nEverything stays up. The page, with a link that works once: ${gateway.logInUrl}`);
  stdout('In another terminal:');
  stdout(`  export TEMPORAL_ADDRESS=${engine.address}`);
  stdout(`  export ACRONIS_BASE_URL=${simulator.url}`);
  stdout(`  export ACRONIS_CLIENT_ID=${simulator.clientId}`);
  stdout(`  export ACRONIS_CLIENT_SECRET=${simulator.clientSecret}`);
  stdout('  npx tenantry list');
  stdout('  npx tenantry run provisionCustomer --input examples/provisionCustomer.json');
  stdout(`  curl ${simulator.url}/_simulator/world`);
  stdout('Ctrl-C stops everything.');
  await untilStopped();
  await gateway.stop();
  files.remove();
}
