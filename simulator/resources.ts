import { badRequest, notFound } from './errors.js';
import { matchesFilters, sortItems } from './filters.js';
import { pageWithBothCursors, applyCursor } from './paging.js';
import { protectionOf } from './protection.js';
import { isVisible } from './delays.js';
import { noContent, idOf, ok, required, route, type Call, type Json } from './router.js';
import { now, type World } from './world.js';

export interface Resource {
  id: string;
  tenantId: string;
  name: string;
  user_defined_name: string | null;
  type: string;
  agent_id: string | null;
  parent_group_ids: string[];
  allowed_member_types: string[];
  group_condition: string | null;
  attributes: Json[];
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
  hiddenReads: number;
}

function view(world: World, { tenantId, hiddenReads: _hidden, ...resource }: Resource): Json {
  const tenant = String(world.tenants.get(tenantId)!.numericId);
  return {
    ...resource,
    external_id: `${resource.id}@${tenant}`,
    cti: null,
    tenant_id: tenant,
    is_static: resource.group_condition === null,
    tag: null,
    aggregation_status: 'ok',
  };
}

function bare({ attributes: _attributes, ...resource }: Json): Json {
  return resource;
}

function selected({ world, caller }: Call, query: URLSearchParams): Resource[] {
  const deleted = query.get('include_deleted') === 'true';
  const [text, member] = [query.get('search')?.toLowerCase(), query.get('has_member_id')];
  const found = [...world.resources.values()]
    .filter(
      (one) =>
        (deleted || one.deleted_at === null) && world.isAccessible(one.tenantId, caller.tenantId) && isVisible(one),
    )
    .filter(({ id, type, agent_id, tenantId }) => {
      const numericId = world.tenants.get(tenantId)!.numericId;
      return matchesFilters(query, { type, resource_id: id, agent_id, tenant_id: numericId });
    })
    .filter(({ parent_group_ids }) =>
      parent_group_ids.concat('').some((parent_id) => matchesFilters(query, { parent_id })),
    )
    .filter(({ name }) => text === undefined || name.toLowerCase().includes(text))
    .filter((group) => member === null || isMember(group, world.resources.get(member)));
  return sortItems(found as (Resource & Json)[], query.get('order'));
}

/** A dynamic group contains the machines of its tenant whose name matches its condition. */
function isMember({ tenantId, group_condition }: Resource, machine: Resource | undefined): boolean {
  if (group_condition === null || machine === undefined || machine.tenantId !== tenantId) return false;
  return machine.name.toLowerCase().startsWith(group_condition.replace(/\*$/, '').toLowerCase());
}

function list(call: Call) {
  const query = applyCursor(call.query);
  const { items, paging } = pageWithBothCursors(selected(call, query), query);
  const shown = items.map((one) => view(call.world, one));
  return ok({ items: query.get('include_attributes') === 'true' ? shown : shown.map(bare), paging });
}

function statuses(call: Call) {
  const query = applyCursor(call.query);
  const machines = selected(call, query).filter(({ type }) => !type.startsWith('resource.group.'));
  const { items, paging } = pageWithBothCursors(machines, query);
  return ok({
    items: items.map((one) => ({ context: bare(view(call.world, one)), ...protectionOf(call.world, one.id) })),
    paging,
  });
}

function find(call: Call): Resource {
  const resource = call.world.resources.get(idOf(call));
  if (resource === undefined || resource.deleted_at !== null || !isVisible(resource)) throw notFound('resource');
  call.world.accessibleTenant(resource.tenantId, call.caller.tenantId);
  return resource;
}

/** Creates a group; only an agent can add machines. Each call creates another group. */
function create(call: Call, body: Json) {
  const { world, caller } = call;
  const type = required(body, 'type');
  if (!type.startsWith('resource.group.')) throw badRequest('only groups can be made here');
  const named = body['tenant_id'];
  const tenantId = typeof named === 'string' ? (world.byNumber(named)?.id ?? named) : caller.tenantId;
  const at = now();
  const resource: Resource = {
    id: typeof body['id'] === 'string' ? body['id'] : world.newId(),
    tenantId: world.accessibleTenant(tenantId, caller.tenantId).id,
    name: required(body, 'name'),
    user_defined_name: (body['user_defined_name'] as string | undefined) ?? null,
    type,
    agent_id: null,
    parent_group_ids: (body['parent_group_ids'] as string[] | undefined) ?? [],
    allowed_member_types: (body['allowed_member_types'] as string[] | undefined) ?? [],
    group_condition: (body['group_condition'] as string | undefined) ?? null,
    attributes: [],
    created_at: at,
    updated_at: at,
    deleted_at: null,
    hiddenReads: 0,
  };
  world.resources.set(resource.id, resource);
  world.createdByCall.push(resource);
}

function change(call: Call) {
  const resource = find(call);
  for (const field of ['name', 'user_defined_name', 'group_condition'] as const)
    if (typeof call.body[field] === 'string') resource[field] = call.body[field];
  resource.updated_at = now();
  return noContent;
}

function remove(call: Call) {
  find(call).deleted_at = now();
  return noContent;
}

export const resourceRoutes = [
  route('GET /resources', list),
  route('POST /resources', (call) => {
    create(call, call.body);
    return noContent;
  }),
  route('POST /resources/batch', (call) => {
    if (!Array.isArray(call.body['items'])) throw badRequest('field items is required');
    for (const item of call.body['items'] as Json[]) create(call, item);
    return noContent;
  }),
  route('GET /resources/count', (call) => ok({ count: selected(call, call.query).length })),
  route('GET /resources/{id}', (call) => ok(view(call.world, find(call)))),
  route('GET /resources/{id}/attributes', (call) => ok({ items: find(call).attributes })),
  route('PATCH /resources/{id}', change),
  route('DELETE /resources/{id}', remove),
  route('GET /resource_statuses', statuses),
];
