import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { planChecker, type ChaosPlan, type ChaosReport } from './chaos.js';
import { runInProcesses } from './run-jobs.js';

interface Options {
  runs: number;
  seed: number;
  processes: number;
  customers?: boolean;
  plan?: string;
}

function whole(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function playRandom({ runs, seed, processes, customers }: Options): Promise<boolean> {
  const began = Date.now();
  const reports: ChaosReport[] = [];
  let played = 0;
  const jobs = Array.from({ length: processes }, (_none, at) => {
    const share = Math.floor(runs / processes) + (at < runs % processes ? 1 : 0);
    return { kind: 'chaos' as const, runs: share, seed: seed * processes + at, customers };
  });
  const progress = setInterval(() => process.stderr.write(`  ${played} of ${runs} played\n`), 10_000);
  await runInProcesses(jobs, (told) => {
    const { report } = told as { report?: ChaosReport };
    if (report === undefined) played += 1;
    else reports.push(report);
  });
  clearInterval(progress);
  say(`seed ${seed}: ${played} runs in ${Math.round((Date.now() - began) / 1000)} s, ${processes} processes`);
  for (const [state, count] of Object.entries(total(reports))) say(`  ${state.padEnd(10)} ${count}`);
  for (const { failure } of reports)
    if (failure)
      say(`failed: ${failure.problems}\nthe smallest plan that fails:\n  --plan '${JSON.stringify(failure.plan)}'`);
  return reports.every(({ failure }) => failure === undefined);
}

function total(reports: readonly ChaosReport[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { ends } of reports)
    for (const [state, count] of Object.entries(ends)) all[state] = (all[state] ?? 0) + count;
  return all;
}

async function playOne(text: string): Promise<boolean> {
  const { states, problems } = await planChecker()(JSON.parse(text) as ChaosPlan);
  say(`at last: ${states.join(', ')}`);
  if (problems.length > 0) say(`failed: ${problems.join('\n')}`);
  return problems.length === 0;
}

await new Command('chaos')
  .description(
    'Plays random plans of faults, kills, cancellations and decisions in virtual time, and checks how each run ends.',
  )
  .option('--runs <n>', 'how many', whole, 10_000)
  .option('--seed <n>', 'of everything that happens', whole, 1)
  .option('--processes <n>', 'at the same time', whole, Math.min(2, availableParallelism()))
  .option('--customers', 'plays what happens to customers for months, not single operations')
  .option('--plan <json>', 'plays this plan alone')
  .addHelpText(
    'after',
    '\nExit codes: 0 all as promised, 1 not\n\nExamples:\n  npm run chaos -- --runs 10000 --seed 7\n  npm run chaos -- --customers --runs 200 --seed 7',
  )
  .action(async (options: Options) => {
    const well = options.plan === undefined ? await playRandom(options) : await playOne(options.plan);
    process.exit(well ? 0 : 1);
  })
  .parseAsync();
