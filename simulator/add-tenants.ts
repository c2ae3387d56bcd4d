import { noQuota } from './catalogue.js';
import type { Item, Tenant } from './entities.js';
import type { TreeSize } from './fixture.js';
import { addMachine } from './machines.js';
import { itemsAvailableToChild, itemsOf } from './tenant-items.js';
import { now, type World } from './world.js';

/** Adds many tenants at once. Their names say where they are in the tree. */
export function addTree(
  world: World,
  { partners, customers = 0, units = 0, users = 0, machines = 0, edition }: TreeSize,
): void {
  for (const p of numbers(partners)) {
    const partner = addTenant(world, { name: `Partner ${p}`, kind: 'partner', parent_id: world.rootId }, edition);
    for (const c of numbers(customers)) {
      const customer = addTenant(
        world,
        { name: `Customer ${p}-${c}`, kind: 'customer', parent_id: partner.id },
        edition,
      );
      for (const u of numbers(users))
        world.newUser({
          tenant_id: customer.id,
          login: `user-${p}-${c}-${u}`,
          contact: { email: `user-${p}-${c}-${u}@customer.example` },
        });
      for (const m of numbers(machines))
        addMachine(world, { tenantId: customer.id, hostname: `ws-${p}-${c}-${m}.local` });
      for (const u of numbers(units))
        world.newTenant({ name: `Unit ${p}-${c}-${u}`, kind: 'unit', parent_id: customer.id });
    }
  }
}

/** Adds a tenant. With an edition, it has every item of that edition that its parent offers. */
export function addTenant(
  world: World,
  fields: Partial<Tenant> & { name: string; kind: string; parent_id: string },
  edition: string | undefined,
): Tenant {
  const tenant = world.newTenant(fields);
  if (edition !== undefined) giveItems(world, tenant, edition);
  return tenant;
}

/** Switches on every item of an edition that the parent offers. */
export function giveItems(world: World, { id, parent_id, kind }: Tenant, edition: string): void {
  const given = itemsAvailableToChild(world, parent_id, kind).filter((row) => row.edition === edition);
  world.items.set(id, [...itemsOf(world, id), ...given.map((row) => copyFor(row, id))]);
}

function copyFor({ quota, ...row }: Item, tenant_id: string): Item {
  return { ...row, tenant_id, updated_at: now(), ...(quota === undefined ? {} : { quota: noQuota() }) };
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_none, at) => String(at + 1).padStart(4, '0'));
}
