import { durationMs } from './durations.js';

/** What an amount counts. Amounts of different units cannot be added. */
export type AmountUnit = 'pieces' | 'bytes' | 'seconds' | 'points';

/** An amount in its smallest unit. */
export interface Amount {
  value: number;
  unit: AmountUnit;
}

export const AMOUNT_FORM =
  'must be a whole number, or an amount with its unit, such as "500 GiB", "10 points" or "20 hours"';

const sizes: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
};

/** Reads an amount as people write it: a number of pieces, a size, compute points, or a time. Undefined for others. */
export function readAmount(given: string | number): Amount | undefined {
  if (typeof given === 'number') return { value: given, unit: 'pieces' };
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(given) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const size = Object.hasOwn(sizes, unit) ? sizes[unit] : undefined;
  if (size !== undefined) return { value: Math.round(Number(count) * size), unit: 'bytes' };
  if (/^points?$/.test(unit)) return { value: Number(count), unit: 'points' };
  if (/^(second|minute|hour|day|week)s?$/.test(unit)) return { value: durationMs(given) / 1000, unit: 'seconds' };
  return undefined;
}

/** The bytes of one GiB. */
export const GIB = 2 ** 30;

/** An amount as operations accept it. */
export function amountText({ value, unit }: Amount): string | number {
  switch (unit) {
    case 'pieces':
      return Math.ceil(value);
    case 'bytes':
      return sizeText(Math.ceil(value));
    default:
      return `${value} ${unit}`;
  }
}

/** In the largest unit that is exact. */
function sizeText(bytes: number): string {
  const bySize = Object.entries(sizes).toSorted(([, one], [, other]) => other - one);
  const [name, size] = bySize.find(([, size]) => bytes > 0 && bytes % size === 0) ?? ['B', 1];
  return `${bytes / size} ${name}`;
}
