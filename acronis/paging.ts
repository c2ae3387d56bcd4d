import { stringify } from 'lossless-json';
import { z } from 'zod';
import { AcronisError } from './errors.js';
import type { Call, Http } from './http.js';
import { decisive } from './shapes.js';

// a page that is missed may be the one that decides, so a place that cannot be read is not taken for the end
const cursor = decisive(z.string());
const paging = decisive(z.object({ cursors: decisive(z.object({ after: cursor, before: cursor })) }));

/** A page of a listing, and where the pages next to it are; absent where there is none. */
export interface Page<Item> {
  items: Item[];
  after?: string;
  before?: string;
}

/** How to walk through a listing. */
export interface Walk {
  /** Towards the end unless given. */
  to?: 'after' | 'before';
  /** The cursor does not hold the filters: each request has to repeat them. */
  repeatFilters?: boolean;
}

/** Reads the page that the query asks for. */
export async function readPage<Item extends z.ZodType>(
  http: Http,
  call: Call,
  item: Item,
): Promise<Page<z.output<Item>>> {
  const { items, paging: place } = await http.read(call, z.object({ items: z.array(item), paging }));
  const { after, before } = place?.cursors ?? {};
  return { items, ...(after ? { after } : {}), ...(before ? { before } : {}) };
}

/**
 * Walks through all pages of a listing, asking for the next one only when it is needed. Gives each row once, also where pages shift under the walk
 * and one names it again.
 * The cursor holds the filters unless said otherwise, so a follow-up carries nothing but the cursor and, if given, the limit.
 * Fails with `unreadable` when a cursor repeats, as the walk would never end.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (pagination)
 */
export async function* pages<Item extends z.ZodType>(
  http: Http,
  call: Call,
  item: Item,
  { to = 'after', repeatFilters = false }: Walk = {},
): AsyncGenerator<z.output<Item>> {
  const seen = new Set<string>();
  const given = new Set<unknown>();
  const { after: _after, before: _before, ...filters } = call.query ?? {};
  const lasting = repeatFilters ? filters : { limit: filters['limit'] };
  let next = call;
  for (;;) {
    const page = await readPage(http, next, item);
    for (const row of page.items) {
      const identity = identityOf(row);
      if (!given.has(identity)) yield row;
      given.add(identity);
    }
    const place = page[to];
    if (place === undefined) return;
    if (seen.has(place)) {
      const { operation, route } = call;
      throw new AcronisError('unreadable', operation, { route, status: 200, reason: 'the page cursor repeats' });
    }
    seen.add(place);
    next = { ...call, query: { ...lasting, [to]: place } };
  }
}

/** What tells a row from all others: its id, or all that it says. */
function identityOf(row: unknown): unknown {
  const { id, client_id } = (row ?? {}) as { id?: unknown; client_id?: unknown };
  return id ?? client_id ?? stringify(row);
}

/** All items of all pages. */
export async function allPages<Item extends z.ZodType>(http: Http, call: Call, item: Item): Promise<z.output<Item>[]> {
  const items: z.output<Item>[] = [];
  for await (const each of pages(http, call, item)) items.push(each);
  return items;
}
