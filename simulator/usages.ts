import type { Item, Tenant } from './entities.js';
import { idOf, listOf, ok, route } from './router.js';
import { itemsOf } from './tenant-items.js';
import { now, type World } from './world.js';

/** What a tenant and everything below it uses of each item, since the beginning of the month. */
export function usagesOf(world: World, tenant: Tenant, query: URLSearchParams = new URLSearchParams()) {
  const [names, editions] = [listOf(query, 'usage_names'), listOf(query, 'editions')];
  const tenants = world.subtree(tenant.id);
  return itemsOf(world, tenant.id)
    .filter((row) => names === undefined || names.includes(row.usage_name))
    .filter((row) => editions === undefined || row.edition === null || editions.includes(row.edition))
    .map(({ application_id, name, edition, usage_name, type, measurement_unit, infra_id, status, quota }) => {
      const value = tenants.reduce((sum, { id }) => sum + used(world, id, { name, usage_name, infra_id }), 0);
      return {
        application_id,
        name,
        edition,
        usage_name,
        type,
        measurement_unit,
        infra_id,
        tenant_uuid: tenant.id,
        tenant_id: tenant.numericId,
        range_start: `${now().slice(0, 7)}-01T00:00:00`,
        absolute_value: value,
        value,
        offering_item: { status, quota },
      };
    });
}

/** What one tenant uses, if the item is on. */
function used(
  world: World,
  id: string,
  { name, usage_name, infra_id }: Pick<Item, 'name' | 'usage_name'> & { infra_id: string | undefined },
): number {
  const value = world.usages.get(id)?.get(usage_name);
  if (value === undefined) return 0;
  return itemsOf(world, id).some((row) => row.status === 1 && row.name === name && row.infra_id === infra_id)
    ? value
    : 0;
}

export const usageRoutes = [
  route('GET /tenants/{id}/usages', (call) => {
    const tenant = call.world.accessibleTenant(idOf(call), call.caller.tenantId);
    return ok({ items: usagesOf(call.world, tenant, call.query) });
  }),
  route('GET /tenants/usages', ({ world, query, caller }) => {
    const tenants = (listOf(query, 'tenants') ?? []).map((id) => world.accessibleTenant(id, caller.tenantId));
    return ok({ items: tenants.map((tenant) => ({ tenant: tenant.id, usages: usagesOf(world, tenant, query) })) });
  }),
];
