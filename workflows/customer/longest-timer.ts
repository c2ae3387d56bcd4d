/** A later change is waited for in pieces. */
const LONGEST_TIMER_MS = 30 * 24 * 60 * 60 * 1000;

/** The milliseconds until a time of the epoch, or as many as one timer may last. */
export function timerUntil(time: number): number {
  return Math.min(LONGEST_TIMER_MS, Math.max(1, time - Date.now()));
}
