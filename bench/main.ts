import { cpus, totalmem } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { newCustomer, say, toOrder, withBenchEnvironment, type BenchEnvironment } from './environment.js';
import { usageOf } from './processes.js';
import { startBareGraph } from './bare-graph/process.js';
import { figuresOf, runRound, subjects, type Figures, type Round, type Load, type Subject } from './rounds.js';

interface Options {
  rounds: number;
  latency: number[];
  atOnce: number[];
  customers?: number;
  json?: boolean;
}

interface Result extends Load {
  subjects: Record<Subject, Figures>;
  /** Tenantry's median time divided by the script's, and its customers per second divided by the bare graph's. */
  ratios: { timeToScript: number; throughputToBareGraph: number };
}

function wholeOrZero(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

const wholes = (text: string) => text.split(',').map(wholeOrZero);

/** Interleaves the subjects, so that a noisy minute affects all of them. The first round does not count. */
async function measure(env: BenchEnvironment, load: Load, rounds: number): Promise<Result> {
  await env.simulator.control('POST', 'latency', { ms: load.latencyMs });
  const bare = await startBareGraph(env.engine.address, load.latencyMs);
  const done: Record<Subject, Round[]> = { 'plain script': [], 'bare graph': [], Tenantry: [] };
  for (let number = 0; number <= rounds; number += 1)
    for (const subject of subjects) {
      const result = await runRound(subject, env, bare, number === 0 ? { ...load, customers: load.atOnce } : load);
      if (number > 0) done[subject].push(result);
      say(`  round ${number}/${rounds} ${subject}: ${Math.round(result.tookMs)} ms for ${result.times.length}`);
    }
  await bare.stop();
  const figures = Object.fromEntries(
    subjects.map((subject) => [subject, figuresOf(done[subject])]),
  ) as Result['subjects'];
  const { 'plain script': script, 'bare graph': floor, Tenantry: ours } = figures;
  const ratios = { timeToScript: ours.p50Ms / script.p50Ms, throughputToBareGraph: ours.perSecond / floor.perSecond };
  return { ...load, subjects: figures, ratios };
}

async function historyEvents(env: BenchEnvironment): Promise<number> {
  const customer = newCustomer('events');
  await env.provision(customer);
  const { customerId } = toOrder(customer).customer;
  const { events } = await env.client.workflow.getHandle(`provisionCustomer:${customerId}`).fetchHistory();
  return events?.length ?? 0;
}

function table({ latencyMs, atOnce, subjects: figures, ratios }: Result): string {
  const rows = subjects.map((subject) => {
    const { p50Ms, p95Ms, perSecond, callsPerCustomer, cpuMsPerCustomer } = figures[subject];
    const cpu = Object.entries(cpuMsPerCustomer).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
    const cells = [subject, p50Ms.toFixed(0), p95Ms.toFixed(0), perSecond.toFixed(1), callsPerCustomer.toFixed(1)];
    return `| ${[...cells, cpu.join(', ')].join(' | ')} |`;
  });
  return [
    `\n${latencyMs} ms per call, ${atOnce} at once: ${ratios.timeToScript.toFixed(2)} of the script's time, ` +
      `${ratios.throughputToBareGraph.toFixed(2)} of the bare graph's customers a second\n`,
    '| subject | p50 ms | p95 ms | customers/s | API calls | CPU ms per customer |',
    '| --- | --: | --: | --: | --: | --- |',
    ...rows,
  ].join('\n');
}

async function bench(
  env: BenchEnvironment,
  { rounds, latency, atOnce, customers, json = false }: Options,
): Promise<void> {
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores (${cpus()[0]?.model}), ${memoryGib} GiB, Node ${process.version}`;
  const events = await historyEvents(env);
  const results: Result[] = [];
  for (const latencyMs of latency)
    for (const many of atOnce) {
      say(`${latencyMs} ms per call, ${many} at once`);
      const load = { latencyMs, atOnce: many, customers: customers ?? (many === 1 ? 20 : many * 4) };
      results.push(await measure(env, load, rounds));
    }
  const peakMib = { worker: usageOf(env.worker.pid).peakMib, server: usageOf(env.engine.pid).peakMib };
  if (json)
    return void process.stdout.write(`${JSON.stringify({ machine, historyEvents: events, peakMib, results })}\n`);
  const [worker, server] = [peakMib.worker, peakMib.server].map(Math.round);
  const memory = `at most ${worker} MiB in the worker, ${server} MiB in the server`;
  const lines = [machine, `${events} history events per customer; ${memory}`, ...results.map(table)];
  process.stdout.write(`${lines.join('\n')}\n`);
}

await new Command('bench')
  .description('Measures provisionCustomer beside the tutorial as a plain sequential script, in interleaved rounds.')
  .option('--rounds <n>', 'counted rounds of each', wholeOrZero, 5)
  .option('--latency <ms,…>', 'milliseconds that the vendor takes for each call', wholes, [0, 20, 100])
  .option('--at-once <n,…>', 'customers at the same time', wholes, [1, 50])
  .option('--customers <n>', 'customers in each round', wholeOrZero)
  .option('--json', 'print one JSON document')
  .addHelpText('after', '\nExamples:\n  npm run bench\n  npm run bench -- --latency 20 --at-once 1 --rounds 10 --json')
  .action(async (options: Options) => await withBenchEnvironment(async (env) => await bench(env, options)))
  .parseAsync();
