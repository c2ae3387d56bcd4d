import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startEngine, type Engine } from '../../../engine/index.js';
import { startSimulator, type Simulator } from '../../../simulator/index.js';
import { searchAttributes } from '../../../contract/search-attributes.js';
import type { OperationStatus } from '../../../contract/status.js';
import { startOperation } from '../../operations.js';
import { operationStatus } from '../../status.js';
import { stdout } from '../output.js';
import { startWorkerProcess, type WorkerProcess } from '../worker-process.js';

export const TASK_QUEUE = 'tenantry';
export const OPERATION = 'provisionCustomer';
const PATIENCE_MS = 180_000;
const began = performance.now();

/** What is on the stage of every scenario: a Temporal service, an imitated cloud, and as many workers as it wants. */
export interface Stage {
  engine: Engine;
  simulator: Simulator;
  client: Client;
  startWorker(): Promise<WorkerProcess>;
  /** Starts a run and gives its id. */
  start(input: unknown): Promise<string>;
}

/** One story that the demonstration can tell. */
export interface Scenario {
  /** What a person sees in it, in one line. */
  summary: string;
  /** Tells the story; true when it ended as it should. */
  play(stage: Stage): Promise<boolean>;
}

/** Says what happens, with the seconds since the start. */
export function tell(line: string): void {
  stdout(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${line}`);
}

/** Plays a scenario and clears the stage, whatever happens. Nothing but 127.0.0.1 is touched. Gives the exit code. */
export async function perform({ play }: Scenario, stay: boolean): Promise<number> {
  const toStop: (() => Promise<void>)[] = [];
  try {
    const stage = await setUp(toStop);
    const well = await play(stage);
    if (stay) await lookAround(stage);
    return well ? 0 : 1;
  } finally {
    for (const stop of toStop.toReversed()) await stop();
    tell('all stopped, nothing left running');
  }
}

async function setUp(toStop: (() => Promise<void>)[]): Promise<Stage> {
  const engine = await startEngine({ searchAttributes, log: tell });
  toStop.push(() => engine.stop());
  tell(`Temporal runs at ${engine.address}, its web UI at ${engine.uiUrl}`);
  const simulator = await startSimulator({ log: tell });
  toStop.push(() => simulator.close());
  tell(`an imitation of Acronis runs at ${simulator.url}`);
  const connection = await Connection.connect({ address: engine.address });
  toStop.push(() => connection.close());
  const client = new Client({ connection });
  return {
    engine,
    simulator,
    client,
    async startWorker() {
      const worker = await startWorkerProcess(engine, simulator);
      toStop.push(() => worker.stop());
      tell(`a worker runs (pid ${worker.pid})`);
      return worker;
    },
    async start(input) {
      const { id } = await startOperation(client, { operation: OPERATION, input, taskQueue: TASK_QUEUE });
      tell(`started ${id}`);
      return id;
    },
  };
}

/** Waits until a run has ended, or waits for a person and does nothing more of itself. */
export async function settled({ client }: Stage, id: string): Promise<OperationStatus> {
  let last: OperationStatus | undefined;
  await until(async () => {
    last = await operationStatus(client, id, TASK_QUEUE).catch(() => undefined);
    if (last === undefined || ['running', 'undoing'].includes(last.state)) return false;
    return last.steps.every(({ state }) => state !== 'running');
  }, `the end of ${id}`);
  return last!;
}

/** Waits for a fact, but not for ever. */
export async function until(fact: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await fact())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`);
    await sleep(50);
  }
}

async function lookAround({ engine, simulator }: Stage): Promise<void> {
  stdout('\nAll stays up. In another terminal:');
  stdout(`  export TEMPORAL_ADDRESS=${engine.address}`);
  stdout('  npx tenantry list');
  stdout('  npx tenantry run provisionCustomer --input examples/provisionCustomer.json');
  stdout(`  curl ${simulator.url}/_simulator/world`);
  stdout('Ctrl-C stops everything.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
