import { expect, test } from '@jest/globals';
import { withSteppingClock } from '../support/stepping-clock.js';
import { Clock, type Lifetime } from './clock.js';

test('while a clock rules, durations and timers of a process are right whatever its time of day is set to', () => {
  const clock = new Clock();
  const back = clock.install();
  const seen: number[] = [];
  const life: Lifetime = { over: false };
  let outside = NaN;
  try {
    const [day, since] = [Date.now(), performance.now()];
    Clock.runWith(life, () => {
      setTimeout(() => seen.push(Date.now() - day, performance.now() - since), 30_000);
      life.clockAheadMs = -3_600_000;
      seen.push(Date.now() - day, new Date().getTime() - day, performance.now() - since);
    });
    outside = Date.now() - day;
    clock.runNextTimer();
  } finally {
    back();
  }

  expect(outside).toBe(0);
  expect(seen).toEqual([-3_600_000, -3_600_000, 0, 30_000 - 3_600_000, 30_000]);
});

test('the steps of a worker’s clock are seen in its activities alone', async () => {
  const real = Date.now();
  const { look } = withSteppingClock(
    { look: async () => [Date.now(), new Date().getTime(), new Date(5).getTime()] },
    7,
  );

  const [now = 0, made = 0, given] = await look();
  const aside = Date.now();

  expect(Math.abs(now - real)).toBeGreaterThan(3_000_000);
  expect(Math.abs(made - real)).toBeGreaterThan(3_000_000);
  expect(given).toBe(5);
  expect(Math.abs(aside - real)).toBeLessThan(600_000);
});
