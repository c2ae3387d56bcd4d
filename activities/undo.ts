import { isNotFound } from '../acronis/index.js';
import type { Leftover } from '../contract/status.js';
import type { UndoOutcome } from '../contract/steps.js';
import type { Attempt, Outcome } from './attempt.js';
import { lookAgainIf } from './lost-answers.js';

/** What a run tells an undo about the step that it takes back. */
export interface StepToUndo {
  /** True when the step has taken effect, or may have: what it made can be listed late. */
  unsure: boolean;
  /** True when an answer of the step was lost: it may have done more than it has answered. */
  doubted?: boolean;
  /**
   * True when somebody else may have done the step: after the last call that may have had an effect, a look has shown it
   * missing. Then it stays, and is named.
   */
  doubtful?: boolean;
}

/** The same, where the answer of the step matters too; null when no answer came. */
export interface AnsweredStep<Answer> extends StepToUndo {
  came?: Answer | null;
}

/** What every undo answers. */
export type UndoResult = Outcome<UndoOutcome>;

/** How to take back one thing. */
interface TakeBack<Thing> {
  /** Finds the thing; undefined when it is not there. */
  find: () => Promise<Thing | undefined>;
  /** True when the thing can appear late: then it is looked for during a minute. */
  mayBeLate: boolean;
  /** The outcome when the thing must stay; undefined when it is taken back. */
  keep?: (thing: Thing) => Promise<UndoOutcome | undefined> | UndoOutcome | undefined;
  /** Takes the thing back, and names what stays all the same. */
  act: (thing: Thing) => Promise<Leftover[] | void>;
  /** The outcome when a thing that can appear late did not appear. */
  ifAbsent?: UndoOutcome;
}

/** Takes one thing back. Safe to repeat: a later attempt that finds nothing knows whether an earlier one has begun. */
export async function undoOne<Thing>(
  attempt: Attempt,
  { find, mayBeLate, keep, act, ifAbsent }: TakeBack<Thing>,
): Promise<UndoResult> {
  const thing = await lookAgainIf(mayBeLate, attempt, find);
  if (thing === undefined) return { result: (mayBeLate ? ifAbsent : undefined) ?? outcomeSoFar(attempt) };
  const kept = await keep?.(thing);
  if (kept !== undefined) return { result: kept };
  beginUndo(attempt);
  const leftovers = (await act(thing)) ?? [];
  return { result: { undone: true, leftovers } };
}

/** Why a thing stays that a person may have done in the place of this run. */
export const PERHAPS_BY_OTHERS =
  'nobody can tell whether a call of this run or a person has done this: look at it, and take it back by hand if it is not wanted';

/** Records that the undo changes something now, before it does: the attempt may die before it can say so. */
export function beginUndo({ memory, remember }: Attempt): void {
  memory.removing = true;
  remember();
}

/** True when this attempt or an earlier one has begun to change something. */
export function hasBegun({ memory }: Attempt): boolean {
  return memory.removing === true;
}

/** The outcome when nothing more can be done. */
export function outcomeSoFar(attempt: Attempt, leftovers: Leftover[] = []): UndoOutcome {
  return { undone: hasBegun(attempt), leftovers };
}

/** The outcome when one thing stays as it is. */
export function leaveAsIs(kind: Leftover['kind'], id: string, reason: string): UndoOutcome {
  return { undone: false, leftovers: [{ kind, id, reason }] };
}

/** The outcome when there was nothing to take back. */
export function nothingToUndo(): UndoOutcome {
  return { undone: false, leftovers: [] };
}

/**
 * Acts on a thing; undefined when the thing is gone. "Not found" counts as gone only when the cloud does not list the
 * thing either: else it is only out of sight for a moment, and the error goes on.
 */
export async function unlessGone<T>(act: () => Promise<T>, isListed: () => Promise<boolean>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!isNotFound(error) || (await isListed())) throw error;
    return undefined;
  }
}
