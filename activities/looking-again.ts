import type { Attempt } from './attempt.js';

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

/** Looks again and again for a whole minute, and collects all that it has seen: several may have been made, and not all be listed yet. */
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
