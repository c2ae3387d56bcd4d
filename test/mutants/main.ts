import type { Mutant } from './mutant.js';
import { mutants } from './mutants.js';
import { openWorkshop, sourceOf, type Workshop } from './workshop.js';

/** `npm run mutants [-- WORDS]`: breaks the product on purpose, in each way or in those whose words fit, and demands that a test notices. */
const words = process.argv.slice(2).join(' ').toLowerCase();
const chosen = mutants.filter(({ mistake }) => mistake.toLowerCase().includes(words));
if (chosen.length === 0) throw new Error(`no mutant is called like "${words}"`);

const workshop = await openWorkshop();
const escaped: string[] = [];
try {
  for (const [at, mutant] of chosen.entries()) {
    const caught = await attempt(workshop, mutant);
    if (caught === undefined) escaped.push(mutant.mistake);
    const line = caught === undefined ? 'ESCAPED' : `caught by "${caught}"`;
    process.stdout.write(`${String(at + 1).padStart(2)}/${chosen.length}  ${mutant.mistake}: ${line}\n`);
  }
} finally {
  await workshop.close();
}
process.stdout.write(`${chosen.length - escaped.length} of ${chosen.length} caught\n`);
process.exitCode = escaped.length === 0 ? 0 : 1;

/** The first test that notices. */
async function attempt({ breakFile, failing }: Workshop, mutant: Mutant): Promise<string | undefined> {
  const { file, find, replace, caughtIn, title } = mutant;
  const mend = await breakFile(
    file,
    (await sourceOf(file)).replace(find, () => replace),
  );
  try {
    return (await failing(caughtIn, title))[0];
  } finally {
    await mend();
  }
}
