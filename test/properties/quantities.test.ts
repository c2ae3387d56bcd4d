import { expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property } from 'fast-check';
import { quantity } from '../../activities/quantities.js';

const decimal = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };
const binary = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50 };
const units = constantFrom(...Object.entries({ ...decimal, ...binary }));
const amount = integer({ min: 0, max: 9 });
const tenths = integer({ min: 0, max: 9 });

test('a size in words is so many bytes, whichever unit it is written in', () => {
  assert(
    property(amount, tenths, units, constantFrom('', ' '), (whole, part, [unit, factor], space) => {
      const bytes = quantity(`${whole}.${part}${space}${unit}`, 'bytes');

      const exact = Math.round(Number(`${whole}.${part}`) * factor);
      expect(bytes).toEqual(Number.isSafeInteger(exact) ? exact : { problem: expect.stringContaining('too large') });
    }),
  );
});

test('more of a unit is never fewer bytes', () => {
  const below8 = integer({ min: 0, max: 7 });
  assert(
    property(below8, below8, units, (one, other, [unit]) => {
      const [less, more] = [one, other].sort((a, b) => a - b).map((each) => quantity(`${each} ${unit}`, 'bytes'));

      expect(Number(more)).toBeGreaterThanOrEqual(Number(less));
    }),
  );
});

test('what is counted takes whole numbers as they are, and no size', () => {
  assert(
    property(integer({ min: 0 }), units, constantFrom('quantity', 'seconds', null), (count, [unit], measured) => {
      expect(quantity(count, measured)).toBe(count);
      expect(quantity(`${count} ${unit}`, measured)).toEqual({ problem: expect.stringContaining('whole number') });
    }),
  );
});

test('a number alone is never taken for bytes', () => {
  assert(
    property(integer({ min: 0 }), (count) => {
      expect(quantity(count, 'bytes')).toEqual({ problem: expect.stringContaining('needs a unit') });
    }),
  );
});
