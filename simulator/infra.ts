import { GOOGLE_DR_INFRA, infraById, ORDINARY_INFRA } from './catalogue.js';
import { idOf, listOf, ok, route } from './router.js';
import { itemsOf } from './tenant-items.js';

const LOCATION = 'e2f1b7c0-4f0a-4d0c-8a55-0f1c2d3e4f50';

function view(id: string) {
  const { name, capability } = infraById(id);
  const place = { location_id: LOCATION, platform_owned: true, owner_tenant_id: null };
  return { id, name, ...place, capabilities: [capability], version: 1, readonly: false };
}

export const infraRoutes = [
  route('GET /infra', ({ query }) => {
    const uuids = listOf(query, 'uuids') ?? [ORDINARY_INFRA, GOOGLE_DR_INFRA];
    return ok({ items: uuids.map(view) });
  }),
  route('GET /infra/{id}', (call) => ok(view(idOf(call)))),
  route('GET /tenants/{id}/infra', (call) => {
    const { id } = call.world.visibleTenant(idOf(call), call.caller.tenantId);
    return ok({ items: [...new Set(itemsOf(call.world, id).flatMap((row) => row.infra_id ?? []))].map(view) });
  }),
  route('GET /tenants/{id}/locations', (call) => {
    call.world.visibleTenant(idOf(call), call.caller.tenantId);
    return ok({ locations: [LOCATION] });
  }),
  route('GET /locations/{id}/infra', () => ok({ items: [ORDINARY_INFRA, GOOGLE_DR_INFRA].map(view) })),
];
