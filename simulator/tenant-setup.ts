import { giveItems, addTenant } from './add-tenants.js';
import type { Tenant } from './entities.js';
import { itemsOf, switchOff } from './tenant-items.js';
import { deleteTree } from './tenant-removal.js';
import { now, type World } from './world.js';

type NewTenant = Partial<
  Pick<
    Tenant,
    'kind' | 'parent_id' | 'internal_tag' | 'customer_id' | 'update_lock' | 'enabled' | 'language' | 'contact'
  >
> & {
  name: string;
  edition?: string;
};

/** How tests change tenants and users without the API. */
export function tenantSetup(world: World) {
  const tenantOf = (id: string) => tenantIn(world, id);
  const set = (id: string, enabled: boolean) => Object.assign(tenantOf(id), { enabled, updated_at: now() });
  return {
    /** With an edition, the tenant has every item of it that the parent offers. */
    addTenant: ({ kind = 'customer', parent_id = world.rootId, edition, ...fields }: NewTenant) =>
      addTenant(world, { ...fields, kind, parent_id }, edition).id,
    /** Switches on every item of an edition that the parent offers. */
    giveItems: (tenantId: string, edition: string) => giveItems(world, tenantOf(tenantId), edition),
    addUser: (fields: { tenant_id: string; login: string }) => world.newUser(fields).id,
    setUsage: (tenantId: string, usageName: string, value: number): void =>
      void world.usages.set(tenantId, new Map([...(world.usages.get(tenantId) ?? []), [usageName, value]])),
    bumpVersion(id: string) {
      const target = world.tenants.get(id) ?? world.users.get(id);
      if (target !== undefined) Object.assign(target, { version: target.version + 1, updated_at: now() });
    },
    disable: (tenantId: string) => void set(tenantId, false),
    enable: (tenantId: string) => void set(tenantId, true),
    /** Disables and deletes a tenant with everything below it. */
    remove(tenantId: string) {
      set(tenantId, false);
      deleteTree(world, tenantOf(tenantId));
    },
    rename(tenantId: string, name: string) {
      const tenant = tenantOf(tenantId);
      Object.assign(tenant, { name, version: tenant.version + 1, updated_at: now() });
    },
    /** Switches off the items of this name. */
    switchOff(tenantId: string, item: string) {
      for (const row of itemsOf(world, tenantId)) if (row.name === item) switchOff(row);
    },
    /** What the platform is doing with a tenant: `recovering`, or nothing. */
    setExternalOperation: (tenantId: string, external_operation_status: string | null): void =>
      void Object.assign(tenantOf(tenantId), { external_operation_status }),
    /** Locks a tenant, as if its lock's owner had done so. */
    lock: (tenantId: string, owner_id: string) =>
      void Object.assign(tenantOf(tenantId), { update_lock: { enabled: true, owner_id } }),
    /** Activates a user, as if they had followed the link in the mail. */
    activate(userId: string) {
      Object.assign(world.users.get(userId)!, { activated: true, updated_at: now() });
    },
    /** Sets the warnings of the dry run of a switch to this edition. */
    warnOfEdition: (edition: string, warnings: string[]) => void world.editionWarnings.set(edition, warnings),
    ...moves(world),
  };
}

function moves(world: World) {
  const parents = new Map<string, string>();
  let otherPartner: string | undefined;
  return {
    /** Moves a tenant below another one, whatever it uses there. */
    moveTenant(tenantId: string, parentId: string) {
      const tenant = tenantIn(world, tenantId);
      world.putUnder(tenant, parentId);
      Object.assign(tenant, { version: tenant.version + 1, updated_at: now() });
    },
    /** Moves a user to another tenant, with the roles that the user has in the old one. */
    moveUser(userId: string, tenantId: string) {
      const user = world.users.get(userId)!;
      for (const policy of world.policies.get(userId) ?? [])
        if (policy.tenant_id === user.tenant_id) policy.tenant_id = tenantId;
      Object.assign(user, { tenant_id: tenantId, version: user.version + 1, updated_at: now() });
    },
    /** Moves a tenant to a partner outside the root: the root gets 403 for it. */
    moveOutOfSight(tenantId: string) {
      const tenant = tenantIn(world, tenantId);
      parents.set(tenantId, tenant.parent_id);
      otherPartner ??= world.newTenant({ name: 'Another Partner', kind: 'partner' }).id;
      world.putUnder(tenant, otherPartner);
    },
    /** Moves a tenant back to where it was before `moveOutOfSight`. */
    moveIntoSight(tenantId: string) {
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
