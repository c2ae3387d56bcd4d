import { collect, normalizeId } from '../acronis/index.js';
import type { Acronis, PlanApplication, Policy, Resource } from '../acronis/index.js';
import { MOST_RESOURCES } from '../workflows/plan-applications/contract.js';
import type { PlanApplicationName, ResourceRefs, PlanOrResourceRef } from '../workflows/plan-applications/contract.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { reject } from './failures.js';
import { PLAN_ROOT } from './plan-settings.js';

interface FindSpec extends TenantSpec {
  plan: PlanOrResourceRef;
  resources: ResourceRefs;
  purpose: PlanApplicationName;
}

/** A resource, and whether it has the plan. */
export interface PlanResource {
  id: string;
  applied: boolean;
  /** True while a backup of this plan runs. */
  running: boolean;
  /** When the last backup began, as the platform says it. */
  lastRun: string | null;
}

/** A plan, and the resources that an order names. */
export interface PlanResources {
  planId: string;
  resources: PlanResource[];
}

export function createPlanResourceActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the plan and the resources of the customer that an order names, which of them have the plan, and which are
     * running it. Changes nothing. Fails with `Acronis.Rejected` when a name or id fits none or several, and when a
     * resource that must run the plan does not have it.
     */
    findPlanPlaces: activity.look(dependencies, findPlanPlaces),
  };
}

async function findPlanPlaces(
  { tenantId, plan, resources, purpose }: FindSpec,
  { acronis }: Attempt,
): Promise<Outcome<PlanResources>> {
  const customer = acronis.scopedTo(tenantId);
  const root = await planMeant(customer, tenantId, plan);
  const [there, seen] = await Promise.all([
    collect(customer.resources.list()),
    findResourcesWithPlan(customer, root.id),
  ]);
  const own = there.filter(({ tenant_id }) => root.tenant_id === null || tenant_id === root.tenant_id);
  const meant = resources === 'all' ? everyOne(own, seen, purpose) : resources.map((ref, at) => one(own, ref, at));
  const ids = [...new Set(meant)];
  if (ids.length > MOST_RESOURCES)
    throw reject(`resources: ${ids.length} are meant; name at most ${MOST_RESOURCES} at a time`);
  const found = ids.map((id) => seen.get(id) ?? { id, applied: false, running: false, lastRun: null });
  const bare = found.find(({ applied }) => !applied);
  if (purpose === 'runPlan' && bare !== undefined)
    throw reject(`resources: ${nameOf(own, bare.id)} does not have the plan; apply it first`);
  return { result: { planId: root.id, resources: found } };
}

/** The root policy of the plan. */
async function planMeant(customer: Acronis, tenantId: string, ref: PlanOrResourceRef): Promise<Policy> {
  const plans = await collect(customer.plans.list({ type: PLAN_ROOT, tenantId }));
  return only(
    plans.flatMap(([root]) => root ?? []),
    ref,
    { field: 'plan', what: 'plan' },
  );
}

function one(own: readonly Resource[], ref: PlanOrResourceRef, at: number): string {
  return only(own, ref, { field: `resources.${at}`, what: 'resource' }).id;
}

/** The machines of the customer, or the resources that have the plan. */
function everyOne(own: readonly Resource[], seen: ReadonlyMap<string, PlanResource>, purpose: PlanApplicationName) {
  const machines = own.filter(({ type }) => type === 'resource.machine').map(({ id }) => id);
  const meant = purpose === 'applyPlan' ? machines : [...seen.keys()];
  if (meant.length > 0 || purpose === 'revokePlan') return meant;
  throw reject(
    purpose === 'applyPlan'
      ? 'resources: the customer has no machine yet; install an agent first'
      : 'resources: the plan is on nothing yet; apply it first',
  );
}

interface Named {
  id: string;
  name: string | null;
  user_defined_name?: string | null;
}

function only<T extends Named>(
  things: readonly T[],
  ref: PlanOrResourceRef,
  { field, what }: { field: string; what: string },
): T {
  const [by, wanted] = 'id' in ref ? (['id', normalizeId(ref.id)] as const) : (['name', ref.name] as const);
  const words = ({ id, name, user_defined_name }: T) =>
    by === 'id' ? [id] : [name?.trim(), user_defined_name?.trim()];
  const fitting = things.filter((thing) => words(thing).includes(wanted));
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first;
  const said = `${field}.${by}: ${JSON.stringify(wanted)}`;
  if (first === undefined) throw reject(`${said} fits no ${what} of this customer`);
  const ids = fitting.slice(0, 5).map(({ id }) => id);
  throw reject(`${said} fits ${fitting.length} ${what}s (${ids.join(', ')}…); name one by its id`);
}

/**
 * The resources that have the plan, by id. It lists without a filter: the parts of a plan show what is running, and the
 * vendor does not publish whether a filter by the root lists the parts.
 */
export async function findResourcesWithPlan(customer: Acronis, planId: string): Promise<Map<string, PlanResource>> {
  const found = new Map<string, PlanResource>();
  for await (const applications of customer.planApplications.list()) {
    const parts = applications.filter(({ policy }) => policy.id === planId || policy.parent_ids.includes(planId));
    if (parts[0] !== undefined) found.set(parts[0].context.id, toPlanResource(parts[0].context.id, parts));
  }
  return found;
}

function toPlanResource(id: string, parts: readonly PlanApplication[]): PlanResource {
  const backup = parts.find(({ policy }) => policy.type?.startsWith('policy.backup.'));
  const running = (backup?.running?.state ?? 'idle') !== 'idle';
  return { id, applied: true, running, lastRun: backup?.last_runtime ?? null };
}

function nameOf(own: readonly Resource[], id: string): string {
  return JSON.stringify(own.find((resource) => resource.id === id)?.name ?? id);
}
