import { pageOfCustomers, type CustomerPage, type CustomerPageOptions } from '../../../client/customer-list.js';
import { sliceOf } from '../../../client/page-position.js';
import type { CustomerSearch } from '../../../client/search/customer-search.js';
import { listPage, type Page as RunPage, type PageOptions } from '../../../client/list-page.js';
import type { ApiKey } from '../../../settings/api-keys.js';
import { partOf, type TreeParts } from './part-of-tree.js';

interface Page<Item> {
  items: Item[];
  next?: string;
}

interface Place {
  limit: number;
  after?: string | undefined;
}

const NOT_ALL = 'Not all customers and clouds could be asked; the next call may know more.';
/** So many parts of a list are looked through for one answer. */
const MOST_READ = 10;

/**
 * A page of those items of a list that `keep` keeps. It may have fewer than `limit` items, also none, and go on with `next`
 * all the same: a long list is looked through in several answers.
 */
async function pageOfKept<Item>(
  read: (place: Place) => Promise<Page<Item>>,
  { limit, after: start }: Place,
  keep: (items: readonly Item[]) => Promise<Item[]>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let after = start;
  for (let reads = 0; reads < MOST_READ && items.length < limit; reads += 1) {
    const page = await read({ limit: limit - items.length, after });
    items.push(...(await keep(page.items)));
    after = page.next;
    if (after === undefined) break;
  }
  return { items, ...(after !== undefined && { next: after }) };
}

/** A part of the list of runs, as a key sees it. */
export async function pageOfRunsWithin(parts: TreeParts, key: ApiKey, options: PageOptions): Promise<RunPage> {
  const part = partOf(parts, key);
  const read = async (place: Partial<Place>) => await listPage(parts.client, { ...options, ...place });
  if (part === undefined) return await read({});
  await part.check();
  return await pageOfKept(read, options, async (runs) => await part.runsIn(runs));
}

/** The same of customers. A search also says where nobody could look; to a limited key not how many there are elsewhere. */
export async function pageOfCustomersWithin(
  parts: TreeParts & { search: CustomerSearch },
  key: ApiKey,
  options: CustomerPageOptions,
): Promise<CustomerPage & { missing?: string[] }> {
  const part = partOf(parts, key);
  await part?.check();
  const { search, state, ...place } = options;
  if (search !== undefined) {
    const { items, missing } = await parts.search.find({ search, state });
    const seen = part === undefined ? items : await part.customersIn(items);
    const said = part === undefined || missing.length === 0 ? missing : [NOT_ALL];
    return { ...sliceOf(seen, place), missing: said };
  }
  const read = async (at: Partial<Place>) => await pageOfCustomers(parts.client, { ...options, ...at });
  if (part === undefined) return await read({});
  return await pageOfKept(read, options, async (customers) => await part.customersIn(customers));
}
