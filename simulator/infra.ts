import { infraById } from './catalogue.js';
import { notFound } from './errors.js';
import { idOf, listOf, ok, route, type Call } from './router.js';
import { itemsOf } from './tenant-items.js';
import type { World } from './world.js';

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
function storagesOf(world: World, tenantId: string): string[] {
  return [...new Set(itemsOf(world, tenantId).flatMap((row) => row.infra_id ?? []))];
}

function storage(call: Call) {
  const id = idOf(call);
  if (!storagesOf(call.world, call.world.rootId).includes(id)) throw notFound('infrastructure component');
  return view(id);
}

export const infraRoutes = [
  route('GET /infra', ({ world, query }) => {
    const all = storagesOf(world, world.rootId);
    const uuids = listOf(query, 'uuids')?.filter((id) => all.includes(id)) ?? all;
    return ok({ items: uuids.map(view) });
  }),
  route('GET /infra/{id}', (call) => ok(storage(call))),
  route('GET /tenants/{id}/infra', (call) => {
    const { id } = call.world.visibleTenant(idOf(call), call.caller.tenantId);
    return ok({ infras: storagesOf(call.world, id) });
  }),
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
    return ok({ infras: storagesOf(call.world, call.world.rootId) });
  }),
];
