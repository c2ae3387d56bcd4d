import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import { startWorkerProcess, type WorkerProcess } from '../client/cli/worker-process.js';
import { BULK_PRIORITY } from '../contract/call-budget.js';
import { searchAttributes } from '../contract/search-attributes.js';
import { startEngine } from '../engine/index.js';
import { clientOptions } from '../vault/index.js';
import { newCustomer, say, stopAfter, toOrder, whole } from './environment.js';
import { median, percentile, timed } from './figures.js';
import { startSimulatorProcess } from './simulator-process.js';

interface Options {
  customers: number;
  atOnce: number;
  single: number;
  budget: number;
  json?: boolean;
}

type Environment = Awaited<ReturnType<typeof startAll>>;

/** The first and the last seconds of a bulk: work begins and runs out. */
const EDGE_MS = 2000;

/** Two workers with one budget for both. */
async function startAll({ budget }: Options) {
  const toStop: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of toStop.splice(0).toReversed()) await one();
  };
  try {
    const engine = await startEngine({ searchAttributes, headless: true });
    toStop.push(() => engine.stop());
    const simulator = await startSimulatorProcess();
    toStop.push(() => simulator.stop());
    const settings = { TENANTRY_LOG_LEVEL: 'warn', TENANTRY_CALLS_PER_SECOND: String(budget) };
    const workers: WorkerProcess[] = [];
    for (const _ of [1, 2]) {
      const worker = await startWorkerProcess(engine, simulator, settings);
      toStop.push(() => worker.stop());
      workers.push(worker);
    }
    const connection = await Connection.connect({ address: engine.address });
    toStop.push(() => connection.close());
    return { client: new Client({ connection, ...clientOptions() }), simulator, workers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Provisions a customer and waits for its end. */
async function provision(client: Client, isBulk: boolean): Promise<void> {
  const customer = newCustomer(isBulk ? 'bulk' : 'single');
  await client.workflow.execute('provisionCustomer', {
    taskQueue: 'tenantry',
    workflowId: `provisionCustomer:${customer.login}`,
    args: [toOrder(customer)],
    ...(isBulk && { priority: { priorityKey: BULK_PRIORITY } }),
  });
}

/** What part of the budget was used, from soon after the start to shortly before the end. */
async function usedSince({ simulator }: Environment, began: number, { budget }: Options): Promise<number> {
  const journal = await simulator.control<{ at: string }[]>('GET', 'journal');
  const ended = Math.max(...journal.map(({ at }) => Date.parse(at)));
  const [from, to] = [began + EDGE_MS, ended - EDGE_MS];
  const calls = journal.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to).length;
  return calls / ((to - from) / 1000) / budget;
}

async function measure(env: Environment, options: Options) {
  const single = async () => await timed(options.single, 1, async () => await provision(env.client, false));
  await provision(env.client, false);
  const alone = await single();
  const began = Date.now();
  const bulk = timed(options.customers, options.atOnce, async () => await provision(env.client, true));
  await new Promise((resolve) => setTimeout(resolve, 2 * EDGE_MS));
  const inBulk = await single();
  // the same as part of the bulk: so it would be without classes
  const without = await timed(1, 1, async () => await provision(env.client, true));
  await bulk;
  const figures = (times: number[]) => ({ p50: Math.round(median(times)), p95: Math.round(percentile(times, 0.95)) });
  const used = await usedSince(env, began, options);
  return {
    used: Number(used.toFixed(3)),
    alone: figures(alone),
    inBulk: figures(inBulk),
    asBulk: Math.round(without[0]!),
  };
}

const options = new Command('call-budget')
  .description('One budget of calls for two workers: how much of it a bulk uses, and how long a single customer takes')
  .option('--customers <n>', 'customers of the bulk', whole, 150)
  .option('--at-once <n>', 'how many of them at a time', whole, 40)
  .option('--single <n>', 'single customers, before the bulk and in its middle', whole, 5)
  .option('--budget <n>', 'calls per second', whole, 20)
  .option('--json', 'print JSON')
  .parse()
  .opts<Options>();
const result = await stopAfter(await startAll(options), async (env) => await measure(env, options));
if (options.json) say(JSON.stringify(result));
else
  say(
    `used ${(result.used * 100).toFixed(1)} % of the budget; single customer p50/p95: alone ${result.alone.p50}/${result.alone.p95} ms, ` +
      `in the bulk ${result.inBulk.p50}/${result.inBulk.p95} ms; as one of the bulk ${result.asBulk} ms`,
  );
