import type { Acronis } from '../acronis/index.js';
import type { Leftover } from '../contract/status.js';
import type { ManyEffects } from '../contract/steps.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec, EarlierTries } from './attempt.js';
import { changeInBatches, changedIds } from './batches.js';
import { lookAgainIf, mayBeDone, unlessNone } from './lost-answers.js';
import { bareMachines } from './protected-machines.js';
import { findResourcesWithPlan, type PlanResource } from './plan-resources.js';
import {
  leaveAsIs,
  nothingToUndo,
  outcomeSoFar,
  PERHAPS_BY_OTHERS,
  undoOne,
  type AnsweredStep,
  type UndoResult,
} from './undo.js';

interface ResourcesSpec extends TenantSpec {
  planId: string;
  resourceIds: string[];
}

interface RunSpec extends TenantSpec {
  planId: string;
  /** The resources as they were before. */
  resources: Pick<PlanResource, 'id' | 'lastRun'>[];
}

const MOST_PER_CALL = 100;

/** All calls are made in the scope of the customer, who owns the plans. */
export function createPlanApplicationActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Applies the plan to the resources, a hundred at a time. Safe to repeat: any try but the first changes only the
     * resources that still lack the plan. What others have applied by then does not count as this run's change. With
     * `onlyBare`, every try leaves out the machines that have any plan, and those that are gone.
     */
    applyPlan: activity.change(dependencies, applyPlan),
    /**
     * Revokes the plan from the resources, one by one; the backups stay. Safe to repeat: any try but the first changes
     * only the resources that still have the plan. What others have revoked by then does not count as this run's
     * change.
     */
    revokePlan: activity.change(dependencies, revokePlan),
    /**
     * Starts the plan on the resources. Each call starts it once more, so any try but the first leaves the resources
     * alone on which it has begun since the order looked. A second backup may follow the first when a call without an
     * answer has worked and nothing shows that yet.
     */
    runPlan: activity.change(dependencies, runPlan),
    /** Revokes the plan where this run has applied it, or may have. Safe to repeat. */
    takePlanOff: activity.undo(dependencies, takePlanOff),
    /** Applies the plan again where this run has revoked it, or may have. Safe to repeat. */
    putPlanBack: activity.undo(dependencies, putPlanBack),
    /** Names the backups that this run has begun, because nothing stops them. Changes nothing. */
    accountForPlanRun: activity.undo(dependencies, accountForPlanRun),
  };
}

/** The result of a change to many resources. */
interface Changed extends ManyEffects {
  warnings: string[];
  /** Machines that are gone; absent when it was not asked for, or when there are none. */
  notThere?: string[];
}

interface ApplySpec extends ResourcesSpec {
  /** True when only machines without any plan get it. */
  onlyBare?: boolean;
}

async function applyPlan(spec: ApplySpec & StepTries, attempt: Attempt): Promise<Outcome<Changed>> {
  if (spec.onlyBare !== true) return await applyPlanTo(spec, attempt);
  const { ids, bare } = await bareMachines(attempt.acronis, spec.tenantId);
  const notThere = spec.resourceIds.filter((id) => !ids.includes(id));
  const done = await applyPlanTo({ ...spec, resourceIds: spec.resourceIds.filter((id) => bare.includes(id)) }, attempt);
  return { ...done, result: { ...done.result, ...(notThere.length > 0 && { notThere }) } };
}

async function applyPlanTo(
  { tenantId, planId, resourceIds, ...before }: ResourcesSpec & StepTries,
  attempt: Attempt,
): Promise<Outcome<Changed>> {
  const customer = attempt.acronis.scopedTo(tenantId);
  const tries = earlierTries(before, attempt);
  const there = tries !== 'none' ? await withPlan(customer, planId, resourceIds) : [];
  const left = resourceIds.filter((id) => !there.includes(id));
  const warnings = new Set<string>();
  const came = await changeInBatches(
    attempt,
    inParts(left),
    async (some) => {
      for (const issue of await customer.planApplications.apply(planId, some)) warnings.add(issue);
    },
    again(before, attempt),
  );
  return changedOrFound(left, { ...came, warnings: [...warnings] }, tries);
}

async function revokePlan(
  { tenantId, planId, resourceIds, ...before }: ResourcesSpec & StepTries,
  attempt: Attempt,
): Promise<Outcome<Changed>> {
  const customer = attempt.acronis.scopedTo(tenantId);
  const tries = earlierTries(before, attempt);
  const left = tries !== 'none' ? await withPlan(customer, planId, resourceIds) : resourceIds;
  const warnings = new Set<string>();
  const came = await changeInBatches(
    attempt,
    inParts(left, 1),
    async ([id]) => {
      for (const issue of await customer.planApplications.revoke(planId, id!)) warnings.add(issue);
    },
    again(before, attempt),
  );
  return changedOrFound(left, { ...came, warnings: [...warnings] }, tries);
}

