const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is left of the most events that Temporal allows is for changes. */
const FREE_EVENTS = 400;
const EVENTS_PER_HOUR = 400;
const FIRST_HOURS = 12;
const EVENTS_PER_DAY = 60;
const LONGEST_PAUSE_MS = 6 * HOUR_MS;

/**
 * How long a run of this age must wait before it looks again, so that news that never ends does not fill its history:
 * a year of them makes fewer than 40,000 events, and Temporal ends a run with 51,200. Milliseconds.
 */
export function pauseFor(events: number, ageMs: number): number {
  const isYoung = ageMs < FIRST_HOURS * HOUR_MS;
  const first = Math.min(FIRST_HOURS, ageMs / HOUR_MS) * EVENTS_PER_HOUR;
  const over = events - FREE_EVENTS - first - (ageMs / DAY_MS) * EVENTS_PER_DAY;
  if (over <= 0) return 0;
  return Math.min(
    LONGEST_PAUSE_MS,
    Math.ceil((over * (isYoung ? HOUR_MS : DAY_MS)) / (isYoung ? EVENTS_PER_HOUR : EVENTS_PER_DAY)),
  );
}
