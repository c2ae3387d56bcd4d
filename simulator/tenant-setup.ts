import { giveItems, addTenant } from './add-tenants.js';
import type { Tenant } from './entities.js';
import { deleteTree } from './tenant-removal.js';
import { now, type World } from './world.js';

/** How tests change tenants and users without the API. */
export interface TenantSetup {
  addTenant(fields: {
    name: string;
    kind?: string;
    parent_id?: string;
    internal_tag?: string;
    customer_id?: string;
    update_lock?: { enabled: boolean; owner_id: string };
    /** Switches on every item of this edition that the parent offers. */
    edition?: string;
  }): string;
  /** Switches on every item of an edition that the parent offers. */
  giveItems(tenantId: string, edition: string): void;
  addUser(fields: { tenant_id: string; login: string }): string;
  setUsage(tenantId: string, usageName: string, value: number): void;
  bumpVersion(id: string): void;
  disable(tenantId: string): void;
  enable(tenantId: string): void;
  /** Disables and deletes a tenant with everything below it. */
  remove(tenantId: string): void;
  /** What the platform is doing with a tenant: `recovering`, or nothing. */
  setExternalOperation(tenantId: string, status: string | null): void;
  /** Locks a tenant, as if its lock's owner had done so. */
  lock(tenantId: string, ownerId: string): void;
  /** Activates a user, as if they had followed the link in the mail. */
  activate(userId: string): void;
  /** Sets the warnings of the dry run of a switch to this edition. */
  warnOfEdition(edition: string, warnings: string[]): void;
  /** Moves a tenant below another one, whatever it uses there. */
  moveTenant(tenantId: string, parentId: string): void;
  /** Moves a user to another tenant, with the roles that the user has in the old one. */
  moveUser(userId: string, tenantId: string): void;
  /** Moves a tenant to a partner outside the root: the root gets 403 for it. */
  moveOutOfSight(tenantId: string): void;
  /** Moves a tenant back to where it was before `moveOutOfSight`. */
  moveIntoSight(tenantId: string): void;
}

export function tenantSetup(world: World): TenantSetup {
  const tenantOf = (id: string) => tenantIn(world, id);
  const set = (id: string, enabled: boolean) => Object.assign(tenantOf(id), { enabled, updated_at: now() });
  return {
    addTenant: ({ kind = 'customer', parent_id = world.rootId, edition, ...fields }) =>
      addTenant(world, { ...fields, kind, parent_id }, edition).id,
    giveItems: (tenantId, edition) => giveItems(world, tenantOf(tenantId), edition),
    addUser: (fields) => world.newUser(fields).id,
    setUsage: (tenantId, usageName, value) =>
      void world.usages.set(tenantId, new Map([...(world.usages.get(tenantId) ?? []), [usageName, value]])),
    bumpVersion(id) {
      const target = world.tenants.get(id) ?? world.users.get(id);
      if (target !== undefined) Object.assign(target, { version: target.version + 1, updated_at: now() });
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
      Object.assign(world.users.get(userId)!, { activated: true, updated_at: now() });
    },
    warnOfEdition: (edition, warnings) => void world.editionWarnings.set(edition, warnings),
    ...moves(world),
  };
}

type Moves = Pick<TenantSetup, 'moveTenant' | 'moveUser' | 'moveOutOfSight' | 'moveIntoSight'>;

function moves(world: World): Moves {
  const parents = new Map<string, string>();
  let otherPartner: string | undefined;
  return {
    moveTenant(tenantId, parentId) {
      const tenant = tenantIn(world, tenantId);
      world.putUnder(tenant, parentId);
      Object.assign(tenant, { version: tenant.version + 1, updated_at: now() });
    },
    moveUser(userId, tenantId) {
      const user = world.users.get(userId)!;
      for (const policy of world.policies.get(userId) ?? [])
        if (policy.tenant_id === user.tenant_id) policy.tenant_id = tenantId;
      Object.assign(user, { tenant_id: tenantId, version: user.version + 1, updated_at: now() });
    },
    moveOutOfSight(tenantId) {
      const tenant = tenantIn(world, tenantId);
      parents.set(tenantId, tenant.parent_id);
      otherPartner ??= world.newTenant({ name: 'Another Partner', kind: 'partner' }).id;
      world.putUnder(tenant, otherPartner);
    },
    moveIntoSight(tenantId) {
      const parent = parents.get(tenantId);
      if (parent !== undefined) world.putUnder(tenantIn(world, tenantId), parent);
      parents.delete(tenantId);
    },
  };
}

function tenantIn(world: World, id: string): Tenant {
  const tenant = world.tenants.get(id);
  if (tenant === undefined) throw new Error(`the simulator has no tenant ${id}`);
  return tenant;
}
