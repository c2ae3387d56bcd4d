import { fail, ok, warn, type Check } from './check.js';

/** What Temporal knows of one that polls a task queue. */
export interface Poller {
  identity?: string | null;
  /** When it last asked for work; it asks at least once a minute. */
  lastAccessTime?: { seconds?: unknown } | null;
}

/** Temporal keeps a poller in mind for five minutes; one that has been silent for longer than this has stopped. */
export const POLLS_WITHIN_S = 75;

/**
 * Which workers poll, by what Temporal has seen of them. One that stopped less than `POLLS_WITHIN_S` ago cannot be told from one that waits for
 * work, so it is said when each was last seen.
 */
export function checkPollers(
  pollers: readonly Poller[],
  { taskQueue, version, now }: { taskQueue: string; version: string; now: number },
): Check {
  const start = 'Start one: "tenantry worker".';
  const all = pollersBefore(pollers, now);
  const there = all.filter(({ ago }) => ago <= POLLS_WITHIN_S);
  if (there.length === 0) {
    const last = all.length === 0 ? '' : `; the last was seen ${all[0]!.ago} s ago`;
    return fail('workers', `none polls task queue ${taskQueue}${last}`, start);
  }
  const seen = `last seen ${there.map(({ ago }) => ago).join(', ')} s ago`;
  const message = `${there.length} on task queue ${taskQueue}, ${seen}`;
  const others = there.filter(({ identity }) => !identity.startsWith(`tenantry@${version} `));
  if (others.length === 0) return ok('workers', `${message}, version ${version} like this program`);
  const named = others.map(({ identity }) => identity).join(', ');
  return warn('workers', `${message}; other than version ${version}: ${named}`, 'Bring all to one version.');
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
