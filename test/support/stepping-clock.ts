import { AsyncLocalStorage } from 'node:async_hooks';

const HOUR_MS = 3_600_000;
/** How far the clock is ahead, one after the other. */
const offsets = [0, HOUR_MS, -HOUR_MS, 24 * HOUR_MS, 0, -24 * HOUR_MS];
/** It steps when so many activities have begun. */
const EVERY = 7;

/** The time of day of one worker. */
interface TimeOfDay {
  aheadMs: number;
}

const workers = new AsyncLocalStorage<TimeOfDay>();
const RealDate = Date;
const now = () => RealDate.now() + (workers.getStore()?.aheadMs ?? 0);

/** By how many milliseconds the clock is ahead when so many activities have begun. */
export function aheadAfter(begun: number): number {
  return offsets[Math.floor(begun / EVERY) % offsets.length]!;
}

/** Only the activities see it; durations stay right. */
const WorkersDate = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
  get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
});

/** The same activities in a worker whose time of day is wrong, and is set again and again, also while they run. */
export function withSteppingClock<Activities extends object>(activities: Activities, seed: number): Activities {
  globalThis.Date = WorkersDate;
  const time: TimeOfDay = { aheadMs: 0 };
  let begun = seed;
  const begin = () => {
    begun += 1;
    time.aheadMs = aheadAfter(begun);
  };
  const all = Object.entries(activities as Record<string, (...args: unknown[]) => unknown>).map(
    ([name, act]) =>
      [
        name,
        (...args: unknown[]) => {
          begin();
          return workers.run(time, () => act(...args));
        },
      ] as const,
  );
  return Object.fromEntries(all) as Activities;
}
