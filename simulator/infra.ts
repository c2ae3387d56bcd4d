import { GOOGLE_DR_INFRA, infraById, ORDINARY_INFRA } from './catalogue.js';
import { notFound } from './errors.js';
import { idOf, listOf, ok, route, type Call } from './router.js';
import { itemsOf } from './tenant-items.js';

const LOCATION = 'e2f1b7c0-4f0a-4d0c-8a55-0f1c2d3e4f50';

const ofPlatform = { owner_tenant_id: '00000000-0000-0000-0000-000000000001', platform_owned: true };

function view(id: string) {
  const { name, capability } = infraById(id);
  return { id, name, location_id: LOCATION, ...ofPlatform, capabilities: [capability], version: 1, readonly: false };
}

const locations = [{ id: LOCATION, name: 'Simulated location', ...ofPlatform, version: 1, readonly: true }];

function location(call: Call) {
  const wanted = idOf(call);
  const found = locations.find(({ id }) => id === wanted);
  if (found === undefined) throw notFound('location');
  return found;
}

/** The storages that a tenant has items on. */
function ofTenant(call: Call) {
  const { id } = call.world.visibleTenant(idOf(call), call.caller.tenantId);
  return ok({ infras: [...new Set(itemsOf(call.world, id).flatMap((row) => row.infra_id ?? []))] });
}

export const infraRoutes = [
  route('GET /infra', ({ query }) => {
    const uuids = listOf(query, 'uuids') ?? [ORDINARY_INFRA, GOOGLE_DR_INFRA];
    return ok({ items: uuids.map(view) });
  }),
  route('GET /infra/{id}', (call) => ok(view(idOf(call)))),
  route('GET /tenants/{id}/infra', ofTenant),
  route('GET /tenants/{id}/locations', (call) => {
    call.world.visibleTenant(idOf(call), call.caller.tenantId);
    return ok({ locations: [LOCATION] });
  }),
  route('GET /locations', ({ query }) => {
    const uuids = listOf(query, 'uuids') ?? [];
    return ok({ items: locations.filter(({ id }) => uuids.includes(id)) });
  }),
  route('GET /locations/{id}', (call) => ok(location(call))),
  route('GET /locations/{id}/infra', (call) => {
    location(call);
    return ok({ infras: [ORDINARY_INFRA, GOOGLE_DR_INFRA] });
  }),
];