/** What is left after a look, when an earlier try of the step may have changed it. */
function again(before: StepTries, attempt: Attempt) {
  return { maybeDone: before.look === true && mayBeDone(before, attempt) };
}

/** When nothing was left to change, an earlier try has changed some, or others have changed all. */
function changedOrFound(left: readonly string[], result: Changed, tries: EarlierTries): Outcome<Changed> {
  return left.length > 0
    ? { result }
    : { result, adopted: true, changed: tries === 'maybeDone' || result.ids.length > 0 };
}

async function withPlan(customer: Acronis, planId: string, resourceIds: readonly string[]): Promise<string[]> {
  const places = await findResourcesWithPlan(customer, planId);
  return resourceIds.filter((id) => places.has(id));
}

async function runPlan(
  { tenantId, planId, resources, ...before }: RunSpec & StepTries & { look: boolean },
  attempt: Attempt,
): Promise<Outcome<Changed>> {
  const customer = attempt.acronis.scopedTo(tenantId);
  const tries = earlierTries(before, attempt);
  const begun = tries !== 'none' ? await begunOn(customer, planId, resources) : [];
  const waiting = resources.map(({ id }) => id).filter((id) => !begun.includes(id));
  const came = await changeInBatches(attempt, inParts(waiting), async (some) =>
    customer.planApplications.run(planId, some),
  );
  return changedOrFound(waiting, { ...came, warnings: [] }, tries);
}

/** The ids of the resources on which a backup has begun since the order looked. */
async function begunOn(customer: Acronis, planId: string, resources: RunSpec['resources']): Promise<string[]> {
  const places = await findResourcesWithPlan(customer, planId);
  const has = ({ id, lastRun }: RunSpec['resources'][number]) => {
    const place = places.get(id);
    return place !== undefined && (place.running || place.lastRun !== lastRun);
  };
  return resources.filter(has).map(({ id }) => id);
}

type ReversalSpec = ResourcesSpec & AnsweredStep<ManyEffects>;

async function takePlanOff(spec: ReversalSpec, attempt: Attempt): Promise<UndoResult> {
  const { planApplications } = attempt.acronis.scopedTo(spec.tenantId);
  return await reverse(spec, attempt, true, async (ids) => {
    for (const id of ids) await planApplications.revoke(spec.planId, id);
  });
}

async function putPlanBack(spec: ReversalSpec, attempt: Attempt): Promise<UndoResult> {
  const { planApplications } = attempt.acronis.scopedTo(spec.tenantId);
  return await reverse(spec, attempt, false, async (ids) => {
    for (const some of inParts(ids)) await planApplications.apply(spec.planId, some);
  });
}

/** `applied` is whether the resources that the run has changed have the plan now. */
async function reverse(
  spec: ReversalSpec,
  attempt: Attempt,
  applied: boolean,
  act: (resourceIds: readonly string[]) => Promise<void>,
): Promise<UndoResult> {
  const { tenantId, planId, resourceIds, unsure } = spec;
  const { ours, doubtful } = changedIds(spec, resourceIds);
  const find = async () => {
    const withPlan = await findResourcesWithPlan(attempt.acronis.scopedTo(tenantId), planId);
    return unlessNone([...ours, ...doubtful].filter((id) => withPlan.has(id) === applied));
  };
  const leftovers = (ids: readonly string[]): Leftover[] => {
    const stays = doubtful.filter((id) => ids.includes(id));
    const reason = `${applied ? 'applied to' : 'revoked from'} ${stays.join(', ')}: ${PERHAPS_BY_OTHERS}`;
    return stays.length === 0 ? [] : [{ kind: 'plan', id: planId, reason }];
  };
  const isOurs = (id: string) => ours.includes(id);
  return await undoOne(attempt, {
    mayBeLate: unsure,
    find,
    keep: (ids) => (ids.some(isOurs) ? undefined : outcomeSoFar(attempt, leftovers(ids))),
    async act(ids) {
      await act(ids.filter(isOurs));
      return leftovers(ids);
    },
  });
}

async function accountForPlanRun(
  { tenantId, planId, resources, ...step }: RunSpec & AnsweredStep<ManyEffects>,
  attempt: Attempt,
): Promise<UndoResult> {
  const ids = resources.map(({ id }) => id);
  const { ours } = changedIds(step, ids);
  const find = async () => {
    const begun = await begunOn(attempt.acronis.scopedTo(tenantId), planId, resources);
    return unlessNone(begun.filter((id) => ours.includes(id)));
  };
  const begun = await lookAgainIf(step.unsure, attempt, find);
  if (begun === undefined) return { result: nothingToUndo() };
  return { result: leaveAsIs('plan', planId, `it has begun on ${begun.length} resource(s), and is not stopped`) };
}

function inParts(ids: readonly string[], size = MOST_PER_CALL): string[][] {
  const parts = Math.ceil(ids.length / size);
  return Array.from({ length: parts }, (_, at) => ids.slice(at * size, (at + 1) * size));
}
