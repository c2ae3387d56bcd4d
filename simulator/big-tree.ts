import { noQuota } from './catalogue.js';
import type { Item, Tenant } from './entities.js';
import type { TreeSize } from './fixture.js';
import { addMachine } from './machines.js';
import { itemsGivenTo, rowsOf } from './tenant-items.js';
import type { World } from './world.js';

/** Makes many tenants at once, with names that tell where they are. */
export function plantTree(
  world: World,
  { partners, customers = 0, units = 0, users = 0, machines = 0, edition }: TreeSize,
): void {
  for (const p of numbers(partners)) {
    const partner = plant(world, { name: `Partner ${p}`, kind: 'partner', parent_id: world.rootId }, edition);
    for (const c of numbers(customers)) {
      const customer = plant(world, { name: `Customer ${p}-${c}`, kind: 'customer', parent_id: partner.id }, edition);
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

/** Makes a tenant; one with an edition has every item of it that its parent gives. */
export function plant(
  world: World,
  fields: Partial<Tenant> & { name: string; kind: string; parent_id: string },
  edition: string | undefined,
): Tenant {
  const tenant = world.newTenant(fields);
  if (edition !== undefined) giveItems(world, tenant, edition);
  return tenant;
}

/** Switches every item of an edition on that the parent gives. */
export function giveItems(world: World, { id, parent_id, kind }: Tenant, edition: string): void {
  const given = itemsGivenTo(world, parent_id, kind).filter((row) => row.edition === edition);
  world.items.set(id, [...rowsOf(world, id), ...given.map((row) => owned(row, id))]);
}

function owned({ quota, ...row }: Item, tenant_id: string): Item {
  return { ...row, tenant_id, ...(quota === undefined ? {} : { quota: noQuota() }) };
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_none, at) => String(at + 1).padStart(4, '0'));
}
