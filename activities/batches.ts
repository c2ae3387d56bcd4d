import type { ManyEffects } from '../contract/steps.js';
import type { Attempt } from './attempt.js';
import { hadNoEffect } from './lost-answers.js';
import type { AnsweredStep } from './undo.js';

/**
 * Makes the same change to many things, part after part. Later attempts know which things were changed, or may have
 * been; so does the run when the activity fails in the middle. `maybeDone`: an earlier try of the step may have changed
 * some, and a look has just shown that it did not change these.
 */
export async function changeInBatches(
  { memory, remember, lostAttempt }: Attempt,
  parts: readonly (readonly string[])[],
  act: (part: readonly string[]) => Promise<void>,
  { maybeDone = false } = {},
): Promise<ManyEffects> {
  if (lostAttempt) memory.came = { ids: memory.came?.ids ?? [], incomplete: true };
  for (const part of parts) {
    const before = memory.came;
    memory.came = changedToo(before, part);
    remember();
    try {
      await act(part);
    } catch (error) {
      const missing = maybeDone ? part : part.filter((id) => before?.ids.includes(id));
      if (hadNoEffect(error)) memory.came = missing.length > 0 ? inDoubt(before, missing) : before;
      throw error;
    }
  }
  return memory.came ?? { ids: [] };
}

function changedToo(came: ManyEffects | undefined, part: readonly string[]): ManyEffects {
  const { doubtfulIds = [], ...before } = came ?? { ids: [] };
  const still = doubtfulIds.filter((id) => !part.includes(id));
  const ids = [...new Set([...before.ids, ...part])];
  return { ...before, ids, ...(still.length > 0 && { doubtfulIds: still }) };
}

function inDoubt(came: ManyEffects | undefined, missing: readonly string[]): ManyEffects {
  return { ...came, ids: came?.ids ?? [], doubtfulIds: [...new Set([...(came?.doubtfulIds ?? []), ...missing])] };
}

/**
 * The ids that a step has changed, or may have: all of its ids when that is not known. `doubtful` are those that somebody
 * else may have changed since.
 */
export function changedIds(
  { came, doubted = false }: Omit<AnsweredStep<ManyEffects>, 'unsure'>,
  all: readonly string[],
): { ours: string[]; doubtful: string[] } {
  const changed = came && came.incomplete !== true && !doubted ? came.ids : all;
  const isDoubtful = (id: string) => came?.doubtfulIds?.includes(id) === true;
  return { ours: changed.filter((id) => !isDoubtful(id)), doubtful: changed.filter(isDoubtful) };
}
