import type { BrakeStatus } from '../../contract/brake.js';
import { countsOf, limitsOf } from './count.js';
import type { BrakeMemory } from './memory.js';

/** What people read of a brake. */
export function statusOf(cloud: string, memory: BrakeMemory, now: number): BrakeStatus {
  const { engaged, customers, waiting, isFull, decisions } = memory;
  const [counts, limits] = [countsOf(memory, now), limitsOf(memory)];
  const count = (what: keyof typeof counts) => ({ granted: counts[what], limit: limits[what] });
  return {
    cloud,
    ...(engaged && { engaged: { since: time(engaged.since), why: engaged.why } }),
    counts: { hour: count('hour'), day: count('day'), creations: count('creations') },
    customers,
    waiting: waiting.map(({ ref, customer, kind, what, why, since }) => {
      return { ref, customer, kind, what, why, since: time(since) };
    }),
    ...(isFull && { moreWait: true }),
    decisions: decisions.map(({ nth: _nth, ...decision }) => decision),
  };
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
