import { z } from 'zod';
import { AcronisError } from './errors.js';
import type { Call, Http } from './http.js';

const cursors = z.object({ after: z.string().min(1).nullish() }).nullish();
const paging = z.object({ cursors }).nullish();

/**
 * Walks through all pages of a listing, asking for the next one only when it is needed.
 * The cursor holds the filters, so a follow-up carries nothing but the cursor and, if given, the limit.
 * Fails with `unreadable` when a cursor repeats, as the walk would never end.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (pagination)
 */
export async function* pages<Item extends z.ZodType>(
  http: Http,
  call: Call,
  item: Item,
): AsyncGenerator<z.output<Item>> {
  const page = z.object({ items: z.array(item), paging });
  const seen = new Set<string>();
  let query = call.query;
  for (;;) {
    const { items, paging: place } = await http.read(query === undefined ? call : { ...call, query }, page);
    yield* items;
    const after = place?.cursors?.after;
    if (typeof after !== 'string') return;
    if (seen.has(after)) {
      const { operation, route } = call;
      throw new AcronisError('unreadable', operation, { route, status: 200, reason: 'the page cursor repeats' });
    }
    seen.add(after);
    query = { limit: call.query?.['limit'], after };
  }
}

/** All items of all pages. */
export async function allPages<Item extends z.ZodType>(http: Http, call: Call, item: Item): Promise<z.output<Item>[]> {
  const items: z.output<Item>[] = [];
  for await (const each of pages(http, call, item)) items.push(each);
  return items;
}
