import type { Acronis, Tenant } from '../acronis/index.js';

/** What is known of a listed tenant. It may be older than the tenant. */
export type Row = Pick<Tenant, 'id' | 'name' | 'customer_id' | 'internal_tag'>;

/** Which tenants to list. */
interface Below {
  cloud: string;
  /** The root tenant of the cloud unless given. */
  parentTenantId?: string;
  /** A listing of this worker that began not longer ago will do; 0 asks the cloud in any case. */
  maxAgeMs?: number;
}

/** An older listing is of no use to anybody. */
const KEPT_MS = 5 * 60_000;

/**
 * The tenants below a parent. Many customers that look at once share one listing, so that an import of thousands does not
 * list all tenants thousands of times.
 */
export class TenantListings {
  private readonly kept = new Map<string, { began: number; rows: Promise<Row[]> }>();

  async below(acronis: Acronis, { cloud, parentTenantId, maxAgeMs = 0 }: Below): Promise<Row[]> {
    const key = JSON.stringify([cloud, parentTenantId?.toLowerCase() ?? null]);
    const now = Date.now();
    const there = this.kept.get(key);
    if (there !== undefined && there.began <= now && now - there.began < maxAgeMs) return await there.rows;
    const rows = list(acronis, parentTenantId);
    this.keep(key, { began: now, rows });
    return await rows;
  }

  private keep(key: string, listing: { began: number; rows: Promise<Row[]> }): void {
    for (const [other, { began }] of this.kept) if (listing.began - began > KEPT_MS) this.kept.delete(other);
    this.kept.set(key, listing);
    listing.rows.catch(() => {
      if (this.kept.get(key) === listing) this.kept.delete(key);
    });
  }
}

async function list(acronis: Acronis, parentTenantId: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  const parentId = parentTenantId ?? (await acronis.rootTenantId());
  for await (const { id, name, customer_id, internal_tag } of acronis.tenants.list({ parentId }))
    rows.push({ id, name, customer_id, internal_tag });
  return rows;
}
