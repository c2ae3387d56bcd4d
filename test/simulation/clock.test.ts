import { expect, test } from '@jest/globals';
import { Clock } from './clock.js';

test('while a clock rules, durations and timers are right whatever the time of day is set to', () => {
  const clock = new Clock();
  const back = clock.install();
  const seen: number[] = [];
  try {
    const [day, since] = [Date.now(), performance.now()];
    setTimeout(() => seen.push(Date.now() - day, performance.now() - since), 30_000);
    clock.timeOfDayOffset = -3_600_000;
    seen.push(Date.now() - day, new Date().getTime() - day, performance.now() - since);
    clock.runNextTimer();
  } finally {
    back();
  }

  expect(seen).toEqual([-3_600_000, -3_600_000, 0, 30_000 - 3_600_000, 30_000]);
});
