import type { LookedAt } from '../contract/outgoing-events.js';
import { shortened } from './event-ids.js';

/** Temporal's list can show a run this much later than it happened. */
const LATE_MS = 600_000;
/** After a long absence no more than this is read at a time. */
const SLICE_MS = 3_600_000;
/** Who was away for longer goes on from there: an event is not tried for longer either. */
const LONGEST_ABSENCE_MS = 3 * 86_400_000;
/** With more runs in that time, what is that late can be missed. */
const MOST_SEEN = 5000;

/** From when to when the list is read; `to` is absent where that is now. */
export interface Slice {
  from: string;
  to?: string;
}

/** A run in a list, and when what is looked for happened to it. */
export interface Timed<Run> {
  run: Run;
  at: string;
}

/** The next part of time to read. */
export function nextSlice({ from, upTo }: LookedAt, now: number): Slice {
  const oldest = now - LONGEST_ABSENCE_MS;
  if (Date.parse(upTo) < oldest) return nextSlice({ from: iso(oldest), upTo: iso(oldest), seen: {} }, now);
  const end = Date.parse(upTo) + SLICE_MS;
  return end < now ? { from, to: iso(end) } : { from };
}

/**
 * Works in what a slice has shown: the runs that are new, oldest first, and what is known now. A run that is listed again,
 * or late, is new once.
 */
export function afterReading<Run extends { workflowId: string; runId: string }>(
  before: LookedAt,
  { from, to }: Slice,
  listed: readonly Timed<Run>[],
): { fresh: Timed<Run>[]; lookedAt: LookedAt } {
  const seen = new Map(Object.entries(before.seen));
  const fresh = listed
    .filter(({ run, at }) => {
      const key = shortened(run.workflowId, run.runId);
      const isNew = !seen.has(key);
      seen.set(key, at);
      return isNew;
    })
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const upTo = latest([before.upTo, ...(to === undefined ? listed.map(({ at }) => at) : [to])]);
  return {
    fresh,
    lookedAt: bounded({ from: latest([from, iso(Date.parse(upTo) - LATE_MS)]), upTo, seen: Object.fromEntries(seen) }),
  };
}

function bounded({ from, upTo, seen }: LookedAt): LookedAt {
  const times = Object.values(seen).toSorted();
  const first = latest([from, times.at(-MOST_SEEN) ?? from]);
  return { from: first, upTo, seen: Object.fromEntries(Object.entries(seen).filter(([, at]) => at >= first)) };
}

function latest(times: readonly string[]): string {
  return times.reduce((one, other) => (other > one ? other : one));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
