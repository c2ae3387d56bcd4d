import type { UndoOutcome } from '../contract/steps.js';
import type { Attempt, Found } from './attempt.js';

const LOOK_EVERY_MS = 5000;

/** Looks again and again, for a minute, for what may be listed late; undefined when it is not there even then. */
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

/**
 * Takes something back; `act` answers undefined where there is nothing. After a call that was never answered it looks for a minute, and says
 * what may still come (`late`) where nothing came.
 */
export async function takenBackOr(
  attempt: Attempt,
  { doubted = false }: { doubted?: boolean },
  act: () => Promise<UndoOutcome | undefined>,
  late: UndoOutcome,
): Promise<Found<UndoOutcome>> {
  const { memory } = attempt;
  const awaited = doubted && memory.removing !== true;
  const outcome = awaited ? await lookAgain(attempt, act) : await act();
  return { result: outcome ?? (awaited ? late : { undone: memory.removing === true, leftovers: [] }) };
}

/**
 * What lost calls may have made. One call has made one thing at most, so the first look that sees it ends the search; of several calls (earlier
 * tries, or a try of the step before this one, `look`) each may have made one, so the search lasts the whole minute.
 */
export async function lookForLost<T>(
  attempt: Attempt,
  { look }: { look: boolean },
  see: () => Promise<readonly T[]>,
  idOf: (one: T) => string,
): Promise<T[]> {
  if (look || attempt.earlier > 1) return await lookForAll(attempt, see, idOf);
  const seen = await lookAgain(attempt, async () => {
    const some = await see();
    return some.length > 0 ? some : undefined;
  });
  return [...(seen ?? [])];
}

/** Looks for the whole minute: several may have been made, and not all be listed yet. Gives each once, as it was seen last. */
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
