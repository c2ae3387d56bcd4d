import type { PageReport, SyncInput, SyncResult, SyncStatus } from '../../contract/source-sync.js';

/** How far a listing is. Plain JSON: it is carried over when the run continues as new. */
export interface SyncProgress {
  status: SyncStatus;
  /** Where the next page begins; absent on the first one. */
  next?: string;
  isComplete: boolean;
  /** How often the listing has begun again. */
  restarts: number;
  /** Why somebody should look at an object. */
  examples: string[];
}

/** A listing this much shorter than the last one is not believed. */
const LEAST_SHARE = 0.9;
const MOST_PAGES = 5000;
const MOST_RESTARTS = 3;
const MOST_EXAMPLES = 5;

type Beginning = Pick<SyncResult, 'source' | 'account' | 'startedAt'>;

export function firstProgress(beginning: Beginning, last: SyncResult | undefined): SyncProgress {
  const nothing = { listed: 0, delivered: 0, unusable: 0, pages: 0 };
  const status: SyncStatus = { ...beginning, ...nothing, ...(last && { last }) };
  return { status, isComplete: false, restarts: 0, examples: [] };
}

/** Adds a page. It is the last one when it names no next. */
export function addPage(before: SyncProgress, { next, examples, ...page }: PageReport): SyncProgress {
  const { next: _, status, ...same } = before;
  return {
    ...same,
    status: {
      ...status,
      pages: status.pages + 1,
      listed: status.listed + page.listed,
      delivered: status.delivered + page.delivered,
      unusable: status.unusable + page.unusable,
    },
    ...(next !== undefined && { next }),
    isComplete: next === undefined,
    examples: [...before.examples, ...examples].slice(0, MOST_EXAMPLES),
  };
}

/** True when the sender has forgotten where we were, or names the same place again. */
export function isLost({ expired, next }: PageReport, before: SyncProgress): boolean {
  return expired === true || (next !== undefined && next === before.next);
}

/** From the first page, because the sender has forgotten where we were. */
export function beginAgain({ status, restarts }: SyncProgress): SyncProgress {
  return { ...firstProgress(status, status.last), restarts: restarts + 1 };
}

/** Why nothing may be delivered from this account; undefined when it may. */
export function whyOtherAccount(
  account: string | undefined,
  last: SyncResult | undefined,
  { source, accept }: Required<SyncInput>,
): string | undefined {
  if (accept || account === undefined || last?.account === undefined || account === last.account) return undefined;
  return `The key of ${source} belongs to ${account}, and the last listing was of ${last.account}.`;
}

/** Why the listing is not believed; undefined while it is. */
export function whyStopped(
  { status: { pages, listed, last }, isComplete, restarts }: SyncProgress,
  { source, accept }: Required<SyncInput>,
): string | undefined {
  if (restarts > MOST_RESTARTS)
    return `The listing of ${source} is not complete: it had to begin again ${restarts} times.`;
  if (!isComplete && pages >= MOST_PAGES)
    return `The listing of ${source} is not complete: it has more than ${MOST_PAGES} pages.`;
  if (!isComplete || accept || last === undefined || listed >= last.listed * LEAST_SHARE) return undefined;
  return `${source} lists ${listed} objects, and the last listing had ${last.listed}.`;
}
