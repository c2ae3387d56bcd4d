import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';
import { ownership, type Mark, type Ownership } from '../contract/mark.js';
import { inhabitants } from './inhabitants.js';

/** The kinds of tenants that runs make. For one business key there may be one of each. */
export type MadeKind = 'customer' | 'partner';

/** Where a run's tenant is, or is to be made, and how it is known there. */
export interface MarkedPlace {
  mark: Mark;
  parentTenantId: string;
  /** Other parents below which earlier runs of the key may have made it. */
  parents?: readonly string[];
  /** Tenants that earlier runs of the key have had, wherever they are now. */
  tenants?: readonly string[];
}

export interface Marked {
  tenant: Tenant;
  whose: Exclude<Ownership, 'foreign'>;
}

/**
 * The tenants that carry a mark of this business key, oldest first; of one kind where that matters. A tenant counts once, however often a list
 * names it.
 */
export async function markedTenants(acronis: Acronis, place: MarkedPlace, kind?: MadeKind): Promise<Marked[]> {
  const found = new Map<string, Marked>();
  const consider = (tenant: Tenant) => {
    const whose = whoseIs(place.mark, tenant, kind);
    if (whose !== undefined) found.set(tenant.id.toLowerCase(), { tenant, whose });
  };
  for await (const tenant of acronis.tenants.list({ parentId: place.parentTenantId })) consider(tenant);
  for (const parentId of place.parents ?? []) {
    if (parentId === place.parentTenantId) continue;
    await unlessGone(async () => {
      for await (const tenant of acronis.tenants.list({ parentId })) consider(tenant);
    });
  }
  for (const id of place.tenants ?? []) {
    if (found.has(id.toLowerCase())) continue;
    const tenant = await unlessGone(async () => await acronis.tenants.get(id));
    if (tenant !== undefined) consider(tenant);
  }
  return [...found.values()].sort((a, b) => oldestFirst(a.tenant, b.tenant));
}

/** One of them as it is now, by its id: a row of a list may be older than that. Fails with `not-found` when it is deleted. */
export async function asItIs(acronis: Acronis, mark: Mark, id: string): Promise<{ tenant: Tenant; whose: Ownership }> {
  const tenant = await acronis.tenants.get(id);
  return { tenant, whose: ownership(mark, tenant.internal_tag) };
}

/**
 * The one to go on with: one that runs of the key are known to have had, else that in which there is something, else the oldest. A tag alone
 * may have been copied by a person.
 */
export async function theOneInUse(
  acronis: Acronis,
  marked: readonly Marked[],
  had: readonly string[] = [],
): Promise<Marked | undefined> {
  const known = marked.filter(({ tenant }) => had.some((id) => id.toLowerCase() === tenant.id.toLowerCase()));
  const among = known.length > 0 ? known : marked;
  if (among.length > 1)
    for (const one of among) if ((await inhabitants(acronis, one.tenant, { logins: [] }))?.certain) return one;
  return among[0];
}

function whoseIs(mark: Mark, { internal_tag, deleted_at, kind }: Tenant, wanted: string = kind) {
  const whose = ownership(mark, internal_tag);
  return whose === 'foreign' || deleted_at !== null || kind !== wanted ? undefined : whose;
}

/** One that does not say when it was made counts as the youngest. */
function oldestFirst(a: Tenant, b: Tenant): number {
  const [first, second] = [madeAt(a), madeAt(b)];
  return first === second ? a.id.localeCompare(b.id) : first - second;
}

function madeAt({ created_at }: Tenant): number {
  const at = Date.parse(created_at ?? '');
  return Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : at;
}

export async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
}
