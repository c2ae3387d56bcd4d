import { normalizeId, type Acronis, type PlanApplication, type Policy, type Resource } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { MOST_RESOURCES } from '../workflows/plan-applications/contract.js';
import type { PlanApplicationName, ResourceRefs, ThingRef } from '../workflows/plan-applications/contract.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { PLAN_ROOT } from './plan-settings.js';

interface PlacesSpec {
  cloud: string;
  tenantId: string;
  plan: ThingRef;
  resources: ResourceRefs;
  purpose: PlanApplicationName;
}

/** One resource as a plan finds it. */
export interface PlanPlace {
  id: string;
  applied: boolean;
  /** A backup of this plan is under way. */
  running: boolean;
  /** When the last one began, as the platform tells it. */
  lastRun: string | null;
}

/** A plan, and how it stands with the resources that are meant. */
export interface PlanPlaces {
  planId: string;
  resources: PlanPlace[];
}

export function createPlanPlaceActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the one plan and the resources of the customer that are meant, and tells which of them have the plan and which are running it.
     * Changes nothing. Fails with `Acronis.Rejected` when a name or id fits none or several, and when what is to be run is not applied.
     */
    findPlanPlaces: activity(dependencies, patience.look, findPlanPlaces),
  };
}

async function findPlanPlaces(
  { tenantId, plan, resources, purpose }: PlacesSpec,
  { acronis }: Attempt,
): Promise<Found<PlanPlaces>> {
  const customer = acronis.scopedTo(tenantId);
  const root = await planMeant(customer, tenantId, plan);
  const [there, seen] = await Promise.all([all(customer.resources.list()), placesOf(customer, root.id)]);
  const own = there.filter(({ tenant_id }) => root.tenant_id === null || tenant_id === root.tenant_id);
  const meant = resources === 'all' ? everyOne(own, seen, purpose) : resources.map((ref, at) => one(own, ref, at));
  const ids = [...new Set(meant)];
  if (ids.length > MOST_RESOURCES)
    throw rejected(`resources: ${ids.length} are meant; name at most ${MOST_RESOURCES} at a time`);
  const places = ids.map((id) => seen.get(id) ?? { id, applied: false, running: false, lastRun: null });
  const bare = places.find(({ applied }) => !applied);
  if (purpose === 'runPlan' && bare !== undefined)
    throw rejected(`resources: ${nameOf(own, bare.id)} does not have the plan; apply it first`);
  return { result: { planId: root.id, resources: places } };
}

/** The root policy of the plan. */
async function planMeant(customer: Acronis, tenantId: string, ref: ThingRef): Promise<Policy> {
  const plans = await all(customer.plans.list({ type: PLAN_ROOT, tenantId }));
  return only(
    plans.flatMap(([root]) => root ?? []),
    ref,
    { field: 'plan', what: 'plan' },
  );
}

function one(own: readonly Resource[], ref: ThingRef, at: number): string {
  return only(own, ref, { field: `resources.${at}`, what: 'resource' }).id;
}

/** The machines of the customer, or those that have the plan. */
function everyOne(own: readonly Resource[], seen: ReadonlyMap<string, PlanPlace>, purpose: PlanApplicationName) {
  const machines = own.filter(({ type }) => type === 'resource.machine').map(({ id }) => id);
  const meant = purpose === 'applyPlan' ? machines : [...seen.keys()];
  if (meant.length > 0 || purpose === 'revokePlan') return meant;
  throw rejected(
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
  ref: ThingRef,
  { field, what }: { field: string; what: string },
): T {
  const [by, wanted] = 'id' in ref ? (['id', normalizeId(ref.id)] as const) : (['name', ref.name] as const);
  const words = ({ id, name, user_defined_name }: T) =>
    by === 'id' ? [id] : [name?.trim(), user_defined_name?.trim()];
  const fitting = things.filter((thing) => words(thing).includes(wanted));
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first;
  const said = `${field}.${by}: ${JSON.stringify(wanted)}`;
  if (first === undefined) throw rejected(`${said} fits no ${what} of this customer`);
  const ids = fitting.slice(0, 5).map(({ id }) => id);
  throw rejected(`${said} fits ${fitting.length} ${what}s (${ids.join(', ')}…); name one by its id`);
}

/**
 * The resources that have the plan, by id. Listed without a filter: whether the vendor lists the parts of a plan when asked for its root is
 * not published, and the parts tell what is running.
 */
export async function placesOf(customer: Acronis, planId: string): Promise<Map<string, PlanPlace>> {
  const places = new Map<string, PlanPlace>();
  for await (const applications of customer.planApplications.list()) {
    const parts = applications.filter(({ policy }) => policy.id === planId || policy.parent_ids.includes(planId));
    if (parts[0] !== undefined) places.set(parts[0].context.id, placeOf(parts[0].context.id, parts));
  }
  return places;
}

function placeOf(id: string, parts: readonly PlanApplication[]): PlanPlace {
  const backup = parts.find(({ policy }) => policy.type?.startsWith('policy.backup.'));
  const running = (backup?.running?.state ?? 'idle') !== 'idle';
  return { id, applied: true, running, lastRun: backup?.last_runtime ?? null };
}

function nameOf(own: readonly Resource[], id: string): string {
  return JSON.stringify(own.find((resource) => resource.id === id)?.name ?? id);
}

async function all<T>(listed: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listed) items.push(item);
  return items;
}

function rejected(sentence: string) {
  return refuse(FailureType.Rejected, sentence);
}
