import { setTimeout as sleep } from 'node:timers/promises';

let wait: (ms: number) => Promise<unknown> = sleep;

/** Waits, in the time that the environment of this test file has: real or virtual. */
export async function pause(ms: number): Promise<void> {
  await wait(ms);
}

/** Replaces how the tests of this file wait. Gives a function that restores it. */
export function waitBy(other: (ms: number) => Promise<unknown>): () => void {
  const before = wait;
  wait = other;
  return () => void (wait = before);
}
