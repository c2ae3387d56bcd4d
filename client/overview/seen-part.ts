import { DEFAULT_CLOUD } from '../../contract/ids.js';
import type { ListedTenant } from '../../contract/tenant-listing.js';
import { inBatches } from '../batches.js';
import type { RunOfTenant } from '../tree/run-tenants.js';
import type { CalendarItem } from './calendar.js';
import type { RecentRun } from './changes.js';
import type { KnownCustomer } from './known-customer.js';
import type { Mismatch, TenantsOfCloud } from './reconcile.js';

/** What somebody sees who does not see all tenants. */
export interface SeenPart {
  seesRun(id: string): Promise<boolean>;
  runsIn<Run extends RunOfTenant>(runs: readonly Run[]): Promise<Run[]>;
  customersIn<Customer extends { cloud: string; tenantId?: string }>(all: readonly Customer[]): Promise<Customer[]>;
  /** The tenants at or below which everything is seen, by id in small letters. */
  topsIn(cloud: string): string[];
}

/** So many runs are looked through for those that somebody sees. */
export const MOST_RUNS_SEEN = 500;
const ONLY_PART = 'This is about a part of the tenant tree: customers and runs without a known tenant are not in it.';
const NOT_ALL = 'Not everybody who could be asked has answered: ask again in a moment.';

/** What is missing for somebody who sees a part. How many there are elsewhere is not said. */
export function missingInPart(missing: readonly string[]): string[] {
  return missing.length === 0 ? [ONLY_PART] : [ONLY_PART, NOT_ALL];
}

/** What of a calendar is about tenants in the part. */
export async function calendarIn(part: SeenPart, items: readonly CalendarItem[]): Promise<CalendarItem[]> {
  const ofRuns = items.filter(({ run }) => run !== undefined);
  const seenRuns = await inBatches(ofRuns, async (item) => ((await part.seesRun(item.run!)) ? [item] : []));
  const ofCustomers = await itemsIn(
    part,
    items.filter(({ run }) => run === undefined),
  );
  const seen = new Set([...seenRuns.flat(), ...ofCustomers]);
  return items.filter((item) => seen.has(item));
}

/** What of a reconciliation is about tenants in the part. A customer that may adopt a tenant has none, so it is not named. */
export async function mismatchesInPart(part: SeenPart, items: readonly Mismatch[]): Promise<Mismatch[]> {
  const seen = await itemsIn(part, items);
  return seen.map(({ ref, ...item }) => {
    if (item.kind === 'tenantWithoutSale' && item.state === undefined) return { ...item, why: WITHOUT_CUSTOMER };
    return { ...(ref !== undefined && { ref }), ...item };
  });
}

const WITHOUT_CUSTOMER = 'no customer has this tenant';

async function itemsIn<Item extends { cloud?: string; tenantId?: string }>(
  part: SeenPart,
  items: readonly Item[],
): Promise<Item[]> {
  const placed = items.flatMap((item) => {
    const { cloud = DEFAULT_CLOUD, tenantId } = item;
    return tenantId === undefined ? [] : [{ cloud, tenantId, item }];
  });
  return (await part.customersIn(placed)).map(({ item }) => item);
}

/** The lists of these clouds without what lies elsewhere, as far as the lists say it. */
export function tenantsInPart(part: SeenPart, clouds: readonly TenantsOfCloud[]): TenantsOfCloud[] {
  return clouds.map(({ cloud, tenants }) => {
    const parents = new Map(tenants.map(({ tenantId, parentId }) => [tenantId, parentId]));
    const tops = new Set(part.topsIn(cloud));
    return { cloud, tenants: tenants.filter(({ tenantId }) => isBelow(tenantId, tops, parents)) };
  });
}

function isBelow(
  tenantId: ListedTenant['tenantId'],
  tops: ReadonlySet<string>,
  parents: ReadonlyMap<string, string>,
): boolean {
  const passed = new Set<string>();
  for (let at: string | undefined = tenantId; at !== undefined && !passed.has(at); at = parents.get(at)) {
    if (tops.has(at)) return true;
    passed.add(at);
  }
  return false;
}

/** The customers in the part of which changes may speak: who was asked something, and who has started one of these runs. */
export async function customersOfChanges(
  part: SeenPart,
  { customers, runs, since }: { customers: readonly KnownCustomer[]; runs: readonly RecentRun[]; since: Date },
): Promise<KnownCustomer[]> {
  const parents = new Set(runs.map(({ parent }) => parent));
  const from = since.toISOString();
  const spoken = customers.filter(
    ({ id, status: { requests = [] } }) => parents.has(id) || requests.some(({ at }) => at >= from),
  );
  const placed = spoken.map((one) => ({ cloud: one.status.cloud, ...tenantOf(one), one }));
  return (await part.customersIn(placed)).map(({ one }) => one);
}

const tenantOf = ({ status: { tenantId } }: KnownCustomer) => (tenantId === undefined ? {} : { tenantId });

/** The same runs; who has started them is not said where that is not seen. */
export function withSeenParents(runs: readonly RecentRun[], customers: readonly KnownCustomer[]): RecentRun[] {
  const seen = new Set([...runs.map(({ id }) => id), ...customers.map(({ id }) => id)]);
  return runs.map(({ parent, ...run }) => (parent !== undefined && seen.has(parent) ? { ...run, parent } : run));
}
