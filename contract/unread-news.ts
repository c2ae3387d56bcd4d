/** How a query fails whose run has news that no worker has read yet: see `workflows/kernel/query-guard.ts`. */
export const UNREAD_NEWS_TYPE = 'UnreadNews';
export const UNREAD_NEWS = 'this run has news that no worker has read yet; ask again in a moment';
