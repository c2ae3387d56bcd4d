import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { percentile, timed } from './figures.js';
import { soakEvents } from './soak-events.js';
import { soakImport } from './import/soak.js';
import { soakMatrix, matrixPlaces, type Where } from './soak-matrix.js';
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
  customers: number;
  concurrency: number;
  lost?: number;
  unavailable: number;
  killWorkerEvery?: number;
  seed: number;
  json?: boolean;
  events?: boolean;
  perSecond: number;
  patience: number;
  matrix?: Where;
  done?: string;
  import?: number;
  callsPerSecond?: number;
}

function part(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('It must be from 0 to less than 1, such as 0.02.');
  return value;
}

/** Plans lost answers and 503s, each with its probability. The same seed gives the same faults. */
async function arrangeFaults(
  { simulator }: BenchEnvironment,
  { lost = 0.02, unavailable, seed }: Options,
): Promise<void> {
  const arrange = async (chance: number, fault: unknown, of: number) =>
    chance === 0 ? undefined : await simulator.control('POST', 'faults', { chance, fault, seed: of });
  await arrange(lost, 'commit-then-drop', seed);
  await arrange(unavailable, { refuse: 503 }, seed + 1);
}

/** Kills the worker repeatedly and starts another at once. Gives the number of kills. */
async function killWorkers(
  env: BenchEnvironment,
  everySeconds: number | undefined,
  until: AbortSignal,
): Promise<number> {
  if (everySeconds === undefined) return 0;
  let worker = env.worker;
  for (let kills = 0; ; kills += 1) {
    await sleep(everySeconds * 1000, undefined, { signal: until }).catch(() => undefined);
    if (until.aborted) return kills;
    worker.kill();
    worker = await env.startWorker();
  }
}

async function provisionAll(env: BenchEnvironment, { customers, concurrency, killWorkerEvery }: Options) {
  const ordered: BenchCustomer[] = [];
  const failed: string[] = [];
  const end = new AbortController();
  const killing = killWorkers(env, killWorkerEvery, end.signal);
  const progress = setInterval(() => say(`  ${ordered.length} of ${customers} begun`), 5000);
  const began = performance.now();
  const times = await timed(customers, concurrency, async () => {
    const customer = newCustomer('soak');
    ordered.push(customer);
    await env.provision(customer).catch((error: unknown) => failed.push(`${customer.name}: ${String(error)}`));
  });
  const seconds = (performance.now() - began) / 1000;
  clearInterval(progress);
  end.abort();
  return { ordered, failed, times, seconds, kills: await killing };
}

interface Call {
  route: string;
  fault?: unknown;
}

async function soakOrders(env: BenchEnvironment, options: Options): Promise<void> {
  const { json } = options;
  say(`seed ${options.seed}: ${options.customers} customers, ${options.concurrency} at once`);
  await arrangeFaults(env, options);
  const { ordered, failed, times, seconds, kills } = await provisionAll(env, options);
  await env.simulator.control('DELETE', 'faults');
  const held = await env.simulator.control<SimulatorCustomer[]>('GET', 'customers');
  const calls = await env.simulator.control<Call[]>('GET', 'journal');
  const problems = [...failed, ...findProblems(ordered, held)];
  const figures = {
    seed: options.seed,
    customers: ordered.length,
    complete: ordered.length - new Set(problems.map((problem) => problem.split(': ')[0])).size,
    perSecond: Number((ordered.length / seconds).toFixed(1)),
    p50Ms: Math.round(percentile(times, 0.5)),
    p95Ms: Math.round(percentile(times, 0.95)),
    calls: calls.length,
    lost: calls.filter(({ fault }) => fault === 'commit-then-drop').length,
    unavailable: calls.filter(({ fault }) => typeof fault === 'object').length,
    sentTwice: held.filter(({ users }) => users[0]?.mails === 2).length,
    workersKilled: kills,
  };
  printResult(figures, problems, { json, passed: 'all complete, nobody doubled, nobody missing' });
}

