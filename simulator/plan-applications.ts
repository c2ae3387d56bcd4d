import { badRequest, notFound, Refusal } from './errors.js';
import { matchesFilters } from './filters.js';
import { pageWithBothCursors, applyCursor } from './paging.js';
import { findPlan, type Plan } from './plans.js';
import type { Assignment } from './protection.js';
import { isVisible } from './delays.js';
import { noContent, ok, required, route, type Call, type Json } from './router.js';
import { finishRuns, advanceRuns, startRun } from './runs.js';
import { nextRunOf } from './schedules.js';
import { now, type World } from './world.js';

/** Applies a plan to machines: one application for each policy and machine. Existing applications stay as they are. */
export function applyPlan(world: World, plan: Plan, resourceIds: readonly string[]): Assignment[] {
  return resourceIds.flatMap((resourceId) =>
    plan.policies.map((policy) => {
      const same = (one: Assignment) => one.policyId === policy.id && one.resourceId === resourceId;
      const before = [...world.assignments.values()].find(same);
      const made: Assignment = before ?? {
        id: world.newId(),
        planId: plan.id,
        policyId: policy.id,
        policyType: policy.type,
        policyName: policy.name,
        tenantId: plan.tenantId,
        resourceId,
        lastRun: null,
        lastSuccess: null,
        lastResult: null,
        running: false,
        scheduled_at: new Date(world.time()).toISOString(),
        hiddenReads: 0,
      };
      world.assignments.set(made.id, made);
      if (before === undefined) world.createdByCall.push(made);
      return made;
    }),
  );
}

function apply(call: Call) {
  const plan = findPlan(call, required(call.body, 'policy_id'));
  const { items } = (call.body['context'] ?? {}) as { items?: unknown };
  if (!Array.isArray(items) || items.length === 0 || items.length > 100)
    throw badRequest('context.items must name between 1 and 100 resources');
  for (const id of items as string[]) {
    const resource = call.world.resources.get(id);
    if (resource === undefined || resource.deleted_at !== null) throw notFound('resource');
    call.world.accessibleTenant(resource.tenantId, call.caller.tenantId);
    if (resource.tenantId !== plan.tenantId)
      throw new Refusal(422, 'PolicyNotApplicable', 'the plan and the resource belong to different tenants');
  }
  applyPlan(call.world, plan, items as string[]);
  return noContent;
}

function view(world: World, one: Assignment): Json {
  const tenant = String(world.tenants.get(one.tenantId)!.numericId);
  const resource = world.resources.get(one.resourceId);
  const policy = world.plans.get(one.planId)?.policies.find(({ id }) => id === one.policyId);
  return {
    id: one.id,
    agent_id: resource?.agent_id ?? null,
    context: { id: one.resourceId, type: resource?.type ?? 'resource.machine' },
    context_tenant_id: tenant,
    policy: {
      id: one.policyId,
      name: one.policyName,
      type: one.policyType,
      ...(one.policyId === one.planId ? {} : { parent_ids: [one.planId] }),
    },
    enabled: policy?.['enabled'] ?? true,
    running: { state: one.running ? 'running' : 'idle', progress: one.running ? 50 : 0 },
    status: one.lastResult ?? 'idle',
    origin_contexts: [{ id: one.resourceId }],
    last_activity: null,
    last_runtime: one.lastRun,
    next_run_time: nextRunOf(world, one),
    tenant_id: tenant,
  };
}

function selected({ world, caller }: Call, query: URLSearchParams): Assignment[] {
  return [...world.assignments.values()]
    .filter((one) => world.isAccessible(one.tenantId, caller.tenantId) && isVisible(one))
    .filter((one) =>
      matchesFilters(query, {
        context_id: one.resourceId,
        policy_type: one.policyType,
        tenant_id: world.tenants.get(one.tenantId)!.numericId,
        agent_id: world.resources.get(one.resourceId)?.agent_id,
      }),
    )
    .filter((one) => [one.policyId, one.planId].some((policy_id) => matchesFilters(query, { policy_id })));
}

/** The answer has one inner list for each plan and machine. */
function list(call: Call) {
  advanceRuns(call.world);
  const query = applyCursor(call.query);
  const groups = new Map<string, Assignment[]>();
  for (const one of selected(call, query)) {
    const key = `${one.planId}/${one.resourceId}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const { items, paging } = pageWithBothCursors([...groups.values()], query);
  return ok({ items: items.map((group) => group.map((one) => view(call.world, one))), paging, timestamp: now() });
}

/** Revokes plans. A plan that is not applied counts as revoked. */
function revoke(call: Call) {
  const { world, query } = call;
  if (!query.has('context_id') && !query.has('policy_id')) throw badRequest('context_id or policy_id is required');
  const revoked = selected(call, query);
  const wholePlans = new Set(
    revoked
      .filter(({ policyId, planId }) => policyId === planId)
      .map(({ planId, resourceId }) => `${planId}/${resourceId}`),
  );
  for (const one of world.assignments.values())
    if (revoked.includes(one) || wholePlans.has(`${one.planId}/${one.resourceId}`)) world.assignments.delete(one.id);
  return noContent;
}

/** Starts or stops the runs of a policy on machines. A root policy stands for all policies below it. */
function run(call: Call) {
  const { world, body } = call;
  const state = required(body, 'state');
  const plan = findPlan(call, required(body, 'policy_id'));
  const contexts = Array.isArray(body['context_ids']) ? (body['context_ids'] as string[]) : undefined;
  const meant = [...world.assignments.values()]
    .filter(({ planId }) => planId === plan.id)
    .filter(({ policyId, planId }) => [policyId, planId].includes(String(body['policy_id'])))
    .filter(({ resourceId }) => contexts === undefined || contexts.includes(resourceId))
    .filter(({ policyId, planId }) => policyId !== planId);
  if (meant.length === 0) throw notFound('application');
  const enabled = new Set(plan.policies.filter((policy) => policy['enabled'] === true).map(({ id }) => id));
  const startable = meant.filter(({ policyId }) => enabled.has(policyId));
  if (startable.length === 0) throw new Refusal(422, 'PolicyDisabled', 'the policy is disabled');
  if (state === 'running') for (const one of startable.filter(({ running }) => !running)) startRun(world, one);
  else if (state.startsWith('cancel')) for (const one of meant) finishRuns(world, 'cancelled', one);
  else throw badRequest(`unknown state ${state}`);
  return { status: 202 };
}

export const planApplicationRoutes = [
  route('GET /applications', list),
  route('POST /applications', apply),
  route('DELETE /applications', revoke),
  route('PUT /applications/run', run),
];
