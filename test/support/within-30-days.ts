import { pause } from './pause.js';

const DAY_MS = 86_400_000;

/** Waits until it is true. A run that protects machines looks once an hour after some hours, so each step is long. */
export async function within30Days(isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30 * DAY_MS;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`not true within 30 days: ${isTrue.toString()}`);
    await pause(20 * 60_000);
  }
}
