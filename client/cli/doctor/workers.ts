import { POLLS_WITHIN_S, type Poller, pollersBefore } from '../../pollers.js';
import { fail, ok, warn, type Check } from './check.js';

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
