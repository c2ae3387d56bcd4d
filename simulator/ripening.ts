/** How long something takes that the platform does by itself, and how it ends. */
export interface Ripening {
  /** So many looks find it unfinished. */
  looks?: number;
  /** It is unfinished for so long. */
  ms?: number;
  outcome?: string;
}

/** Something that is on its way to its end. */
export interface Growing {
  looksLeft: number;
  ripeAt: number;
  outcome: string;
}

export function begin({ looks = 1, ms = 0, outcome = '' }: Ripening, usual: string): Growing {
  return { looksLeft: looks, ripeAt: Date.now() + ms, outcome: outcome === '' ? usual : outcome };
}

/** How it has ended; undefined while it goes on. Each look brings the end nearer. */
export function look(growing: Growing): string | undefined {
  if (growing.looksLeft === 0 && growing.ripeAt <= Date.now()) return growing.outcome;
  growing.looksLeft = Math.max(0, growing.looksLeft - 1);
  return undefined;
}

/** Ends it at once, in this way. */
export function end(growing: Growing, outcome: string): void {
  Object.assign(growing, { looksLeft: 0, ripeAt: 0, outcome });
}

/** False while an object is still out of sight; each look brings it nearer. */
export function inSight(one: { hiddenReads: number }): boolean {
  if (one.hiddenReads === 0) return true;
  one.hiddenReads -= 1;
  return false;
}

/** Waits; the timer keeps no closed server alive. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
