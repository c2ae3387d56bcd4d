import { notFound } from './errors.js';
import { matchesFilters } from './filters.js';
import { pageWithBothCursors, applyCursor } from './paging.js';
import { findAnyPlan, findPlan, savePlan, type Plan } from './plans.js';
import { isVisible } from './delays.js';
import { noContent, flag, idOf, listOf, ok, route, type Call, type Json } from './router.js';
import { now, type World } from './world.js';

function view(world: World, { id, policies }: Plan, query: URLSearchParams): Json {
  const settings = query.get('include_settings') === 'true';
  const applied = [...world.assignments.values()].filter(({ planId }) => planId === id);
  const context = query.get('include_applied_context') === 'true' ? applied.map(({ resourceId }) => resourceId) : [];
  return {
    policy: policies.map(({ settings: set, ...policy }) => (settings ? { ...policy, settings: set } : policy)),
    context: { items: [...new Set(context)] },
  };
}

function list(call: Call) {
  const { world, caller } = call;
  const query = applyCursor(call.query);
  const contexts = listOf(query, 'applicable_to_context_id');
  const tenants = contexts?.map((id) => world.resources.get(id)?.tenantId);
  const found = [...world.plans.values()]
    .filter((plan) => world.isAccessible(plan.tenantId, caller.tenantId) && isVisible(plan))
    .filter((plan) => tenants === undefined || tenants.includes(plan.tenantId))
    .filter((plan) => isAsked(world, plan, query));
  const { items, paging } = pageWithBothCursors(found, query);
  const cursors = { ...(paging['cursors'] as Json), total: found.length };
  return ok({ items: items.map((plan) => view(world, plan, query)), paging: { cursors } });
}

function isAsked(world: World, { tenantId, policies }: Plan, query: URLSearchParams): boolean {
  const { numericId } = world.tenants.get(tenantId)!;
  const text = query.get('search')?.toLowerCase();
  const ofTenant = [String(numericId), tenantId].some((tenant_id) => matchesFilters(query, { tenant_id }));
  const ofPolicy = policies.some(({ id, type, enabled }) =>
    matchesFilters(query, { policy_id: id, type, types: type, enabled: enabled === true }),
  );
  const named = text === undefined || policies[0]!.name.toLowerCase().includes(text);
  return ofTenant && ofPolicy && named;
}

function create(call: Call) {
  return ok({ result: savePlan(call).policies.map(({ id, type }) => `${id}@${type}`) });
}

const changeable = ['name', 'comment', 'settings', 'enabled', 'default', 'favorite', 'favorite_order'];

/** Merges the sent fields into the policies with the same ids. */
function change(call: Call) {
  const plan = findPlan(call, idOf(call));
  const { policy = [] } = (call.body['subject'] ?? {}) as { policy?: Json[] };
  for (const sent of policy) {
    const target = plan.policies.find(({ id }) => id === (sent['id'] ?? idOf(call)));
    if (target === undefined) throw notFound('policy');
    for (const field of changeable) if (field in sent) target[field] = sent[field];
    if ('enabled' in sent) target['enabled'] = flag(sent['enabled']);
    target['updated_at'] = now();
  }
  return noContent;
}

/** Deletes whole plans and their applications. */
function remove(call: Call, ids: readonly string[]) {
  const { world } = call;
  for (const id of ids) {
    const plan = findAnyPlan(call, id);
    world.plans.delete(plan.id);
    for (const one of world.assignments.values()) if (one.planId === plan.id) world.assignments.delete(one.id);
  }
  return noContent;
}

export const policyRoutes = [
  route('GET /policies', list),
  route('POST /policies', create),
  route('GET /policies/{id}', (call) => ok(view(call.world, findPlan(call, idOf(call)), call.query))),
  route('PATCH /policies/{id}', change),
  route('DELETE /policies/{id}', (call) => remove(call, [idOf(call)])),
  route('DELETE /policies', (call) => remove(call, listOf(call.query, 'policy_id') ?? [])),
];
