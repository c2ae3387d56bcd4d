import { isForPartnersOnly } from './catalogue.js';
import type { Item } from './entities.js';
import type { World } from './world.js';

/** The rows of one tenant; made when first asked for. */
export function rowsOf(world: World, tenantId: string): Item[] {
  const rows = world.items.get(tenantId) ?? [];
  world.items.set(tenantId, rows);
  return rows;
}

/** What a tenant has switched on and may give to a child of that kind. */
export function itemsGivenTo(world: World, tenantId: string, kind: string): Item[] {
  const customer = kind === 'customer' || kind === 'unit';
  return rowsOf(world, tenantId).filter((item) => item.status === 1 && !(customer && isForPartnersOnly(item)));
}

/** An item that is off has no quota. */
export function switchOff(row: Item): void {
  row.status = 0;
  delete row.quota;
}
