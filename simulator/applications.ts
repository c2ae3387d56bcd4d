import { BACKUP_APPLICATION, catalogue, FILES_APPLICATION, PLATFORM_APPLICATION } from './catalogue.js';
import { checkLock } from './checks.js';
import { badRequest, notFound } from './errors.js';
import { noContent, idOf, listOf, ok, route, type Call } from './router.js';
import { switchOff, itemsOf } from './tenant-items.js';
import { now, type World } from './world.js';

export const applications = [
  { id: BACKUP_APPLICATION, type: 'backup', name: 'Cyber Protection', api_base_url: '/bc/' },
  {
    id: 'b71b2c18-590a-303c-9d5a-8444fbe713ac',
    type: 'physical_data_shipping',
    name: 'Physical Data Shipping',
    api_base_url: '/pds/',
  },
  { id: FILES_APPLICATION, type: 'files_cloud', name: 'File Sync & Share', api_base_url: '/fc/' },
  { id: 'f9c5744e-bd1a-36b6-b0f0-ecd7483e1796', type: 'notary', name: 'Notary', api_base_url: '/notary/console' },
  { id: 'cc29685d-a9ca-3e87-a83d-069f18b588f0', type: 'hci', name: 'Cyber Infrastructure', api_base_url: '/hci/' },
  { id: PLATFORM_APPLICATION, type: 'platform', name: 'Platform', api_base_url: '/mc/' },
].map((one) => ({ ...one, usages: usagesOf(one.id) }));

function usagesOf(application: string): string[] {
  const items = catalogue('').filter(({ application_id }) => application_id === application);
  return [...new Set(items.map(({ usage_name }) => usage_name))];
}

/** The application that is the nth id of the path. */
export function application(call: Call, at = 0) {
  const wanted = idOf(call, at);
  const found = applications.find(({ id }) => id === wanted);
  if (found === undefined) throw notFound('application');
  return found;
}

/** The services of a tenant: the platform, those that were switched on, and those that it has an item of. */
export function servicesOf(world: World, tenantId: string): string[] {
  const on = itemsOf(world, tenantId).filter((row) => row.status === 1);
  const bound = world.bindings.get(tenantId) ?? [];
  return [...new Set([PLATFORM_APPLICATION, ...bound, ...on.map((row) => row.application_id)])];
}

function bind(call: Call) {
  const { world, caller } = call;
  const { id, type } = application(call);
  const tenant = world.visibleTenant(idOf(call, 1), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  if (tenant.parent_id !== tenant.id && !servicesOf(world, tenant.parent_id).includes(id))
    throw badRequest(`service ${type} cannot be enabled: the parent lacks it`, 1026);
  world.bindings.set(tenant.id, (world.bindings.get(tenant.id) ?? new Set()).add(id));
  tenant.updated_at = now();
  return noContent;
}

/** Switches a service off in the tenant and everything below it. This cannot be reversed. */
function unbind(call: Call) {
  const { world, caller } = call;
  const { id: service } = application(call);
  if (service === PLATFORM_APPLICATION) throw badRequest('the platform cannot be disabled', 1027);
  const tenant = world.visibleTenant(idOf(call, 1), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  for (const below of world.subtree(tenant.id)) {
    world.bindings.get(below.id)?.delete(service);
    for (const row of itemsOf(world, below.id)) if (row.application_id === service && row.status === 1) switchOff(row);
    below.updated_at = now();
  }
  return noContent;
}

export const applicationRoutes = [
  route('GET /applications', () => ok({ items: applications })),
  route('GET /applications/{id}', (call) => ok(application(call))),
  route('GET /tenants/{id}/applications', (call) => {
    const { id } = call.world.visibleTenant(idOf(call), call.caller.tenantId);
    return ok({ items: servicesOf(call.world, id) });
  }),
  route('GET /tenants/applications', ({ world, query, caller }) => {
    const tenants = (listOf(query, 'tenants') ?? []).map((id) => world.visibleTenant(id, caller.tenantId).id);
    return ok({ items: tenants.map((tenant) => ({ tenant, applications: servicesOf(world, tenant) })) });
  }),
  route('POST /applications/{id}/bindings/tenants/{id}', bind),
  route('DELETE /applications/{id}/bindings/tenants/{id}', unbind),
];
