import { Client, Connection } from '@temporalio/client';
import { InvalidArgumentError } from 'commander';
import { startOperation } from '../client/operations.js';
import { startWorkerProcess } from '../client/cli/worker-process.js';
import { startEngine, type Engine } from '../engine/index.js';
import { searchAttributes } from '../contract/search-attributes.js';
import type { OperationStatus } from '../contract/status.js';
import { startSimulatorProcess } from './simulator-process.js';
import { clientOptions } from '../vault/index.js';

/** Everything that a measurement needs, each part in its own process. */
export type BenchEnvironment = Awaited<ReturnType<typeof startBenchEnvironment>>;

export interface BenchCustomer {
  name: string;
  login: string;
  email: string;
}

let made = 0;

/** A customer with a new name and login. */
export function newCustomer(prefix: string): BenchCustomer {
  made += 1;
  const key = `${prefix}-${process.pid}-${made}`;
  return { name: `${key}, Inc`, login: `admin-${key}`, email: `${key}@example.com` };
}

export function toOrder({ name, login, email }: BenchCustomer) {
  return { customer: { name, customerId: login }, administrator: { login, email } };
}

const QUIET = { TENANTRY_LOG_LEVEL: 'warn' };

/** Starts engine, simulator and worker. All of them end when this process ends, in any way. */
async function startBenchEnvironment(db?: string, settings: Record<string, string> = {}) {
  const toStop: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of toStop.splice(0).toReversed()) await one();
  };
  try {
    let engine = await startEngine({ searchAttributes, headless: true, db });
    toStop.push(() => engine.stop());
    const simulator = await startSimulatorProcess();
    toStop.push(() => simulator.stop());
    const anotherWorker = async () => {
      const worker = await startWorkerProcess(engine, simulator, { ...QUIET, ...settings });
      toStop.push(() => worker.stop());
      return worker;
    };
    const worker = await anotherWorker();
    const connection = await Connection.connect({ address: engine.address });
    toStop.push(() => connection.close());
    const client = new Client({ connection, ...clientOptions() });
    return {
      get engine() {
        return engine;
      },
      /** Replaces the engine by another one at the same address. */
      replaceEngine(another: Engine) {
        engine = another;
      },
      simulator,
      worker,
      client,
      /** Provisions a customer through Temporal and waits for the end. Fails unless the run completes. */
      provision: (customer: BenchCustomer) => provision(client, customer),
      /** Starts another worker. */
      startWorker: anotherWorker,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts everything, the worker with these settings, measures, and stops everything, also after Ctrl-C. */
export async function withBenchEnvironment<T>(
  measure: (env: BenchEnvironment) => Promise<T>,
  db?: string,
  settings: Record<string, string> = {},
): Promise<T> {
  return await stopAfter(await startBenchEnvironment(db, settings), measure);
}

/** Uses what was started, and stops it, also after Ctrl-C. */
export async function stopAfter<Started extends { stop(): Promise<void> }, T>(
  started: Started,
  use: (started: Started) => Promise<T>,
): Promise<T> {
  let interrupted: Promise<never> | undefined;
  const stop = () => void (interrupted ??= started.stop().then(() => process.exit(130)));
  process.once('SIGINT', stop);
  try {
    return await use(started);
  } catch (error) {
    // what is stopped in the middle fails
    await interrupted;
    throw error;
  } finally {
    process.off('SIGINT', stop);
    await started.stop();
  }
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Reads a whole number, at least 1; refuses anything else. */
export function whole(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return Number(text);
}

async function provision(client: Client, customer: BenchCustomer): Promise<void> {
  const order = { operation: 'provisionCustomer', input: toOrder(customer), taskQueue: 'tenantry' };
  const { id } = await startOperation(client, order);
  const { state } = (await client.workflow.getHandle(id).result()) as OperationStatus;
  if (state !== 'completed') throw new Error(`${id} ended as ${state}`);
}
