const units: Record<string, number> = {
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

/**
 * What a quota means in an item's own unit: bytes for `bytes`, pieces otherwise. Gives a sentence instead when the quota does not fit,
 * so that all problems of an order can be told at once.
 */
export function quantity(amount: string | number, unit: string | null): number | { problem: string } {
  if (unit === 'bytes') return bytes(amount);
  if (typeof amount === 'number') return amount;
  return { problem: `is counted (${unit ?? 'no unit'}), so it must be a whole number, not ${JSON.stringify(amount)}` };
}

function bytes(amount: string | number): number | { problem: string } {
  if (typeof amount === 'number')
    return { problem: `is measured in bytes, so it needs a unit, such as "${amount} GiB"` };
  const [, count, unit] = /^([\d.]+) ?(\w+)$/.exec(amount) ?? [];
  const factor = units[unit ?? ''];
  if (count === undefined || factor === undefined)
    return { problem: `has no readable size: ${JSON.stringify(amount)}` };
  const exact = Math.round(Number(count) * factor);
  return Number.isSafeInteger(exact)
    ? exact
    : { problem: `is too large: ${JSON.stringify(amount)}; below 8 PiB it is exact` };
}
