import { isForPartnersOnly } from './catalogue.js';
import type { Item, Tenant } from './entities.js';
import { now, type World } from './world.js';

/** The offering items of a tenant. */
export function itemsOf(world: World, tenantId: string): Item[] {
  const rows = world.items.get(tenantId) ?? [];
  world.items.set(tenantId, rows);
  return rows;
}

/** The items of a tenant as a list shows them. All items of a deleted tenant are off. */
export function shownItems(world: World, { id, deleted_at }: Tenant): Item[] {
  const rows = itemsOf(world, id);
  if (deleted_at === null) return rows;
  return rows.map(({ quota: _quota, ...row }) => ({ ...row, status: 0, updated_at: deleted_at, deleted_at }));
}

/** The items that a tenant has switched on and can give to a child of that kind. */
export function itemsAvailableToChild(world: World, tenantId: string, kind: string): Item[] {
  const customer = kind === 'customer' || kind === 'unit';
  return itemsOf(world, tenantId).filter((item) => item.status === 1 && !(customer && isForPartnersOnly(item)));
}

/** Switches an item off; then it has no quota. */
export function switchOff(row: Item): void {
  row.status = 0;
  row.updated_at = now();
  delete row.quota;
}
