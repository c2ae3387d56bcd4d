import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { median } from './figures.js';
import { calls, OPEN_MS, provisionThrough, killScenarios, type KillScenario } from './kill-scenarios.js';
import {
  newCustomer,
  say,
  whole,
  withBenchEnvironment,
  type BenchCustomer,
  type BenchEnvironment,
} from './environment.js';
import { findProblems, type SimulatorCustomer } from './verdict.js';

interface Options {
  times: number;
  json?: boolean;
}

interface Lost {
  scene: string;
  times: number;
  /** Milliseconds that runs lost, compared with undisturbed ones. */
  medianMs: number;
  worstMs: number;
  worstCall: string;
  problems: string[];
}

async function undisturbed(env: BenchEnvironment, order: () => BenchCustomer): Promise<number> {
  const took: number[] = [];
  for (const route of calls) took.push(await provisionThrough(env, { customer: order(), route }));
  return median(took);
}

async function measure(env: BenchEnvironment, scenario: KillScenario, times: number): Promise<Lost> {
  const workers = [env.worker];
  while (workers.length < scenario.workers) workers.push(await env.startWorker());
  const ordered: BenchCustomer[] = [];
  const order = () => {
    const customer = newCustomer('kill');
    ordered.push(customer);
    return customer;
  };
  const usual = await undisturbed(env, order);
  const lost: { ms: number; call: string }[] = [];
  for (let time = 0; time < times; time += 1) {
    const call = calls[time % calls.length]!;
    const strike = () => scenario.strike(env, workers);
    const ms = (await provisionThrough(env, { customer: order(), route: call }, strike)) - usual;
    lost.push({ ms, call });
    say(`  ${time + 1}/${times} ${call}: ${Math.round(ms)} ms lost`);
  }
  const worst = lost.toSorted((a, b) => b.ms - a.ms)[0]!;
  const held = await env.simulator.control<SimulatorCustomer[]>('GET', 'customers');
  const medianMs = Math.round(median(lost.map(({ ms }) => ms)));
  const problems = findProblems(ordered, held);
  return { scene: scenario.name, times, medianMs, worstMs: Math.round(worst.ms), worstCall: worst.call, problems };
}

async function withDatabase<T>(use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-kills-'));
  try {
    return await use(join(folder, 'temporal.db'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function kills({ times, json = false }: Options): Promise<void> {
  const results: Lost[] = [];
  for (const scenario of killScenarios) {
    say(scenario.name);
    const run = async (env: BenchEnvironment) => await measure(env, scenario, times);
    results.push(await withDatabase((file) => withBenchEnvironment(run, file)));
  }
  const rows = results.map(
    ({ scene, medianMs, worstMs, worstCall, problems }) =>
      `| ${scene} | ${medianMs} | ${worstMs} | ${worstCall} | ${problems.length} |`,
  );
  const head = [
    `time that a run loses; each scenario ${times} times, in the middle of a call that stays open for ${OPEN_MS} ms`,
    '| what happens | median ms | worst ms | worst in | customers not as they should be |',
    '| --- | --: | --: | --- | --: |',
  ];
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${[...head, ...rows].join('\n')}\n`);
  process.exitCode = results.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

await new Command('kills')
  .description('Kills workers and the server in the middle of each step and measures the time that runs lose.')
  .option('--times <n>', 'how often each scenario is run', whole, 20)
  .option('--json', 'print one JSON document')
  .addHelpText('after', '\nExample:\n  npm run kills -- --times 20')
  .action(kills)
  .parseAsync();
