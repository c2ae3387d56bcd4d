import { expect, test } from '@jest/globals';
import { budgetUse } from '../../bench/import/budget-use.js';

const MINUTE = 60_000;
/** Calls at an even pace. */
const pace = (perSecond: number, from: number, to: number) =>
  Array.from({ length: ((to - from) / 1000) * perSecond }, (_, nth) => from + (nth * 1000) / perSecond);

test('of a budget: the part that was used, the worst minute without kills, and the burst', () => {
  const calls = [
    ...pace(10, 0, MINUTE),
    ...pace(2, MINUTE, 2 * MINUTE),
    ...pace(8, 2 * MINUTE, 3 * MINUTE),
    ...Array<number>(5).fill(3 * MINUTE - 1),
  ];

  const { used, worstMinute, minutes, burst } = budgetUse(calls, 10, {
    spans: [
      { from: 0, to: MINUTE },
      { from: MINUTE, to: 3 * MINUTE },
    ],
    disturbed: [{ from: MINUTE + 5000, to: MINUTE + 9000 }],
  });

  expect(used).toBeCloseTo(1205 / 1800);
  expect(minutes).toEqual([1, 485 / 600]);
  expect(worstMinute).toBe(485 / 600);
  expect(Math.ceil(burst)).toBe(5);
});
