import { mergePutItems, type PutItem, type PutItems } from '../../contract/put-items.js';
import type { ManyEffects } from '../../contract/steps.js';

/** True for the result of a step that does the same to many. */
export function isMany(came: unknown): came is ManyEffects {
  return Array.isArray((came as Partial<ManyEffects> | null)?.ids);
}

/** Results of a step for many are combined, and so are changed items; otherwise the newest result counts. */
export function mergeResults(earlier: unknown, came: unknown): unknown {
  if (putOf(earlier) !== undefined) return { ...(came as object | null), put: mergedPut(earlier, came) };
  if (!isMany(earlier) || !isMany(came)) return came;
  const incomplete = earlier.incomplete === true || came.incomplete === true;
  const { doubtfulIds: doubtful = [], ...others } = came;
  const stillDoubtful = (earlier.doubtfulIds ?? []).filter((id) => !came.ids.includes(id));
  const doubtfulIds = [...new Set([...stillDoubtful, ...doubtful])];
  return {
    ...others,
    ids: [...new Set([...earlier.ids, ...came.ids])],
    ...(incomplete ? { incomplete } : {}),
    ...(doubtfulIds.length > 0 ? { doubtfulIds } : {}),
  };
}

function putOf(came: unknown): PutItem[] | undefined {
  return (came as PutItems | null)?.put;
}

/** A step that has found its items changed leaves what was known. */
function mergedPut(earlier: unknown, came: unknown): PutItem[] | undefined {
  const now = putOf(came);
  return now === undefined ? putOf(earlier) : mergePutItems(putOf(earlier), now);
}
