const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const STEP = 1024;

/** A quantity for people: bytes in the largest unit that fits, everything else as it is. */
export function amount(value: number | null, unit: string | null): string | null {
  if (value === null) return null;
  if (unit === 'seconds') return `${value} s`;
  if (unit !== 'bytes') return String(value);
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(STEP)));
  const scaled = value / STEP ** power;
  return `${Number.isInteger(scaled) ? scaled : scaled.toFixed(1)} ${units[power]}`;
}
