import { checkTenantName } from './checks.js';
import type { Tenant } from './entities.js';
import { badRequest, notFound } from './errors.js';
import { page, applyCursor } from './paging.js';
import { isVisible } from './delays.js';
import { flag, idOf, listOf, ok, required, route, type Call, type Json } from './router.js';
import { changeIdentityProvider, changeTenant } from './tenant-changes.js';
import { shownItems } from './tenant-items.js';
import { removeTenant, restoreTenant } from './tenant-removal.js';
import { isUpdatedSince, withoutZone } from './times.js';
import { shortened, tenantView } from './views.js';
import { now, type World } from './world.js';

const childKinds: Record<string, readonly string[]> = {
  root: ['partner', 'customer', 'folder'],
  partner: ['partner', 'folder', 'customer'],
  folder: ['partner', 'customer'],
  customer: ['unit'],
  unit: ['unit'],
};

function create({ world, body, caller }: Call) {
  const name = required(body, 'name').trim();
  const kind = required(body, 'kind');
  const parent = world.accessibleTenant(required(body, 'parent_id').toLowerCase(), caller.tenantId);
  const tag = body['internal_tag'];
  if (typeof tag === 'string' && tag.length > 256) throw badRequest('internal_tag is longer than 256 characters');
  if (!['partner', 'folder', 'customer', 'unit'].includes(kind)) throw badRequest(`unknown kind ${kind}`);
  if (!world.isEnabled(parent.id)) throw badRequest('parent tenant is disabled', 1003);
  if (parent.owner_id !== null || childKinds[parent.kind]?.includes(kind) !== true)
    throw badRequest(`a ${parent.kind} may not contain a ${kind}`, 1027);
  checkTenantName(world, name);
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

function list(call: Call) {
  const { world, caller } = call;
  const query = applyCursor(call.query);
  const items = selected(world, query, caller.tenantId).filter(isUpdatedSince(query)).filter(isVisible);
  const shown = page(items, query, 5000, (tenant) => listed(world, tenant, query));
  return ok({ ...shown, timestamp: withoutZone(now()) });
}

const stamps = ['id', 'parent_id', 'version', 'created_at', 'updated_at', 'deleted_at', 'contacts', 'offering_items'];
const levels: Record<string, readonly string[]> = { stamps, basic: [...stamps, 'name', 'kind', 'enabled'] };

/** A list can show tenants in short form, with their contacts and with their items. */
function listed(world: World, tenant: Tenant, query: URLSearchParams): Json {
  const view = tenantView(world, tenant);
  const items = query.get('with_offering_items') === 'true' ? shownItems(world, tenant) : [];
  const contacts = query.get('with_contacts') === 'true' ? [view['contact']] : [];
  const shown = { ...view, contacts, offering_items: items.filter(({ type }) => type === 'count') };
  return shortened(shown, levels[query.get('lod') ?? 'full']);
}

function selected(world: World, query: URLSearchParams, callerId: string): Tenant[] {
  const uuids = listOf(query, 'uuids');
  const parent = query.get('parent_id');
  const top = query.get('subtree_root_id');
  const deleted = query.get('allow_deleted') === 'true';
  if ([uuids ?? null, parent, top].filter((one) => one !== null).length !== 1)
    throw badRequest("Field validation for 'uuids' failed on the 'required_without_all' tag");
  if (parent !== null) return world.children(world.accessibleTenant(parent, callerId).id, deleted);
  if (top !== null) return world.visibleSubtree(world.visibleTenant(top, callerId, deleted).id, callerId, deleted);
  if (uuids!.length > 100) throw badRequest('at most 100 uuids');
  return uuids!.flatMap((id) => {
    const tenant = world.tenants.get(id);
    return tenant === undefined || (tenant.deleted_at !== null && !deleted)
      ? []
      : [world.visibleTenant(id, callerId, deleted)];
  });
}

function get(call: Call) {
  const tenant = call.world.visibleTenant(idOf(call), call.caller.tenantId, call.query.get('allow_deleted') === 'true');
  if (!isVisible(tenant)) throw notFound('tenant');
  return ok(tenantView(call.world, tenant));
}

function children(call: Call) {
  const { world, caller } = call;
  const query = applyCursor(call.query);
  const { id } = world.accessibleTenant(idOf(call), caller.tenantId);
  const found = world.children(id, query.get('allow_deleted') === 'true').filter(isVisible);
  const order = query.get('order') ?? 'name';
  if (!order.endsWith('as_is')) found.sort((a, b) => a.name.localeCompare(b.name));
  if (order.startsWith('-')) found.reverse();
  return ok(page(found, query, 5000, (child) => child.id));
}

function users(call: Call) {
  const { id } = call.world.accessibleTenant(idOf(call), call.caller.tenantId);
  const found = call.world.existingUsers().filter((user) => user.tenant_id === id);
  return ok({ items: found.map((user) => user.id) });
}

/** Gives the number for each UUID and the UUID for each number; the newer APIs use numbers. */
function resolveIds({ world, body, caller }: Call) {
  if (!Array.isArray(body['items'])) throw badRequest('field items is required');
  const items = (body['items'] as { id?: unknown; uuid?: unknown }[]).map(({ id, uuid }) => {
    const found = typeof uuid === 'string' ? world.tenants.get(uuid) : world.byNumber(String(id));
    if (found === undefined) throw notFound('tenant');
    const tenant = world.visibleTenant(found.id, caller.tenantId);
    return { id: String(tenant.numericId), uuid: tenant.id };
  });
  return ok({ items });
}

export const tenantRoutes = [
  route('POST /tenants', create),
  route('GET /tenants', list),
  route('POST /tenants:resolve_ids', resolveIds),
  route('GET /tenants/{id}', get),
  route('PUT /tenants/{id}', (call) => ok(tenantView(call.world, changeTenant(call)))),
  route('PUT /tenants/{id}/default_idp', (call) => ok(tenantView(call.world, changeIdentityProvider(call)))),
  route('DELETE /tenants/{id}', removeTenant),
  route('POST /tenants/{id}/restore', restoreTenant),
  route('GET /tenants/{id}/children', children),
  route('GET /tenants/{id}/users', users),
];
