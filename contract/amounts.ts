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
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
};

const units = [...Object.keys(sizes), 'points?', 'seconds?', 'minutes?', 'hours?', 'days?', 'weeks?'].join('|');

/** An amount with its unit, as orders may have it. */
export const AMOUNT_PATTERN = new RegExp(`^\\d+(\\.\\d+)? ?(${units})$`);

/** Reads an amount as people write it: a number of pieces, a size, compute points, or a time. Undefined for others. */
export function readAmount(given: string | number): Amount | undefined {
  if (typeof given === 'number') return { value: given, unit: 'pieces' };
  const unit = AMOUNT_PATTERN.exec(given)?.[2];
  if (unit === undefined) return undefined;
  const count = Number.parseFloat(given);
  const size = Object.hasOwn(sizes, unit) ? sizes[unit] : undefined;
  if (size !== undefined) return { value: Math.round(count * size), unit: 'bytes' };
  if (unit.startsWith('point')) return { value: count, unit: 'points' };
  return { value: durationMs(given) / 1000, unit: 'seconds' };
}

/** The bytes of one GiB. */
export const GIB = 2 ** 30;

/** One compute point is an hour of a machine. */
export const SECONDS_PER_POINT = 3600;

/** Compute points for people, rounded up. The vendor stores them in seconds. */
export function pointsText(seconds: number): string {
  return `${Math.ceil((seconds / SECONDS_PER_POINT) * 100) / 100} points`;
}

/** How the vendor measures an item or its usage. */
export interface Measured {
  name: string;
  usage_name: string | null;
  measurement_unit: string | null;
}

/** What the vendor's number of an item counts. */
export type Measure = 'bytes' | 'seconds' | 'points' | 'pieces' | 'on or off' | 'unnamed' | 'unknown';

/** What the numbers of an item count: for some items, seconds are compute points. */
export function measureOf({ name, usage_name, measurement_unit }: Measured): Measure {
  switch (measurement_unit) {
    case 'bytes':
      return 'bytes';
    case 'seconds':
      return /(^|_)compute_points$/.test(usage_name ?? name) ? 'points' : 'seconds';
    case 'quantity':
      return 'pieces';
    case 'n/a':
      return 'on or off';
    case null:
      return 'unnamed';
    default:
      return 'unknown';
  }
}

/** An amount as operations accept it. */
export function amountText({ value, unit }: Amount): string | number {
  switch (unit) {
    case 'pieces':
      return Math.ceil(value);
    case 'bytes':
      return sizeText(Math.ceil(value));
    case 'points':
    case 'seconds':
      return `${value} ${unit}`;
  }
}

/** In the largest unit that is exact. */
function sizeText(bytes: number): string {
  const bySize = Object.entries(sizes).toSorted(([, one], [, other]) => other - one);
  const [name, size] = bySize.find(([, size]) => bytes > 0 && bytes % size === 0) ?? ['B', 1];
  return `${bytes / size} ${name}`;
}
