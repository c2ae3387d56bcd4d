import type { Tenant } from './entities.js';
import { badRequest, notFound, Refusal, staleVersion } from './errors.js';
import { empty, flag, idOf, integer, ok, page, required, resume, route, type Call, type Json } from './router.js';
import { changeTenant } from './tenant-changes.js';
import type { World } from './world.js';

const childKinds: Record<string, readonly string[]> = {
  root: ['partner', 'customer', 'folder'],
  partner: ['partner', 'folder', 'customer'],
  folder: ['partner', 'customer'],
  customer: ['unit'],
  unit: ['unit'],
};

/** A tenant as the platform shows it. */
export function tenantView(world: World, tenant: Tenant): Json {
  const { numericId: _numericId, hiddenReads: _hidden, enhancedSecurity: _enhanced, ...shown } = tenant;
  const pricing = world.pricing.get(tenant.id);
  return {
    ...shown,
    contact: { email: '', firstname: null, lastname: null, ...tenant.contact },
    contacts: [],
    brand_enabled: false,
    barrier: 0,
    has_children: world.children(tenant.id).length > 0,
    default_idp_id: '11111111-1111-1111-1111-111111111111',
    mfa_status: world.mfa.get(tenant.id),
    pricing_mode: pricing?.mode,
    production_start_date: pricing?.production_start_date,
    external_operation_status: null,
  };
}

/** False while an object is still out of sight; each look brings it nearer. */
export function inSight(one: { hiddenReads: number }): boolean {
  if (one.hiddenReads === 0) return true;
  one.hiddenReads -= 1;
  return false;
}

function create({ world, body, caller }: Call) {
  const name = required(body, 'name').trim();
  const kind = required(body, 'kind');
  const parent = world.reach(required(body, 'parent_id').toLowerCase(), caller.tenantId);
  const tag = body['internal_tag'];
  if (typeof tag === 'string' && tag.length > 256) throw badRequest('internal_tag is longer than 256 characters');
  if (name.length > 255) throw badRequest('name is longer than 255 characters');
  if (!['partner', 'folder', 'customer', 'unit'].includes(kind)) throw badRequest(`unknown kind ${kind}`);
  if (!parent.enabled) throw badRequest('parent tenant is disabled', 1003);
  if (childKinds[parent.kind]?.includes(kind) !== true)
    throw badRequest(`a ${parent.kind} may not contain a ${kind}`, 1027);
  checkName(world, name);
  const settings = (body['settings'] ?? {}) as Json;
  const tenant = world.newTenant({
    name,
    kind,
    parent_id: parent.id,
    enabled: flag(body['enabled']) ?? true,
    customer_id: (body['customer_id'] as string | null | undefined) ?? null,
    internal_tag: (tag as string | null | undefined) ?? null,
    language: (body['language'] as string | undefined) ?? 'en',
    ancestral_access: flag(body['ancestral_access']) ?? true,
    enhancedSecurity: flag(body['enhanced_security'] ?? settings['enhanced_security']) ?? false,
    contact: (body['contact'] as Json | undefined) ?? {},
  });
  return ok(tenantView(world, tenant), 201);
}

/** Names are unique in the whole tree, without regard to case. */
export function checkName(world: World, name: string, except?: string): void {
  const wanted = name.trim().toLowerCase();
  const taken = world.living().some((one) => one.id !== except && one.name.toLowerCase() === wanted);
  if (world.uniqueNames && taken) throw new Refusal(409, 1004, `tenant with name "${name}" already exists`, { name });
}

function list(call: Call) {
  const { world, caller } = call;
  const query = resume(call.query);
  const items = selected(world, query, caller.tenantId)
    .filter((tenant) => (query.get('updated_since') ?? '') <= tenant.updated_at)
    .filter(inSight);
  return ok(
    page(
      items.map((tenant) => tenantView(world, tenant)),
      query,
      5000,
    ),
  );
}

function selected(world: World, query: URLSearchParams, callerId: string): Tenant[] {
  const uuids = query.get('uuids');
  const parent = query.get('parent_id');
  const top = query.get('subtree_root_id');
  const deleted = query.get('allow_deleted') === 'true';
  if ([uuids, parent, top].filter((one) => one !== null).length !== 1)
    throw badRequest("Field validation for 'uuids' failed on the 'required_without_all' tag");
  if (parent !== null) {
    world.enter(parent, callerId);
    return [...world.tenants.values()].filter(
      (one) => one.parent_id === parent && one.id !== parent && (deleted || one.deleted_at === null),
    );
  }
  if (top !== null) return world.subtree(world.reach(top, callerId).id);
  const ids = uuids!.split(',');
  if (ids.length > 100) throw badRequest('at most 100 uuids');
  return ids.flatMap((id) => {
    const tenant = world.tenants.get(id);
    return tenant === undefined || (tenant.deleted_at !== null && !deleted) ? [] : [world.reach(id, callerId, deleted)];
  });
}

function get(call: Call) {
  const tenant = call.world.reach(idOf(call), call.caller.tenantId, call.query.get('allow_deleted') === 'true');
  if (!inSight(tenant)) throw notFound('tenant');
  return ok(tenantView(call.world, tenant));
}

function remove(call: Call) {
  const { world, caller, query } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  const version = integer(query.get('version') ?? undefined, 'version');
  if (version !== tenant.version) throw staleVersion(version, tenant.version);
  if (tenant.enabled) throw badRequest('tenant must be disabled before deletion', 1006);
  const at = new Date().toISOString();
  const gone = world.subtree(tenant.id);
  for (const one of gone) one.deleted_at = at;
  for (const user of world.livingUsers()) if (gone.some(({ id }) => id === user.tenant_id)) user.deleted_at = at;
  return empty;
}

function restore(call: Call) {
  const { world, caller, query } = call;
  const tenant = world.reach(idOf(call), caller.tenantId, true);
  if (query.get('force') === 'true') tenant.name = `${tenant.name} (restored)`;
  else checkName(world, tenant.name, tenant.id);
  tenant.deleted_at = null;
  return empty;
}

export const tenantRoutes = [
  route('POST /tenants', create),
  route('GET /tenants', list),
  route('GET /tenants/{id}', get),
  route('PUT /tenants/{id}', (call) => ok(tenantView(call.world, changeTenant(call)))),
  route('DELETE /tenants/{id}', remove),
  route('POST /tenants/{id}/restore', restore),
  route('GET /tenants/{id}/children', (call) => {
    const { id } = call.world.enter(idOf(call), call.caller.tenantId);
    const children = call.world.children(id).filter(inSight);
    return ok({ items: children.sort((a, b) => a.name.localeCompare(b.name)).map((child) => child.id) });
  }),
  route('GET /tenants/{id}/users', (call) => {
    const { id } = call.world.enter(idOf(call), call.caller.tenantId);
    return ok({
      items: call.world
        .livingUsers()
        .filter((user) => user.tenant_id === id)
        .map((user) => user.id),
    });
  }),
  route('GET /tenants/{id}/locations', (call) => {
    call.world.reach(idOf(call), call.caller.tenantId);
    return ok({ locations: ['simulated-location'] });
  }),
];
