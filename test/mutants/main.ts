import { Command } from 'commander';
import { tryMutant, tryProof, type Outcome } from './attempts.js';
import { mutants } from './mutants.js';
import { proofs } from './of-checks.js';
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

await new Command('mutants')
  .description(
    'Breaks the product on purpose, one mistake at a time in a copy of its own, and demands that a test notices.',
  )
  .argument('[words...]', 'only those whose words fit')
  .option('--checks', 'demands that chaos catches a bug, and does no more once the one check that sees it is removed')
  .addHelpText(
    'after',
    `
Exit codes: 0 all as demanded, 1 not

Examples:
  npm run mutants
  npm run mutants -- no look before a second try
  npm run mutants -- --checks
  npm run mutants -- --checks mails`,
  )
  .action(async (words: string[], { checks = false }: { checks?: boolean }) => {
    const wanted = words.join(' ').toLowerCase();
    const chosen = trials(checks).filter((trial) => trial.words.toLowerCase().includes(wanted));
    if (chosen.length === 0) throw new Error(`no ${checks ? 'proof' : 'mutant'} is called like "${wanted}"`);
    process.exitCode = (await tryAll(chosen, checks ? 'proved' : 'caught')) ? 0 : 1;
  })
  .parseAsync();