async function soakOfEvents({ lost = 0.05, perSecond, patience, ...options }: Options): Promise<void> {
  const { customers, seed, json } = options;
  const { figures, problems } = await soakEvents({ customers, seed, lost, perSecond, patienceMinutes: patience }, say);
  printResult({ seed, customers, ...figures }, problems, { json, passed: 'every customer is as the model says' });
}

async function soakOfImport(rows: number, { lost = 0.02, seed, json, ...options }: Options): Promise<void> {
  const { concurrency: atOnce, callsPerSecond } = options;
  const { figures, problems } = await soakImport({ rows, seed, lost, atOnce, callsPerSecond }, say);
  printResult({ seed, ...figures }, problems, { json, passed: 'every row has its outcome, nobody doubled' });
}

function printResult(
  figures: Record<string, number>,
  problems: readonly string[],
  { json = false, passed }: { json: boolean | undefined; passed: string },
): void {
  process.exitCode = problems.length === 0 ? 0 : 1;
  const lines = json
    ? [JSON.stringify({ passed: problems.length === 0, ...figures, problems })]
    : [
        ...Object.entries(figures).map(([name, value]) => `${name.padEnd(26)} ${value}`),
        problems.length === 0 ? `passed: ${passed}` : `failed: ${problems.length} problems`,
        ...problems.map((problem) => `  ${problem}`),
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

await new Command('soak')
  .description('Provisions many customers while answers are lost and the cloud is unavailable, then counts.')
  .option('--customers <n>', 'how many', whole, 1000)
  .option('--concurrency <n>', 'how many at the same time', whole, 20)
  .option('--lost <part>', 'part of the calls whose answer is lost after they took effect (0.02; 0.05 of events)', part)
  .option('--unavailable <part>', 'part of the calls that are answered 503', part, 0.02)
  .option('--kill-worker-every <seconds>', 'also kill the worker again and again', whole)
  .option('--seed <n>', 'of everything that is random', whole, 1)
  .option('--json', 'print one JSON document')
  .addOption(
    new Option(
      '--matrix [where]',
      'try every cell of the fault matrix instead, in virtual time or, for hours, on a real server',
    )
      .choices(matrixPlaces)
      .preset(matrixPlaces[0]),
  )
  .addOption(
    new Option('--events', 'sell by events of two sources instead, and kill the gateway and the worker').conflicts([
      'matrix',
      'killWorkerEvery',
    ]),
  )
  .addOption(
    new Option('--import <rows>', 'import so many rows instead, kill the worker and the server, stop it and go on')
      .argParser(whole)
      .conflicts(['matrix', 'events', 'killWorkerEvery']),
  )
  .option('--done <file>', 'with --matrix: keeps what has ended, so that the same command goes on after a stop')
  .option('--calls-per-second <n>', 'with --import: the budget of calls to the vendor', whole)
  .option('--per-second <n>', 'with --events: deliveries a second', whole, 10)
  .option('--patience <minutes>', 'with --events: how long nothing may get better', whole, 20)
  .addHelpText(
    'after',
    `
Exit codes: 0 passed, 1 failed

Examples:
  npm run soak -- --customers 1000 --seed 7
  npm run soak -- --events --customers 50 --seed 7
  npm run soak -- --import 300 --seed 7
  npm run soak -- --import 10000 --calls-per-second 25 --concurrency 40
  npm run soak -- --matrix --done /tmp/matrix.jsonl
  npm run soak -- --matrix engine --seed 7`,
  )
  .action(async (options: Options) => {
    const { seed, done } = options;
    if (options.import !== undefined) await soakOfImport(options.import, options);
    else if (options.events === true) await soakOfEvents(options);
    else if (options.matrix === undefined) await withBenchEnvironment(async (env) => await soakOrders(env, options));
    else process.exitCode = (await soakMatrix({ where: options.matrix, seed, done }, say)) ? 0 : 1;
  })
  .parseAsync();
