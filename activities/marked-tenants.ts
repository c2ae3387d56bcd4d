import { unlessNotFound, type Acronis, type Tenant } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { ownership, type Mark, type TagOwner } from '../contract/mark.js';
import { whyInUse } from './tenant-use.js';

/** The kinds of tenants that runs make. A business key may have one of each. */
export type TenantKind = 'customer' | 'partner';

/** Where to look for the tenants of a business key. */
export interface MarkSearch {
  mark: Mark;
  parentTenantId: string;
  /** Other parents below which earlier runs of the key may have made a tenant. */
  parents?: readonly string[];
  /** Ids of the tenants of earlier runs of the key, wherever they are now. */
  tenants?: readonly string[];
}

export interface MarkedRow {
  tenant: Tenant;
  whose: Exclude<TagOwner, 'foreign'>;
}

/** Finds the tenants with a mark of this business key, each once, oldest first; of one kind if given. */
export async function findMarkedTenants(acronis: Acronis, search: MarkSearch, kind?: TenantKind): Promise<MarkedRow[]> {
  const found = new Map<string, MarkedRow>();
  const consider = (tenant: Tenant) => {
    const whose = whoseIs(search.mark, tenant, kind);
    if (whose !== undefined) found.set(tenant.id.toLowerCase(), { tenant, whose });
  };
  for await (const tenant of acronis.tenants.list({ parentId: search.parentTenantId })) consider(tenant);
  for (const parentId of search.parents ?? []) {
    if (parentId === search.parentTenantId) continue;
    await unlessNotFound(async () => {
      for await (const tenant of acronis.tenants.list({ parentId })) consider(tenant);
    });
  }
  for (const id of search.tenants ?? []) {
    if (found.has(id.toLowerCase())) continue;
    const tenant = await unlessNotFound(async () => await acronis.tenants.get(id));
    if (tenant !== undefined) consider(tenant);
  }
  return [...found.values()].sort((a, b) => oldestFirst(a.tenant, b.tenant));
}

/** Reads one of them by its id, because a row of a list may be older. Fails with `not-found` when it is deleted. */
export async function readMarkedTenant(
  acronis: Acronis,
  mark: Mark,
  id: string,
): Promise<{ tenant: Tenant; whose: TagOwner }> {
  const tenant = await acronis.tenants.get(id);
  return { tenant, whose: ownership(mark, tenant.internal_tag) };
}

/**
 * Chooses the tenant to go on with: one that earlier runs of the key have used, else one that is in use, else the
 * oldest. The tag alone is not enough, because people copy tags.
 */
export async function chooseTenant(
  acronis: Acronis,
  marked: readonly MarkedRow[],
  had: readonly string[] = [],
): Promise<MarkedRow | undefined> {
  const known = marked.filter(({ tenant }) => had.some((id) => isSameId(id, tenant.id)));
  const among = known.length > 0 ? known : marked;
  if (among.length > 1)
    for (const one of among) if ((await whyInUse(acronis, one.tenant, { logins: [] }))?.certain) return one;
  return among[0];
}

function whoseIs(mark: Mark, { internal_tag, deleted_at, kind }: Tenant, wanted: string = kind) {
  const whose = ownership(mark, internal_tag);
  return whose === 'foreign' || deleted_at !== null || kind !== wanted ? undefined : whose;
}

/** A tenant without a creation time counts as the youngest. */
function oldestFirst(a: Tenant, b: Tenant): number {
  const [first, second] = [madeAt(a), madeAt(b)];
  return first === second ? a.id.localeCompare(b.id) : first - second;
}

function madeAt({ created_at }: Tenant): number {
  const at = Date.parse(created_at ?? '');
  return Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : at;
}
