import { isAcronisError, mayHaveHadEffect } from '../acronis/index.js';
import type { ManyEffects } from '../contract/steps.js';
import type { Attempt } from './attempt.js';

/**
 * Does the same to many, in parts, one after another. To whom it was done, or may have been, is known to later attempts, and to the run also
 * when it fails in the middle.
 */
export async function oneAfterAnother(
  { memory, remember, unheard }: Attempt,
  parts: readonly (readonly string[])[],
  act: (part: readonly string[]) => Promise<void>,
): Promise<ManyEffects> {
  if (unheard) memory.came = { ids: memory.came?.ids ?? [], incomplete: true };
  for (const part of parts) {
    const before = memory.came;
    memory.came = { ...before, ids: [...new Set([...(before?.ids ?? []), ...part])] };
    remember();
    try {
      await act(part);
    } catch (error) {
      if (isAcronisError(error) && !mayHaveHadEffect(error)) memory.came = before;
      throw error;
    }
  }
  return memory.came ?? { ids: [] };
}

/** Of those that a step was to change, those that it has changed, or may have, as far as that is known; else all. */
export function changedOf(
  { came, doubted = false }: { came?: ManyEffects | null; doubted?: boolean },
  all: readonly string[],
): readonly string[] {
  return came && came.incomplete !== true && !doubted ? came.ids : all;
}
