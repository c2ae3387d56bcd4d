import { isAcronisError, type Acronis, type Policy } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Mark } from '../contract/mark.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { derivedId } from './derived-id.js';
import { refuse } from './failures.js';
import { lookAgain } from './looking-again.js';
import { backupSettings, MACHINE_BACKUP, PLAN_ROOT, policiesOf, type PlanWish } from './plan-settings.js';

interface Place {
  cloud: string;
  tenantId: string;
}

interface OwnPlan extends Place {
  mark: Mark;
}

/** All in the scope of the customer, to whom plans belong. */
export function createPlanActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Tells whether the customer has this very plan: same name, same days, time and keeping. Changes nothing. Fails with `Acronis.Taken` when
     * another plan has the name, which is never overwritten.
     */
    findSamePlan: activity(dependencies, patience.look, findSamePlan),
    /** Makes the plan, under ids that come from the mark. Safe to repeat: the same ids are the same plan. */
    ensurePlan: activity(dependencies, patience.change, ensurePlan),
    /** Makes sure that this run's plan is not left. Safe to repeat. One that somebody has applied meanwhile stays, and is named as a leftover. */
    removePlan: activity(dependencies, patience.undo, removePlan),
  };
}

async function findSamePlan(
  { tenantId, plan }: Place & { plan: PlanWish },
  { acronis }: Attempt,
): Promise<Found<{ planId?: string }>> {
  const namesakes: Policy[][] = [];
  for await (const policies of acronis
    .scopedTo(tenantId)
    .plans.list({ type: PLAN_ROOT, tenantId, includeSettings: true }))
    if (policies[0]?.name?.trim() === plan.name) namesakes.push(policies);
  if (namesakes.length === 0) return { result: {} };
  const same = namesakes.find((policies) => says(policies, plan));
  if (same) return { result: { planId: same[0]!.id } };
  throw refuse(
    FailureType.Taken,
    `name: there is another plan ${JSON.stringify(plan.name)} with other settings; choose another name`,
  );
}

/** True when it backs up as wanted. What the platform has added to it does not matter. */
function says(policies: readonly Policy[], { backup }: PlanWish): boolean {
  const part = policies.find(({ type }) => type === MACHINE_BACKUP);
  return part?.enabled === true && contains(part.settings, backupSettings(backup));
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return whole === part;
  if (Array.isArray(part) && (!Array.isArray(whole) || whole.length !== part.length)) return false;
  const there = (whole ?? {}) as Record<string, unknown>;
  return Object.entries(part).every(([name, value]) => contains(there[name], value));
}

async function ensurePlan(
  { tenantId, mark, plan }: OwnPlan & { plan: PlanWish },
  { acronis }: Attempt,
): Promise<Found<{ planId: string; warnings: string[] }>> {
  const { root, backup } = idsOf(mark);
  const { issues } = await acronis.scopedTo(tenantId).plans.create(policiesOf(plan, { root, backup }));
  return { result: { planId: root, warnings: issues } };
}

function idsOf(mark: Mark) {
  return { root: derivedId(mark, 'plan'), backup: derivedId(mark, 'plan backup') };
}

async function removePlan(
  { tenantId, mark, unsure }: OwnPlan & { unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { memory, remember } = attempt;
  const customer = attempt.acronis.scopedTo(tenantId);
  const { root: id } = idsOf(mark);
  const look = () => first(customer.plans.list({ policyId: id, tenantId }));
  const plan = unsure ? await lookAgain(attempt, look) : await look();
  if (plan === undefined) return { result: { undone: memory.removing === true, leftovers: [] } };
  if ((await first(customer.planApplications.list({ policyId: id }))) !== undefined)
    return { result: { undone: false, leftovers: [{ kind: 'plan', id, reason: 'somebody has applied it' }] } };
  memory.removing = true;
  remember();
  await remove(customer, id, tenantId);
  return { result: { undone: true, leftovers: [] } };
}

/** What is "not found" and listed all the same is out of sight, not gone. */
async function remove({ plans }: Acronis, planId: string, tenantId: string): Promise<void> {
  try {
    await plans.remove(planId);
  } catch (error) {
    const gone = isAcronisError(error) && error.kind === 'not-found';
    if (!gone || (await first(plans.list({ policyId: planId, tenantId }))) !== undefined) throw error;
  }
}

async function first<T>(all: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of all) return one;
  return undefined;
}
