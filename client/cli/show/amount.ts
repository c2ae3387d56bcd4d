const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const STEP = 1024;

const SECONDS_PER_POINT = 3600;

/** A quantity for people: bytes in the largest unit that fits, compute points in points, everything else as it is. */
export function amount(value: number | null, unit: string | null, usageName: string | null = null): string | null {
  if (value === null) return null;
  if (unit === 'seconds' && usageName === 'compute_points')
    return `${Math.ceil((value / SECONDS_PER_POINT) * 100) / 100} points`;
  if (unit === 'seconds') return `${value} seconds`;
  if (unit !== 'bytes') return String(value);
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(STEP)));
  const scaled = value / STEP ** power;
  return `${Number.isInteger(scaled) ? scaled : scaled.toFixed(1)} ${units[power]}`;
}
