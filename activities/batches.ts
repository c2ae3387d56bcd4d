import type { ManyEffects } from '../contract/steps.js';
import type { Attempt } from './attempt.js';
import { hadNoEffect } from './lost-answers.js';
import type { AnsweredStep } from './undo.js';

/**
 * Makes the same change to many things, part after part. Later attempts know which things were changed, or may have
 * been; so does the run when the activity fails in the middle.
 */
export async function changeInBatches(
  { memory, remember, lostAttempt }: Attempt,
  parts: readonly (readonly string[])[],
  act: (part: readonly string[]) => Promise<void>,
): Promise<ManyEffects> {
  if (lostAttempt) memory.came = { ids: memory.came?.ids ?? [], incomplete: true };
  for (const part of parts) {
    const before = memory.came;
    memory.came = { ...before, ids: [...new Set([...(before?.ids ?? []), ...part])] };
    remember();
    try {
      await act(part);
    } catch (error) {
      if (hadNoEffect(error)) memory.came = before;
      throw error;
    }
  }
  return memory.came ?? { ids: [] };
}

/** The ids that a step has changed, or may have; all of its ids when that is not known. */
export function changedIds(
  { came, doubted = false }: Omit<AnsweredStep<ManyEffects>, 'unsure'>,
  all: readonly string[],
): readonly string[] {
  return came && came.incomplete !== true && !doubted ? came.ids : all;
}
