import { application } from './applications.js';
import { noQuota } from './catalogue.js';
import type { Item } from './entities.js';
import { badRequest } from './errors.js';
import { changeItems } from './offering-item-changes.js';
import { page, applyCursor } from './paging.js';
import { idOf, listOf, ok, route, type Call } from './router.js';
import { itemsOf, itemsAvailableToChild, shownItems } from './tenant-items.js';
import { isUpdatedSince } from './times.js';
import { now } from './world.js';

const MODERN_DEFAULT = 'standard';

/** Without an edition in the query, only the legacy one is listed. Items without an edition are always listed. */
function ofEdition(items: readonly Item[], edition: string | null): Item[] {
  const wanted = edition ?? MODERN_DEFAULT;
  return items.filter((item) => item.edition === null || wanted === '*' || item.edition === wanted);
}

function list(call: Call) {
  const { world, caller, query } = call;
  const { id } = world.visibleTenant(idOf(call), caller.tenantId);
  const items = narrowed(ofEdition(itemsOf(world, id), query.get('edition')), query);
  return ok({ timestamp: now(), items });
}

/** The items of one service of a tenant. */
function listOfService(call: Call) {
  const { id } = call.world.visibleTenant(idOf(call), call.caller.tenantId);
  const service = application(call, 1).id;
  const items = ofEdition(itemsOf(call.world, id), call.query.get('edition'));
  return ok({ timestamp: now(), items: items.filter(({ application_id }) => application_id === service) });
}

function narrowed(items: readonly Item[], query: URLSearchParams): Item[] {
  const usages = listOf(query, 'usage_names');
  const [status, type, infra] = ['status', 'type', 'infra_uuid'].map((name) => query.get(name));
  return items
    .filter((item) => status === null || String(item.status) === status)
    .filter((item) => type === null || item.type === type)
    .filter((item) => infra === null || item.infra_id === infra)
    .filter((item) => usages === undefined || usages.includes(item.usage_name));
}

function available(call: Call) {
  const { world, caller, query } = call;
  const { id } = world.visibleTenant(idOf(call), caller.tenantId);
  const items = ofEdition(itemsAvailableToChild(world, id, query.get('kind') ?? 'customer'), query.get('edition')).map(
    ({ quota, ...item }) => ({ ...item, ...(quota === undefined ? {} : { quota: noQuota() }) }),
  );
  return ok({ timestamp: now(), items });
}

function batch(call: Call) {
  const { world, caller } = call;
  const query = applyCursor(call.query);
  const top = query.get('subtree_root_tenant_id');
  if (top === null) throw badRequest('subtree_root_tenant_id is required');
  const editions = listOf(query, 'editions');
  const names = listOf(query, 'offering_items');
  const deleted = query.get('allow_deleted') === 'true';
  const items = world
    .visibleSubtree(world.visibleTenant(top, caller.tenantId, deleted).id, caller.tenantId, deleted)
    .flatMap((tenant) => narrowed(shownItems(world, tenant), query))
    .filter((item) => editions === undefined || item.edition === null || editions.includes(item.edition))
    .filter((item) => names === undefined || names.includes(item.name))
    .filter(isUpdatedSince(query));
  return ok(page(items, query, 5000));
}

export const offeringItemRoutes = [
  route('GET /tenants/{id}/offering_items', list),
  route('GET /tenants/{id}/applications/{id}/offering_items', listOfService),
  route('GET /tenants/{id}/offering_items/available_for_child', available),
  route('PUT /tenants/{id}/offering_items', changeItems),
  route('GET /tenants/offering_items', batch),
];
