import { collect } from './find.js';
import { stringify } from 'lossless-json';
import { z } from 'zod';
import { AcronisError } from './errors.js';
import { confirmRows, type Comparison } from './confirmation.js';
import type { Call, HttpClient } from './http-client.js';
import { decisive } from './shapes.js';

/** More than any tenant has: at the usual 500 rows a page, half a million rows. */
const MOST_PAGES = 1000;
/** A filter may leave some pages empty, and pages may shift; this many in a row never end. */
const MOST_PAGES_WITHOUT_NEWS = 20;

// a missed page may be the decisive one, so a cursor that cannot be read does not count as the end
const cursor = decisive(z.string());
const paging = decisive(z.object({ cursors: decisive(z.object({ after: cursor, before: cursor })) }));

/** A page of a listing, with the cursors of the pages next to it, if any. */
export interface Page<Item> {
  items: Item[];
  after?: string;
  before?: string;
}

/** How to go through a listing. */
export interface PagingOptions<Row> {
  /** The cursor does not contain the filters: each request must repeat them. */
  repeatFilters?: boolean;
  /** Which fields of a row must fit the filters. One row that does not fit makes the page `unreadable`. */
  compare?: ((row: Row) => Comparison) | undefined;
}

/** Reads one page. */
export async function readPage<Item extends z.ZodType>(
  http: HttpClient,
  call: Call,
  item: Item,
  compare: (row: z.output<Item>) => Comparison = () => ({}),
): Promise<Page<z.output<Item>>> {
  const { items, paging: found } = await http.read(call, z.object({ items: z.array(item), paging }));
  confirmRows(call, items, compare);
  const { after, before } = found?.cursors ?? {};
  return { items, ...(after ? { after } : {}), ...(before ? { before } : {}) };
}

/**
 * Reads a listing page by page, each page only when it is needed. Returns each row once, even if the pages shift
 * meanwhile and a row appears again. By default the cursor contains the filters, so a follow-up sends only the cursor
 * and the limit. Fails with `unreadable` when the listing would never end: when a cursor repeats, after twenty pages
 * without a new row, and after a thousand pages.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (pagination)
 */
export async function* pages<Item extends z.ZodType>(
  http: HttpClient,
  call: Call,
  item: Item,
  { repeatFilters = false, compare }: PagingOptions<z.output<Item>> = {},
): AsyncGenerator<z.output<Item>> {
  const usedCursors = new Set<string>();
  const endless = (reason: string) => {
    const { operation, route } = call;
    return new AcronisError('unreadable', operation, { route, status: 200, reason });
  };
  const yielded = new Set<unknown>();
  const { after: _after, before: _before, ...filters } = call.query ?? {};
  const repeated = repeatFilters ? filters : { limit: filters['limit'] };
  let next = call;
  let withoutNews = 0;
  for (let read = 1; ; read += 1) {
    const before = yielded.size;
    const page = await readPage(http, next, item, compare);
    for (const row of page.items) {
      const identity = identityOf(row);
      if (!yielded.has(identity)) yield row;
      yielded.add(identity);
    }
    const cursor = page.after;
    if (cursor === undefined) return;
    if (usedCursors.has(cursor)) throw endless('the page cursor repeats');
    withoutNews = yielded.size === before ? withoutNews + 1 : 0;
    if (withoutNews === MOST_PAGES_WITHOUT_NEWS) throw endless(`${withoutNews} pages in a row have no new row`);
    if (read === MOST_PAGES) throw endless(`it has more than ${MOST_PAGES} pages`);
    usedCursors.add(cursor);
    next = { ...call, query: { ...repeated, after: cursor } };
  }
}

/** What distinguishes a row from all others: its id, or its whole content. */
function identityOf(row: unknown): unknown {
  const { id, client_id } = (row ?? {}) as { id?: unknown; client_id?: unknown };
  return id ?? client_id ?? stringify(row);
}

/** All items of all pages. */
export async function allPages<Item extends z.ZodType>(
  http: HttpClient,
  call: Call,
  item: Item,
  compare?: (row: z.output<Item>) => Comparison,
): Promise<z.output<Item>[]> {
  return await collect(pages(http, call, item, { compare }));
}
