import type { Tenant } from './entities.js';
import { forbidden, notFound } from './errors.js';

/** The tenant tree, and who can see what in it. */
export class Tree {
  readonly tenants = new Map<string, Tenant>();
  private readonly below = new Map<string, Set<string>>();
  private readonly numbers = new Map<string, string>();

  /** Adds a tenant below its parent, or moves it there. */
  putUnder(tenant: Tenant, parentId = tenant.parent_id): void {
    this.below.get(tenant.parent_id)?.delete(tenant.id);
    tenant.parent_id = parentId;
    this.tenants.set(tenant.id, tenant);
    this.numbers.set(String(tenant.numericId), tenant.id);
    this.below.set(parentId, (this.below.get(parentId) ?? new Set()).add(tenant.id));
  }

  /** Tenants that are not deleted, without the personal tenants of users. */
  existingTenants(): Tenant[] {
    return [...this.tenants.values()].filter((one) => one.deleted_at === null && one.owner_id === null);
  }

  byNumber(number: string): Tenant | undefined {
    return this.tenants.get(this.numbers.get(number) ?? '');
  }

  children(id: string, withDeleted = false): Tenant[] {
    return [...(this.below.get(id) ?? [])]
      .map((child) => this.tenants.get(child)!)
      .filter((one) => one.id !== id && one.owner_id === null && (withDeleted || one.deleted_at === null));
  }

  /** The tenant and everything below it, by level; `enters` decides which tenants to look into. */
  subtree(id: string, enters: (tenant: Tenant) => boolean = () => true, withDeleted = false): Tenant[] {
    const top = this.tenants.get(id);
    if (top === undefined || (top.deleted_at !== null && !withDeleted)) return [];
    const found = [top];
    for (const tenant of found) if (enters(tenant)) found.push(...this.children(tenant.id, withDeleted));
    return found;
  }

  /** The tenants of a subtree that a caller sees: also those that bar their ancestors, but nothing below those. */
  visibleSubtree(id: string, callerTenantId: string, withDeleted = false): Tenant[] {
    return this.subtree(id, (one) => one.id === callerTenantId || one.ancestral_access, withDeleted);
  }

  /** As `visibleSubtree`, without the tenants that bar their ancestors. */
  accessibleSubtree(id: string, callerTenantId: string): Tenant[] {
    return this.visibleSubtree(id, callerTenantId).filter((one) => one.id === callerTenantId || one.ancestral_access);
  }

  /** The tenants above, nearest first. */
  ancestors({ id, parent_id }: Tenant): Tenant[] {
    const above = this.tenants.get(parent_id);
    return above === undefined || above.id === id ? [] : [above, ...this.ancestors(above)];
  }

  /** The level of the tenant that bars its ancestors from this one, or 0. */
  barrier(tenant: Tenant): number {
    const line = [tenant, ...this.ancestors(tenant)];
    const at = line.findIndex((one) => !one.ancestral_access);
    return at === -1 ? 0 : line.length - at;
  }

  /** False if the tenant or one above is disabled or deleted. */
  isEnabled(id: string): boolean {
    const tenant = this.tenants.get(id);
    return (
      tenant !== undefined && [tenant, ...this.ancestors(tenant)].every((one) => one.enabled && one.deleted_at === null)
    );
  }

  /** The numbers from the platform down to the tenant, in the format of the newer APIs. */
  locator(tenant: Tenant): string {
    const numbers = [tenant, ...this.ancestors(tenant)].map(({ numericId }) => numericId);
    return `/1/${numbers.toReversed().join('/')}/`;
  }

  /** The tenant, if the caller can see it. Throws 404 if it does not exist, 403 if it is somebody else's. */
  visibleTenant(id: string, callerTenantId: string, allowDeleted = false): Tenant {
    const tenant = this.tenants.get(id);
    if (tenant === undefined || (tenant.deleted_at !== null && !allowDeleted)) throw notFound('tenant');
    const mine = id === callerTenantId || this.ancestors(tenant).some((one) => one.id === callerTenantId);
    if (!mine) throw forbidden();
    return tenant;
  }

  /** As `visibleTenant`, to read or change what is in the tenant. Throws 403 if its ancestors have no access. */
  accessibleTenant(id: string, callerTenantId: string, allowDeleted = false): Tenant {
    const tenant = this.visibleTenant(id, callerTenantId, allowDeleted);
    if (this.isBarred(tenant, callerTenantId)) throw forbidden('ancestors have no access to this tenant');
    return tenant;
  }

  /** Whether the caller can see what is in a tenant. */
  isAccessible(id: string, callerTenantId: string, allowDeleted = false): boolean {
    const tenant = this.tenants.get(id);
    if (tenant === undefined || (tenant.deleted_at !== null && !allowDeleted)) return false;
    const mine = id === callerTenantId || this.ancestors(tenant).some((one) => one.id === callerTenantId);
    return mine && !this.isBarred(tenant, callerTenantId);
  }

  private isBarred(tenant: Tenant, callerTenantId: string): boolean {
    const line = [tenant, ...this.ancestors(tenant)];
    const own = line.findIndex(({ id }) => id === callerTenantId);
    return line.slice(0, own).some((one) => !one.ancestral_access);
  }
}
