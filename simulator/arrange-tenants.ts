import { giveItems, plant } from './big-tree.js';
import { deleteTree } from './tenant-removal.js';
import { now, type World } from './world.js';

/** What tests do to tenants and users behind the back of the interface. */
export interface TenantArrangements {
  addTenant(fields: {
    name: string;
    kind?: string;
    parent_id?: string;
    internal_tag?: string;
    customer_id?: string;
    update_lock?: { enabled: boolean; owner_id: string };
    /** Every item of it that the parent gives is on. */
    edition?: string;
  }): string;
  /** Switches every item of an edition on that the parent gives. */
  giveItems(tenantId: string, edition: string): void;
  addUser(fields: { tenant_id: string; login: string }): string;
  setUsage(tenantId: string, usageName: string, value: number): void;
  bumpVersion(id: string): void;
  disable(tenantId: string): void;
  enable(tenantId: string): void;
  /** Disables and deletes a tenant with all below it. */
  remove(tenantId: string): void;
  /** What the cloud says that it is doing with a tenant: `recovering`, or nothing. */
  setExternalOperation(tenantId: string, status: string | null): void;
  /** As if those who act for the owner had locked the tenant. */
  lock(tenantId: string, ownerId: string): void;
  /** As if the user had followed the link in the mail. */
  activate(userId: string): void;
  /** What the dry run of a switch to this edition warns of from now on. */
  warnOfEdition(edition: string, warnings: string[]): void;
  /** Gives a tenant to a partner of whom the root knows nothing: it is there, and 403. */
  moveOutOfSight(tenantId: string): void;
  /** Puts a tenant back where it was before it went out of sight. */
  moveIntoSight(tenantId: string): void;
}

export function arrangeTenants(world: World): TenantArrangements {
  const homes = new Map<string, string>();
  let stranger: string | undefined;
  const tenantOf = (id: string) => {
    const tenant = world.tenants.get(id);
    if (tenant === undefined) throw new Error(`the simulator has no tenant ${id}`);
    return tenant;
  };
  const set = (id: string, enabled: boolean) => Object.assign(tenantOf(id), { enabled, updated_at: now() });
  return {
    addTenant: ({ kind = 'customer', parent_id = world.rootId, edition, ...fields }) =>
      plant(world, { ...fields, kind, parent_id }, edition).id,
    giveItems: (tenantId, edition) => giveItems(world, tenantOf(tenantId), edition),
    addUser: (fields) => world.newUser(fields).id,
    setUsage: (tenantId, usageName, value) =>
      void world.usages.set(tenantId, new Map([...(world.usages.get(tenantId) ?? []), [usageName, value]])),
    bumpVersion(id) {
      const target = world.tenants.get(id) ?? world.users.get(id);
      if (target !== undefined) target.version += 1;
    },
    disable: (tenantId) => void set(tenantId, false),
    enable: (tenantId) => void set(tenantId, true),
    remove(tenantId) {
      set(tenantId, false);
      deleteTree(world, tenantOf(tenantId));
    },
    setExternalOperation: (tenantId, external_operation_status) =>
      void Object.assign(tenantOf(tenantId), { external_operation_status }),
    lock: (tenantId, owner_id) => void Object.assign(tenantOf(tenantId), { update_lock: { enabled: true, owner_id } }),
    activate(userId) {
      Object.assign(world.users.get(userId)!, { activated: true });
    },
    warnOfEdition: (edition, warnings) => void world.editionWarnings.set(edition, warnings),
    moveOutOfSight(tenantId) {
      const tenant = tenantOf(tenantId);
      homes.set(tenantId, tenant.parent_id);
      stranger ??= world.newTenant({ name: 'Another Partner', kind: 'partner' }).id;
      world.place(tenant, stranger);
    },
    moveIntoSight(tenantId) {
      const home = homes.get(tenantId);
      if (home !== undefined) world.place(tenantOf(tenantId), home);
      homes.delete(tenantId);
    },
  };
}
