/** The type of the workflow that lists everything that a source has sold, and the first part of its ids. */
export const SYNC_SOURCE = 'syncSource';
/** The query for its status, a `SyncStatus`. */
export const SYNC_QUERY = 'syncSource';

/** One open run for each source that a person starts; those of a Schedule have the time behind it. */
export const syncSourceId = (source: string): string => `${SYNC_SOURCE}:${source}`;

/** What a source is called. */
export const SOURCE_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

export interface SyncInput {
  /** The name in `sources.json`. */
  source: string;
  /** True: this listing counts also when it is shorter than the last one, or of another account. */
  accept?: boolean;
}

/** What a listing has brought: the result of a completed run, with which the next one is compared. */
export interface SyncResult {
  source: string;
  /** What the key belonged to; absent where the key may not say it. */
  account?: string;
  /** How many objects the source has listed. */
  listed: number;
  /** How many facts were delivered. */
  delivered: number;
  /** How many objects somebody should look at. */
  unusable: number;
  startedAt: string;
}

/** The answer of the query. */
export interface SyncStatus extends SyncResult {
  pages: number;
  /** The last listing, with which this one is compared. */
  last?: SyncResult;
}

/** What asks for the truth in a sync: facts carry it. */
export interface SyncEvent {
  id: string;
  type: string;
}

export interface PageSpec {
  source: string;
  event: SyncEvent;
  /** The `next` of the page before. */
  after?: string;
}

export interface PageReport {
  listed: number;
  delivered: number;
  unusable: number;
  /** Why, of the first of them. */
  examples: string[];
  /** Absent on the last page. */
  next?: string;
  /** The source does not know `after` any more: the listing must begin again. */
  expired?: true;
}
