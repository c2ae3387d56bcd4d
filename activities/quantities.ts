import {
  amountText,
  GIB,
  measureOf,
  pointsText,
  readAmount,
  SECONDS_PER_POINT,
  type Measure,
  type Measured,
} from '../contract/amounts.js';

/** A number in the vendor's unit, or a sentence that says why there is none. */
export type Quantity = number | { problem: string };

interface Conversion {
  /** From an amount of an order. */
  read(amount: string | number, item: Measured): Quantity;
  /** Exactly what `read` reads back. */
  exact(value: number): string | number;
  /** Rounded up. */
  words(value: number): string;
}

const bareNumber = { exact: (value: number) => value, words: String };

const conversions: Readonly<Record<Measure, Conversion>> = {
  bytes: {
    read: bytes,
    exact: (value) => amountText({ value, unit: 'bytes' }),
    words: (value) => `${Math.ceil((value / GIB) * 10) / 10} GiB`,
  },
  points: {
    read: points,
    exact: (value) => amountText({ value: value / SECONDS_PER_POINT, unit: 'points' }),
    words: pointsText,
  },
  seconds: {
    read: seconds,
    exact: (value) => amountText({ value, unit: 'seconds' }),
    words: (value) => `${Math.ceil(value)} seconds`,
  },
  pieces: {
    read: (amount) => counted(amount, (given) => `is counted, so it must be a whole number, not ${given}`),
    ...bareNumber,
  },
  unnamed: {
    read: (amount) =>
      counted(
        amount,
        (given) => `has no unit that the cloud names, so ${given} cannot be converted: leave its quota out`,
      ),
    ...bareNumber,
  },
  'on or off': { read: () => ({ problem: 'is only on or off: it has no quota' }), ...bareNumber },
  unknown: {
    read: (_amount, { measurement_unit: unit }) => ({
      problem: `is measured in ${JSON.stringify(unit)}, an unknown unit: leave its quota out`,
    }),
    ...bareNumber,
  },
};

/**
 * Converts an amount to the unit of an item: bytes for `bytes`, seconds for `seconds` (a bare number means compute
 * points where those are counted), pieces for `quantity`. Answers with a sentence when the amount does not fit, so that
 * all problems of an order can be reported together.
 */
export function toVendorUnit(amount: string | number, item: Measured): Quantity {
  return conversions[measureOf(item)].read(amount, item);
}

/** A value as exactly the amount that `toVendorUnit` reads back. */
export function toAmount(value: number, item: Measured): string | number {
  return conversions[measureOf(item)].exact(value);
}

/** A value as an amount that `toVendorUnit` reads; rounded up, so that an order that repeats it allows enough. */
export function toWords(value: number, item: Measured): string {
  return conversions[measureOf(item)].words(value);
}

function counted(amount: string | number, problem: (given: string) => string): Quantity {
  return typeof amount === 'number' ? amount : { problem: problem(JSON.stringify(amount)) };
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
