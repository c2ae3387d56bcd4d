import type { Acronis } from '../acronis/index.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain } from './looking-again.js';
import { placesOf, type PlanPlace } from './plan-places.js';

interface Applying {
  cloud: string;
  tenantId: string;
  planId: string;
  resourceIds: string[];
}

interface Running {
  cloud: string;
  tenantId: string;
  planId: string;
  /** As they were before. */
  resources: Pick<PlanPlace, 'id' | 'lastRun'>[];
}

const MOST_PER_CALL = 100;

/** All in the scope of the customer, to whom plans belong. */
export function createPlanApplicationActivities(dependencies: ActivityDependencies) {
  return {
    /** Puts the plan on the resources, a hundred at a time. Safe to repeat: what is applied stays as it is. */
    applyPlan: activity(dependencies, patience.change, applyPlan),
    /**
     * Takes the plan off the resources, one by one; what it has backed up stays. Safe to repeat: any try but the first goes on with those that
     * still have it.
     */
    revokePlan: activity(dependencies, patience.change, revokePlan),
    /**
     * Starts the plan on the resources. Each call would start it once more, so any try but the first leaves those alone on which it has begun
     * since the order looked. Where nothing shows yet that a lost call had worked, a second backup may follow the first.
     */
    runPlan: activity(dependencies, patience.change, runPlan),
    /** Takes the plan off again where this run has put it. Safe to repeat. */
    takePlanOff: activity(dependencies, patience.undo, takePlanOff),
    /** Puts the plan back where this run has taken it off. Safe to repeat. */
    putPlanBack: activity(dependencies, patience.undo, putPlanBack),
    /** Names the backups that this run has begun, since nothing stops them. Changes nothing. */
    accountForPlanRun: activity(dependencies, patience.undo, accountForPlanRun),
  };
}

async function applyPlan({ tenantId, planId, resourceIds }: Applying, { acronis }: Attempt) {
  return { result: { warnings: await apply(acronis.scopedTo(tenantId), planId, resourceIds) } };
}

async function apply(customer: Acronis, planId: string, resourceIds: readonly string[]): Promise<string[]> {
  const warnings = new Set<string>();
  for (const some of inParts(resourceIds))
    for (const issue of await customer.planApplications.apply(planId, some)) warnings.add(issue);
  return [...warnings];
}

async function revokePlan(
  { tenantId, planId, resourceIds }: Applying,
  { acronis, first }: Attempt,
): Promise<Found<{ warnings: string[] }>> {
  const customer = acronis.scopedTo(tenantId);
  const left = first ? resourceIds : await withPlan(customer, planId, resourceIds);
  const result = { warnings: await revoke(customer, planId, left) };
  return left.length > 0 ? { result } : { result, adopted: true, changed: true };
}

async function withPlan(customer: Acronis, planId: string, resourceIds: readonly string[]): Promise<string[]> {
  const places = await placesOf(customer, planId);
  return resourceIds.filter((id) => places.has(id));
}

async function revoke(customer: Acronis, planId: string, resourceIds: readonly string[]): Promise<string[]> {
  const warnings = new Set<string>();
  for (const resourceId of resourceIds)
    for (const issue of await customer.planApplications.revoke(planId, resourceId)) warnings.add(issue);
  return [...warnings];
}

async function runPlan(
  { tenantId, planId, resources, look }: Running & { look: boolean },
  { acronis, first }: Attempt,
): Promise<Found<{ warnings: string[] }>> {
  const customer = acronis.scopedTo(tenantId);
  const result = { warnings: [] };
  const begun = look || !first ? await begunOn(customer, planId, resources) : [];
  const waiting = resources.map(({ id }) => id).filter((id) => !begun.includes(id));
  if (waiting.length === 0) return { result, adopted: true, changed: true };
  for (const some of inParts(waiting)) await customer.planApplications.run(planId, some);
  return { result };
}

/** Of these resources those on which a backup has begun since they were looked at. */
async function begunOn(customer: Acronis, planId: string, resources: Running['resources']): Promise<string[]> {
  const places = await placesOf(customer, planId);
  const has = ({ id, lastRun }: Running['resources'][number]) => {
    const place = places.get(id);
    return place !== undefined && (place.running || place.lastRun !== lastRun);
  };
  return resources.filter(has).map(({ id }) => id);
}

async function takePlanOff(spec: Applying & { unsure: boolean }, attempt: Attempt): Promise<Found<UndoOutcome>> {
  return await reverse(spec, attempt, { applied: true, act: revoke });
}

async function putPlanBack(spec: Applying & { unsure: boolean }, attempt: Attempt): Promise<Found<UndoOutcome>> {
  return await reverse(spec, attempt, { applied: false, act: apply });
}

interface Reversal {
  /** How it stands with the resources that the run has changed. */
  applied: boolean;
  act(customer: Acronis, planId: string, resourceIds: readonly string[]): Promise<unknown>;
}

async function reverse(
  { tenantId, planId, resourceIds, unsure }: Applying & { unsure: boolean },
  attempt: Attempt,
  { applied, act }: Reversal,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const customer = acronis.scopedTo(tenantId);
  const look = async () => {
    const places = await placesOf(customer, planId);
    const changed = resourceIds.filter((id) => places.has(id) === applied);
    return changed.length > 0 ? changed : undefined;
  };
  const changed = unsure ? await lookAgain(attempt, look) : await look();
  if (changed === undefined) return { result: { undone: memory.removing === true, leftovers: [] } };
  memory.removing = true;
  remember();
  await act(customer, planId, changed);
  return { result: { undone: true, leftovers: [] } };
}

async function accountForPlanRun(
  { tenantId, planId, resources, unsure }: Running & { unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const look = async () => {
    const begun = await begunOn(attempt.acronis.scopedTo(tenantId), planId, resources);
    return begun.length > 0 ? begun : undefined;
  };
  const begun = unsure ? await lookAgain(attempt, look) : await look();
  if (begun === undefined) return { result: { undone: false, leftovers: [] } };
  const reason = `it has begun on ${begun.length} resource(s), and is not stopped`;
  return { result: { undone: false, leftovers: [{ kind: 'plan', id: planId, reason }] } };
}

function inParts(ids: readonly string[]): string[][] {
  const parts = Math.ceil(ids.length / MOST_PER_CALL);
  return Array.from({ length: parts }, (_, at) => ids.slice(at * MOST_PER_CALL, (at + 1) * MOST_PER_CALL));
}
