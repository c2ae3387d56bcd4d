import { nameKey } from '../../contract/names.js';
import type { ListedTenant } from '../../contract/tenant-listing.js';

/** What can show that a tenant belongs to a customer, strongest first. */
export const evidences = ['tenantId', 'mark', 'customer_id', 'name'] as const;
export type Evidence = (typeof evidences)[number];

/** The tenants that fit by one evidence, at least one, each once. */
export interface Fit {
  by: Evidence;
  tenants: readonly ListedTenant[];
}

type Index = Map<string, Set<string>>;

/** Finds listed tenants by what they have. Of a tenant that is listed several times, what any of its rows says counts. */
export class TenantIndex {
  private readonly tenants = new Map<string, ListedTenant>();
  private readonly byMark: Index = new Map();
  private readonly byCustomerId: Index = new Map();
  private readonly byName: Index = new Map();

  constructor(rows: readonly ListedTenant[]) {
    for (const row of rows.toSorted(inOrder)) {
      this.tenants.set(row.tenantId, row);
      if (row.kind !== 'customer') continue;
      add(this.byMark, row.madeFor, row);
      add(this.byCustomerId, row.customerId?.trim(), row);
      add(this.byName, nameKey(row.name), row);
    }
  }

  /** Of any kind, because a person has named it. */
  withId(tenantId: string): Fit[] {
    const tenant = this.tenants.get(tenantId.toLowerCase());
    return tenant === undefined ? [] : [{ by: 'tenantId', tenants: [tenant] }];
  }

  madeFor(key: string): Fit[] {
    return this.fit('mark', this.byMark.get(key));
  }

  withCustomerId(customerId: string): Fit[] {
    return this.fit('customer_id', this.byCustomerId.get(customerId.trim()));
  }

  named(name: string | undefined): Fit[] {
    return name === undefined ? [] : this.fit('name', this.byName.get(nameKey(name)));
  }

  /** The tenants of the kind customer. */
  customers(): ListedTenant[] {
    return [...this.tenants.values()].filter(({ kind }) => kind === 'customer');
  }

  private fit(by: Evidence, ids: ReadonlySet<string> | undefined): Fit[] {
    return ids === undefined ? [] : [{ by, tenants: [...ids].map((id) => this.tenants.get(id)!) }];
  }
}

function add(index: Index, key: string | undefined, { tenantId }: ListedTenant): void {
  if (!key) return;
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([tenantId]));
  else ids.add(tenantId);
}

/** So that the order of the listing decides nothing. */
function inOrder(one: ListedTenant, other: ListedTenant): number {
  const [first, second] = [one, other].map(({ tenantId, ...rest }) => tenantId + JSON.stringify(rest));
  return first! < second! ? -1 : 1;
}
