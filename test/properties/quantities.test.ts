import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property } from 'fast-check';
import { toWords, toVendorUnit } from '../../activities/quantities.js';
import type { Measured } from '../../contract/amounts.js';

const decimal = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };
const binary = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50 };
const units = constantFrom(...Object.entries({ ...decimal, ...binary }));
const amount = integer({ min: 0, max: 9 });
const tenths = integer({ min: 0, max: 9 });

const measured = (measurement_unit: string | null, usage_name = 'vms'): Measured => ({
  name: `pg_base_${usage_name}`,
  usage_name,
  measurement_unit,
});
const bytes = measured('bytes', 'storage');
const points = measured('seconds', 'compute_points');
const time = measured('seconds', 'run_time');
const says = (words: string) => ({ problem: expect.stringContaining(words) });

describe('a size', () => {
  test('in words is so many bytes, whichever unit it is written in', () => {
    assert(
      property(amount, tenths, units, constantFrom('', ' '), (whole, part, [unit, factor], space) => {
        const exact = Math.round(Number(`${whole}.${part}`) * factor);

        expect(toVendorUnit(`${whole}.${part}${space}${unit}`, bytes)).toEqual(
          Number.isSafeInteger(exact) ? exact : says('too large'),
        );
      }),
    );
  });

  test('of more of a unit is never fewer bytes', () => {
    const below8 = integer({ min: 0, max: 7 });
    assert(
      property(below8, below8, units, (one, other, [unit]) => {
        const [less, more] = [one, other].sort((a, b) => a - b).map((each) => toVendorUnit(`${each} ${unit}`, bytes));

        expect(Number(more)).toBeGreaterThanOrEqual(Number(less));
      }),
    );
  });

  test('is never a number alone', () => {
    assert(property(integer({ min: 0 }), (count) => expect(toVendorUnit(count, bytes)).toEqual(says('needs a unit'))));
  });
});

test('what is counted takes whole numbers as they are, and no size', () => {
  assert(
    property(integer({ min: 0 }), units, constantFrom('quantity', null), (count, [unit], unitOfItem) => {
      expect(toVendorUnit(count, measured(unitOfItem))).toBe(count);
      const problem = unitOfItem === null ? 'no unit' : 'whole number';
      expect(toVendorUnit(`${count} ${unit}`, measured(unitOfItem))).toEqual(says(problem));
    }),
  );
});

test.each<[string | number, Measured, number]>([
  [10, points, 36_000],
  ['10 points', points, 36_000],
  ['1 point', points, 3600],
  ['0.5 points', points, 1800],
  ['10 hours', points, 36_000],
  [10, { ...points, usage_name: null, name: 'pw_base_adv_dr_compute_points' }, 36_000],
  ['20 hours', time, 72_000],
  ['90 seconds', time, 90],
  ['1 day', time, 86_400],
  ['2 weeks', time, 1_209_600],
  ['0 points', points, 0],
])('%j of %o is %d seconds', (told, item, seconds) => {
  expect(toVendorUnit(told, item)).toBe(seconds);
});

test.each<[string | number, Measured, string]>([
  [10, time, 'such as "10 hours"'],
  ['10 points', time, 'is measured in time'],
  ['10 GiB', points, 'counts compute points'],
  ['10 hours', bytes, 'no readable size'],
  ['10 points', measured('quantity'), 'whole number'],
  [1e15, points, 'is too large'],
  ['99999999999999999 hours', time, 'is too large'],
  [1, measured('n/a'), 'is only on or off: it has no quota'],
  [1, measured('parsecs'), 'an unknown unit'],
])('%j of %o is refused with a remedy', (told, item, words) => {
  expect(toVendorUnit(told, item)).toEqual(says(words));
});

test('what is shown of a value, when it is repeated as a limit, covers the value, whatever its unit', () => {
  assert(
    property(integer({ min: 1 }), constantFrom(bytes, points, time, measured('quantity')), (value, item) => {
      const shown = toWords(value, item);

      const limit = toVendorUnit(/^\d+$/.test(shown) ? Number(shown) : shown, item);
      expect(Number(limit)).toBeGreaterThanOrEqual(value);
    }),
  );
});
