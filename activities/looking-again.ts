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
