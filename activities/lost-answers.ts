import { ApplicationFailure } from '@temporalio/common';
import { AcronisError, isAcronisError, mayHaveHadEffect } from '../acronis/index.js';
import type { Attempt, StepTries } from './attempt.js';

/** The answer of a step that somebody else may have done. */
export interface Doubtful {
  doubtful: true;
}

const LOOK_EVERY_MS = 5000;

/** Looks repeatedly during a minute, because a new thing may be listed late; undefined when it does not appear. */
export async function lookAgain<T>(
  { pause, lookAgainMs }: Attempt,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const found = await look();
    if (found !== undefined || waitedMs >= lookAgainMs) return found;
    await pause(Math.min(LOOK_EVERY_MS, lookAgainMs));
  }
}

/** Looks during a minute where a thing may be listed late, else once. */
export async function lookAgainIf<T>(
  mayBeLate: boolean,
  attempt: Attempt,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  return mayBeLate ? await lookAgain(attempt, look) : await look();
}

/**
 * Finds what calls without an answer may have made. One call has made one thing at most, so the first look that sees it
 * ends the search. Several calls (earlier attempts, or an earlier try of the step: `look`) may have made one each, so
 * then the search lasts the whole minute.
 */
export async function lookForLost<T>(
  attempt: Attempt,
  { look }: { look: boolean },
  see: () => Promise<readonly T[]>,
  idOf: (one: T) => string,
): Promise<T[]> {
  if (look || attempt.earlierAttempts > 1) return await lookForAll(attempt, see, idOf);
  const seen = await lookAgain(attempt, async () => unlessNone(await see()));
  return [...(seen ?? [])];
}

/** The list; undefined when it is empty, so that a search goes on. */
export function unlessNone<L extends readonly unknown[]>(list: L): L | undefined {
  return list.length > 0 ? list : undefined;
}

/** Looks during the whole minute, because several new things may be listed late. Gives each once, as last seen. */
export async function lookForAll<T>(
  attempt: Attempt,
  look: () => Promise<readonly T[]>,
  idOf: (one: T) => string,
): Promise<T[]> {
  const seen = new Map<string, T>();
  await lookAgain(attempt, async () => {
    for (const one of await look()) seen.set(idOf(one), one);
    return undefined;
  });
  return [...seen.values()];
}

/** The ids, each once, without that of the thing itself. */
export function othersThan(own: string, ids: readonly string[]): string[] {
  return [...new Set(ids)].filter((id) => id !== own);
}

/** Fails with `unreadable` when a creation answers with an older thing: no undo may remove that. */
export function checkIsNew(id: string, known: readonly string[], call: { operation: string; route: string }): void {
  if (!known.includes(id)) return;
  const reason = `the answer is about ${id}, which was there before`;
  throw new AcronisError('unreadable', call.operation, { route: call.route, status: 200, reason });
}

/** True when a call that failed so has certainly changed nothing. A refusal of our own comes before the sending. */
export function hadNoEffect(error: unknown): boolean {
  return isAcronisError(error) ? !mayHaveHadEffect(error) : error instanceof ApplicationFailure;
}

/**
 * Makes a change after a look that has shown it missing. If a call before it got no answer and this one certainly has no
 * effect, the attempt remembers that: what is there later may be the work of somebody else.
 */
export async function changeMissing<T>({ memory }: Attempt, maybeDone: boolean, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (maybeDone && hadNoEffect(error)) memory.missing = true;
    else delete memory.missing;
    if (!hadNoEffect(error)) delete memory.refusedVersion;
    throw error;
  }
}

/** True when a call of this step, in this activity or an earlier one, may have had an effect. */
export function mayBeDone({ unsure = false }: StepTries, { mayHaveActed }: Attempt): boolean {
  return mayHaveActed || unsure;
}

/** What a step answers that has found its work done: `doubtful` when a person may have done it. */
export function foundDone(attempt: Attempt): Doubtful | null {
  return mayBeByOthers(attempt) ? { doubtful: true } : null;
}

/**
 * True when nobody knows whether a call of this step or a person has done what is there: a look had shown it missing; or
 * the calls that may have done it came before a block, which gives people time; or a call was refused for its version,
 * because of a change by others, or because a proxy has sent it twice.
 */
function mayBeByOthers(attempt: Attempt): boolean {
  const { mayHaveActed, triedBefore, memory } = attempt;
  return wasMissing(attempt) || (triedBefore && !mayHaveActed) || memory.refusedVersion === true;
}

/** True when a step answers that it has found its work done, perhaps by a person. */
export function isDoubtful(result: unknown): boolean {
  return (result as Partial<Doubtful> | null)?.doubtful === true;
}

/** True when a failed change was refused by the vendor because somebody had changed the thing since it was read. */
export function isRefusedVersion(error: unknown): boolean {
  if (!isAcronisError(error) || error.kind !== 'conflict') return false;
  return error.facts.code !== undefined && error.facts.route.startsWith('PUT ');
}

/** True when a look has shown that the calls of this step before it had no effect: see `changeMissing`. */
export function wasMissing({ memory, lostAttempt }: Attempt): boolean {
  return memory.missing === true && !lostAttempt;
}
