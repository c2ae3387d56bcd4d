import { Command, InvalidArgumentError } from 'commander';
import { tryMutant, tryProof, type Outcome } from './attempts.js';
import { mutants } from './mutants.js';
import { proofs } from './of-checks.js';
import { playRandom } from './random/play.js';
import { openWorkshop, type Workshop } from './workshop.js';

/** One thing to be tried. */
interface Trial {
  words: string;
  attempt(workshop: Workshop): Promise<Outcome>;
}

function trials(checks: boolean): Trial[] {
  if (!checks)
    return mutants.map((mutant) => ({ words: mutant.mistake, attempt: async (shop) => await tryMutant(shop, mutant) }));
  return proofs.map((proof) => ({
    words: `${proof.invariant}; ${proof.bug.mistake}`,
    attempt: async (shop) => await tryProof(shop, proof),
  }));
}

async function tryAll(chosen: readonly Trial[], done: string): Promise<boolean> {
  const workshop = await openWorkshop();
  let well = 0;
  try {
    for (const [at, { words, attempt }] of chosen.entries()) {
      const outcome = await attempt(workshop);
      well += outcome.well ? 1 : 0;
      process.stdout.write(`${String(at + 1).padStart(2)}/${chosen.length}  ${words}: ${outcome.words}\n`);
    }
  } finally {
    await workshop.close();
  }
  process.stdout.write(`${well} of ${chosen.length} ${done}\n`);
  return well === chosen.length;
}

interface Options {
  checks?: boolean;
  random?: number;
  seed: number;
  only?: { first: number; last: number };
  patience: number;
}

function whole(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function range(text: string): { first: number; last: number } {
  const [, first, last = first] = /^([0-9]+)(?:-([0-9]+))?$/.exec(text) ?? [];
  if (first === undefined) throw new InvalidArgumentError('It must be a number or two, such as 21-40.');
  return { first: Number(first), last: Number(last) };
}

async function tryNamed(words: readonly string[], checks: boolean): Promise<boolean> {
  const wanted = words.join(' ').toLowerCase();
  const chosen = trials(checks).filter((trial) => trial.words.toLowerCase().includes(wanted));
  if (chosen.length === 0) throw new Error(`no ${checks ? 'proof' : 'mutant'} is called like "${wanted}"`);
  return await tryAll(chosen, checks ? 'proved' : 'caught');
}

await new Command('mutants')
  .description(
    'Breaks the product on purpose, one mistake at a time in a copy of its own, and demands that a test notices.',
  )
  .argument('[words...]', 'only those whose words fit')
  .option('--checks', 'demands that chaos catches a bug, and does no more once the one check that sees it is removed')
  .option('--random <n>', 'breaks activities, workflows, acronis and vault at n random places instead', whole)
  .option('--seed <n>', 'of the random places', whole, 1)
  .option('--only <numbers>', 'only these of the random ones, such as 21-40', range)
  .option('--patience <seconds>', 'how long to look for a test that notices a random one', whole, 600)
  .addHelpText(
    'after',
    `
Exit codes: 0 all as demanded (of the random ones: nine of ten are caught or known to be harmless), 1 not

Examples:
  npm run mutants
  npm run mutants -- no look before a second try
  npm run mutants -- --checks
  npm run mutants -- --checks mails
  npm run mutants -- --random 100 --seed 1`,
  )
  .action(async (words: string[], { checks = false, random, ...options }: Options) => {
    const well =
      random === undefined
        ? await tryNamed(words, checks)
        : await playRandom({ count: random, ...options }, (line) => process.stdout.write(`${line}\n`));
    process.exitCode = well ? 0 : 1;
  })
  .parseAsync();
