import type { Mutant, Proof } from './mutant.js';
import type { Workshop } from './workshop.js';

/** What became of a planted bug, in words, and whether that is as it should be. */
export interface Outcome {
  well: boolean;
  words: string;
}

/** Plants a bug, which a test must notice: the first that does. */
export async function tryMutant({ plant, failing }: Workshop, mutant: Mutant): Promise<Outcome> {
  const repair = await plant(mutant);
  try {
    const [first] = await failing(mutant.caughtIn, mutant.title);
    return first === undefined ? { well: false, words: 'ESCAPED' } : { well: true, words: `caught by "${first}"` };
  } finally {
    await repair();
  }
}

/** Plants a bug, which chaos must catch with the whole judge, and must not with a judge that lacks the check. */
export async function tryProof(workshop: Workshop, { bug, check, chaos }: Proof): Promise<Outcome> {
  const played = 'plan' in chaos ? 'one plan' : `seed ${chaos.seed}, ${chaos.runs} runs`;
  const repairs = [await workshop.plant(bug)];
  try {
    const caught = await workshop.chaos(chaos);
    if (caught === undefined) return { well: false, words: `ESCAPED with the check (${played})` };
    repairs.push(await workshop.plant(check));
    const seen = await workshop.chaos(chaos);
    const words = `with the check caught (${played})${told(caught)}`;
    return seen === undefined
      ? { well: true, words: `${words}\n       without it escaped` }
      : { well: false, words: `${words}\n       without it CAUGHT ALL THE SAME${told(seen)}` };
  } finally {
    for (const repair of repairs.toReversed()) await repair();
  }
}

function told({ problems, plan }: { problems: string; plan: string }): string {
  return `: ${problems}\n       --plan '${plan}'`;
}
