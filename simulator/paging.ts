import { badRequest } from './errors.js';
import { integer, type Json } from './router.js';

interface Page<T> {
  items: T[];
  cursors: { after?: string; before?: string };
}

/** One page of a list of account management. Its cursor contains the filters. */
export function page<T>(
  items: readonly T[],
  query: URLSearchParams,
  most: number,
  show: (item: T) => unknown = (item) => item,
): Json {
  const { items: shown, cursors } = cutPage(items, query, most);
  const { after } = cursors;
  return {
    timestamp: new Date().toISOString(),
    items: shown.map(show),
    paging: { cursors: after === undefined ? {} : { after } },
  };
}

/** One page of a list with cursors in both directions. No limit, or 0, means everything. */
export function pageWithBothCursors<T>(items: readonly T[], query: URLSearchParams): { items: T[]; paging: Json } {
  const { items: shown, cursors } = cutPage(items, query, Infinity);
  return { items: shown, paging: { cursors } };
}

function cutPage<T>(items: readonly T[], query: URLSearchParams, most: number): Page<T> {
  const asked = query.has('limit') ? integer(query.get('limit'), 'limit') : most;
  if (asked < (most === Infinity ? 0 : 1)) throw badRequest('limit must be at least 1');
  const limit = asked === 0 ? Infinity : Math.min(asked, most);
  const from = Number(query.get(FROM) ?? 0);
  const to = Math.min(from + limit, items.length);
  return {
    items: items.slice(from, to),
    cursors: {
      ...(to < items.length ? { after: cursor(query, to) } : {}),
      ...(from > 0 ? { before: cursor(query, Math.max(0, from - limit)) } : {}),
    },
  };
}

const FROM = '@from';
const own = [FROM, 'after', 'before', 'limit'];

/** Cursors need no encoding in a URL, because the vendor's scripts send them back unchanged. */
function cursor(query: URLSearchParams, from: number): string {
  const kept = new URLSearchParams([...query].filter(([name]) => !own.includes(name)));
  kept.set(FROM, String(from));
  return Buffer.from(kept.toString()).toString('base64url');
}

/** The query that the cursor in it stands for, or the query itself if it has none. */
export function applyCursor(query: URLSearchParams): URLSearchParams {
  const sent = query.get('after') ?? query.get('before');
  if (sent === null) return query;
  const stored = new URLSearchParams(Buffer.from(sent, 'base64url').toString());
  if (!/^\d+$/.test(stored.get(FROM) ?? '')) throw badRequest('not a valid cursor');
  if (query.has('limit')) stored.set('limit', query.get('limit')!);
  return stored;
}
