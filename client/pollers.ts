/** Temporal keeps a poller in mind for five minutes; one that has been silent for longer than this has stopped. */
export const POLLS_WITHIN_S = 75;

/** What Temporal knows of one that polls a task queue. */
export interface Poller {
  identity?: string | null;
  /** When it last asked for work; it asks at least once a minute. */
  lastAccessTime?: { seconds?: unknown } | null;
}

/** Each once, the one seen last first; in seconds. */
export function pollersBefore(pollers: readonly Poller[], now: number): { identity: string; ago: number }[] {
  const last = new Map<string, number>();
  for (const { identity, lastAccessTime } of pollers) {
    const ago = Math.max(0, Math.round(now / 1000 - Number(lastAccessTime?.seconds ?? 0)));
    last.set(identity ?? '', Math.min(ago, last.get(identity ?? '') ?? Infinity));
  }
  return [...last].map(([identity, ago]) => ({ identity, ago })).toSorted((a, b) => a.ago - b.ago);
}
