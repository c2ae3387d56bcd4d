import type { Many } from '../workflows/shared/undos.js';
import type { Attempt } from './attempt.js';
import { answerLost } from './lost-answers.js';

/** Sends a change. The attempts after this one know whether its answer was lost, and need not look for what was refused. */
export async function sending<T>({ memory, remember, unsure }: Attempt, send: () => Promise<T>): Promise<T> {
  memory.sent = true;
  remember();
  try {
    return await send();
  } catch (error) {
    memory.sent = unsure || answerLost(error);
    throw error;
  }
}

/**
 * Does the same to many, in parts, one after another. To whom it was done, or may have been, is known to later attempts, and to the run also
 * when it fails in the middle.
 */
export async function oneAfterAnother(
  { memory, remember, unheard }: Attempt,
  parts: readonly (readonly string[])[],
  act: (part: readonly string[]) => Promise<void>,
): Promise<Many> {
  if (unheard) memory.came = { ids: memory.came?.ids ?? [], incomplete: true };
  for (const part of parts) {
    const before = memory.came;
    memory.came = { ...before, ids: [...new Set([...(before?.ids ?? []), ...part])] };
    remember();
    try {
      await act(part);
    } catch (error) {
      if (!answerLost(error)) memory.came = before;
      throw error;
    }
  }
  return memory.came ?? { ids: [] };
}

/** Of those that a step was to change, those that it has changed, or may have, as far as that is known; else all. */
export function changedOf(
  { came, doubted = false }: { came?: Many | null; doubted?: boolean },
  all: readonly string[],
): readonly string[] {
  return came && came.incomplete !== true && !doubted ? came.ids : all;
}

/** True when an earlier try may have done already what this one is to do: of this call, or of the step before it was tried again. */
export function mayBeDone(spec: { look: boolean; unsure?: boolean }, { unsure }: Attempt): boolean {
  return unsure || (spec.look && spec.unsure !== false);
}
