/** The value that the given part of all values does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)]!;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Runs `act` `total` times, at most `atOnce` at a time. Gives the milliseconds of each. */
export async function timed(total: number, atOnce: number, act: (at: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < total; at = next++) {
      const began = performance.now();
      await act(at);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, total) }, lane));
  return times;
}
