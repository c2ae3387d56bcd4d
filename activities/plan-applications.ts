import type { Acronis } from '../acronis/index.js';
import type { ManyEffects, UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain } from './looking-again.js';
import { changedOf, oneAfterAnother } from './many.js';
import { placesOf, type PlanPlace } from './plan-places.js';

interface Applying {
  cloud: string;
  tenantId: string;
  planId: string;
  resourceIds: string[];
}

/** How a step is tried: after a try that failed, a person may have done meanwhile what is left. */
interface Trying {
  look?: boolean;
  unsure?: boolean;
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
    /**
     * Puts the plan on the resources, a hundred at a time. Safe to repeat: what is applied stays as it is, and any try but the first (`look`) goes
     * on with those that still lack it. What others have done by then is not this run's.
     */
    applyPlan: activity(dependencies, patience.change, applyPlan),
    /**
     * Takes the plan off the resources, one by one; what it has backed up stays. Safe to repeat: any try but the first (`look`) goes on with those
     * that still have it. What others have done by then is not this run's.
     */
    revokePlan: activity(dependencies, patience.change, revokePlan),
    /**
     * Starts the plan on the resources. Each call would start it once more, so any try but the first leaves those alone on which it has begun
     * since the order looked. Where nothing shows yet that a lost call had worked, a second backup may follow the first.
     */
    runPlan: activity(dependencies, patience.change, runPlan),
    /** Takes the plan off again where this run has put it, or may have when its answer was lost. Safe to repeat. */
    takePlanOff: activity(dependencies, patience.undo, takePlanOff),
    /** Puts the plan back where this run has taken it off, or may have when its answer was lost. Safe to repeat. */
    putPlanBack: activity(dependencies, patience.undo, putPlanBack),
    /** Names the backups that this run has begun, since nothing stops them. Changes nothing. */
    accountForPlanRun: activity(dependencies, patience.undo, accountForPlanRun),
  };
}

/** What came of a change to many resources. */
interface Changed extends ManyEffects {
  warnings: string[];
}

async function applyPlan(
  { tenantId, planId, resourceIds, look = false, ...before }: Applying & Trying,
  attempt: Attempt,
): Promise<Found<Changed>> {
  const customer = attempt.acronis.scopedTo(tenantId);
  const there = look || !attempt.first ? await withPlan(customer, planId, resourceIds) : [];
  const left = resourceIds.filter((id) => !there.includes(id));
  const warnings = new Set<string>();
  const came = await oneAfterAnother(attempt, inParts(left), async (some) => {
    for (const issue of await customer.planApplications.apply(planId, some)) warnings.add(issue);
  });
  return changedOrFound(left, { ...came, warnings: [...warnings] }, mayBeDone({ look, ...before }, attempt));
}

async function revokePlan(
  { tenantId, planId, resourceIds, look = false, ...before }: Applying & Trying,
  attempt: Attempt,
): Promise<Found<Changed>> {
  const customer = attempt.acronis.scopedTo(tenantId);
  const left = look || !attempt.first ? await withPlan(customer, planId, resourceIds) : resourceIds;
  const warnings = new Set<string>();
  const came = await oneAfterAnother(attempt, inParts(left, 1), async ([id]) => {
    for (const issue of await customer.planApplications.revoke(planId, id!)) warnings.add(issue);
  });
  return changedOrFound(left, { ...came, warnings: [...warnings] }, mayBeDone({ look, ...before }, attempt));
}

/** Where nothing was left to be changed, an earlier try has changed some, or others have changed all. */
function changedOrFound(left: readonly string[], result: Changed, mayBeOurs: boolean): Found<Changed> {
  return left.length > 0 ? { result } : { result, adopted: true, changed: mayBeOurs || result.ids.length > 0 };
}

async function withPlan(customer: Acronis, planId: string, resourceIds: readonly string[]): Promise<string[]> {
  const places = await placesOf(customer, planId);
  return resourceIds.filter((id) => places.has(id));
}

async function runPlan(
  { tenantId, planId, resources, ...before }: Running & { look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<Changed>> {
  const customer = attempt.acronis.scopedTo(tenantId);
  const begun = before.look || !attempt.first ? await begunOn(customer, planId, resources) : [];
  const waiting = resources.map(({ id }) => id).filter((id) => !begun.includes(id));
  const came = await oneAfterAnother(attempt, inParts(waiting), async (some) =>
    customer.planApplications.run(planId, some),
  );
  return changedOrFound(waiting, { ...came, warnings: [] }, mayBeDone(before, attempt));
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

interface Reversing extends Applying {
  /** Where the run is known to have changed anything. */
  came?: ManyEffects | null;
  doubted?: boolean;
  unsure: boolean;
}

async function takePlanOff(spec: Reversing, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { planApplications } = attempt.acronis.scopedTo(spec.tenantId);
  return await reverse(spec, attempt, true, async (ids) => {
    for (const id of ids) await planApplications.revoke(spec.planId, id);
  });
}

async function putPlanBack(spec: Reversing, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { planApplications } = attempt.acronis.scopedTo(spec.tenantId);
  return await reverse(spec, attempt, false, async (ids) => {
    for (const some of inParts(ids)) await planApplications.apply(spec.planId, some);
  });
}

/** `applied` is how it stands with the resources that the run has changed. */
async function reverse(
  spec: Reversing,
  attempt: Attempt,
  applied: boolean,
  act: (resourceIds: readonly string[]) => Promise<void>,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const { tenantId, planId, unsure } = spec;
  const ours = changedOf(spec, spec.resourceIds);
  const look = async () => {
    const places = await placesOf(acronis.scopedTo(tenantId), planId);
    const changed = ours.filter((id) => places.has(id) === applied);
    return changed.length > 0 ? changed : undefined;
  };
  const changed = unsure ? await lookAgain(attempt, look) : await look();
  if (changed === undefined) return { result: { undone: memory.removing === true, leftovers: [] } };
  memory.removing = true;
  remember();
  await act(changed);
  return { result: { undone: true, leftovers: [] } };
}

async function accountForPlanRun(
  { tenantId, planId, resources, ...known }: Running & Pick<Reversing, 'came' | 'doubted' | 'unsure'>,
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { unsure } = known;
  const ids = resources.map(({ id }) => id);
  const ours = changedOf(known, ids);
  const look = async () => {
    const begun = await begunOn(attempt.acronis.scopedTo(tenantId), planId, resources);
    const own = begun.filter((id) => ours.includes(id));
    return own.length > 0 ? own : undefined;
  };
  const begun = unsure ? await lookAgain(attempt, look) : await look();
  if (begun === undefined) return { result: { undone: false, leftovers: [] } };
  const reason = `it has begun on ${begun.length} resource(s), and is not stopped`;
  return { result: { undone: false, leftovers: [{ kind: 'plan', id: planId, reason }] } };
}

function inParts(ids: readonly string[], size = MOST_PER_CALL): string[][] {
  const parts = Math.ceil(ids.length / size);
  return Array.from({ length: parts }, (_, at) => ids.slice(at * size, (at + 1) * size));
}
