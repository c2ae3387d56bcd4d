/** How long a background job of the platform takes, and how it ends. */
export interface Delay {
  /** How many reads find it unfinished. */
  looks?: number;
  /** How long it stays unfinished, in milliseconds. */
  ms?: number;
  outcome?: string;
}

/** A background job that has started. */
export interface Progress {
  looksLeft: number;
  ripeAt: number;
  outcome: string;
}

export function startProgress({ looks = 1, ms = 0, outcome = '' }: Delay, usual: string): Progress {
  return { looksLeft: looks, ripeAt: Date.now() + ms, outcome: outcome === '' ? usual : outcome };
}

/** Counts one read. Gives the outcome, or undefined while the job is unfinished. */
export function advance(growing: Progress): string | undefined {
  if (growing.looksLeft === 0 && growing.ripeAt <= Date.now()) return growing.outcome;
  growing.looksLeft = Math.max(0, growing.looksLeft - 1);
  return undefined;
}

/** Ends the job at once, with this outcome. */
export function finishNow(growing: Progress, outcome: string): void {
  Object.assign(growing, { looksLeft: 0, ripeAt: 0, outcome });
}

/** Counts one read. False while the object is still hidden from reads. */
export function isVisible(one: { hiddenReads: number }): boolean {
  if (one.hiddenReads === 0) return true;
  one.hiddenReads -= 1;
  return false;
}

/** Waits. The timer does not keep the process alive. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
