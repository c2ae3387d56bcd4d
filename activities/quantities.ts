import { amountText, GIB, readAmount } from '../contract/amounts.js';

/** One compute point is an hour of a machine. */
export const SECONDS_PER_POINT = 3600;

/** How the vendor measures an item or its usage. */
export interface Measured {
  name: string;
  usage_name: string | null;
  measurement_unit: string | null;
}

/** A number in the vendor's unit, or a sentence that says why there is none. */
export type Quantity = number | { problem: string };

/**
 * Converts an amount to the unit of an item: bytes for `bytes`, seconds for `seconds` (a bare number means compute
 * points where those are counted), pieces for `quantity`. Answers with a sentence when the amount does not fit, so that
 * all problems of an order can be reported together.
 */
export function toVendorUnit(amount: string | number, item: Measured): Quantity {
  switch (item.measurement_unit) {
    case 'bytes':
      return bytes(amount);
    case 'seconds':
      return countsPoints(item) ? points(amount) : seconds(amount);
    case null:
      if (typeof amount === 'number') return amount;
      return {
        problem: `has no unit that the cloud names, so ${JSON.stringify(amount)} cannot be converted: leave its quota out`,
      };
    case 'quantity':
      if (typeof amount === 'number') return amount;
      return { problem: `is counted, so it must be a whole number, not ${JSON.stringify(amount)}` };
    case 'n/a':
      return { problem: 'is only on or off: it has no quota' };
    default:
      return {
        problem: `is measured in ${JSON.stringify(item.measurement_unit)}, an unknown unit: leave its quota out`,
      };
  }
}

/** True when an item counts compute points, which the vendor stores in seconds. */
export function countsPoints({ name, usage_name, measurement_unit }: Measured): boolean {
  return measurement_unit === 'seconds' && /(^|_)compute_points$/.test(usage_name ?? name);
}

/** A value as exactly the amount that `toVendorUnit` reads back. */
export function toAmount(value: number, item: Measured): string | number {
  if (item.measurement_unit === 'bytes') return amountText({ value, unit: 'bytes' });
  if (countsPoints(item)) return amountText({ value: value / SECONDS_PER_POINT, unit: 'points' });
  return item.measurement_unit === 'seconds' ? amountText({ value, unit: 'seconds' }) : value;
}

/** A value as an amount that `toVendorUnit` reads; rounded up, so that an order that repeats it allows enough. */
export function toWords(value: number, item: Measured): string {
  if (item.measurement_unit === 'bytes') return `${Math.ceil((value / GIB) * 10) / 10} GiB`;
  if (countsPoints(item)) return `${Math.ceil((value / SECONDS_PER_POINT) * 100) / 100} points`;
  if (item.measurement_unit === 'seconds') return `${Math.ceil(value)} seconds`;
  return String(value);
}

function bytes(amount: string | number): Quantity {
  if (typeof amount === 'number')
    return { problem: `is measured in bytes, so it needs a unit, such as "${amount} GiB"` };
  const size = readAmount(amount);
  if (size?.unit !== 'bytes') return { problem: `has no readable size: ${JSON.stringify(amount)}` };
  return Number.isSafeInteger(size.value)
    ? size.value
    : { problem: `is too large: ${JSON.stringify(amount)}; below 8 PiB it is exact` };
}

function points(amount: string | number): Quantity {
  const read = typeof amount === 'number' ? readAmount(`${amount} points`) : readAmount(amount);
  if (read?.unit === 'points') return safe(read.value * SECONDS_PER_POINT, amount);
  const problem = `counts compute points, so it must be like 10 or "10 points", not ${JSON.stringify(amount)}`;
  return timeIn(amount) ?? { problem };
}

function seconds(amount: string | number): Quantity {
  if (typeof amount === 'number')
    return { problem: `is measured in time, so it needs a unit, such as "${amount} hours" or "${amount} seconds"` };
  return timeIn(amount) ?? { problem: `is measured in time, such as "20 hours", not ${JSON.stringify(amount)}` };
}

function timeIn(amount: string | number): Quantity | undefined {
  const time = readAmount(amount);
  return time?.unit === 'seconds' ? safe(time.value, amount) : undefined;
}

function safe(value: number, amount: string | number): Quantity {
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) ? whole : { problem: `is too large: ${JSON.stringify(amount)}` };
}
