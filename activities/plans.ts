import { createHash } from 'node:crypto';
import { firstOf, type Policy } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { markText, type Mark } from '../contract/mark.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { MACHINE_BACKUP, PLAN_ROOT, backupSettings, policiesOf, type PlanWish } from './plan-settings.js';
import { deleteListed } from './seen-deletions.js';
import { beginUndo, leaveAsIs, outcomeSoFar, undoOne, type StepToUndo, type UndoResult } from './undo.js';

/** Never changes: the ids of the plans that were made depend on it. */
const NAMESPACE = Buffer.from('6b0f6a4e1d5f4f0c9a41c2f0d3b87e55', 'hex');

interface OwnPlan extends TenantSpec {
  mark: Mark;
}

/** All calls are made in the scope of the customer, who owns the plans. */
export function createPlanActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds out whether the customer has exactly this plan: the same name, days, time and retention; or the plan `known`,
     * whatever somebody has changed in it. Changes nothing.
     * Fails with `Acronis.Taken` when another plan has the name; it is never overwritten.
     */
    findSamePlan: activity.look(dependencies, findSamePlan),
    /** Makes the plan, with ids that come from the mark. Safe to repeat: the same ids make the same plan. */
    ensurePlan: activity.change(dependencies, ensurePlan),
    /**
     * Removes the plan of this run, also one that no list shows yet. One that somebody has applied stays, and is a leftover.
     * Safe to repeat.
     */
    removePlan: activity.undo(dependencies, removePlan),
  };
}

async function findSamePlan(
  { tenantId, plan, known }: TenantSpec & { plan: PlanWish; known?: string },
  { acronis }: Attempt,
): Promise<Outcome<{ planId?: string | undefined }>> {
  const namesakes: Policy[][] = [];
  for await (const policies of acronis
    .scopedTo(tenantId)
    .plans.list({ type: PLAN_ROOT, tenantId, includeSettings: true }))
    if (policies[0]?.id === known && known !== undefined) return { result: { planId: known } };
    else if (policies[0]?.name?.trim() === plan.name) namesakes.push(policies);
  if (namesakes.length === 0) return { result: {} };
  const same = namesakes.find((policies) => isSamePlan(policies, plan));
  if (same) return { result: { planId: same[0]!.id } };
  throw refuse(
    FailureType.Taken,
    `name: there is another plan ${JSON.stringify(plan.name)} with other settings; choose another name`,
  );
}

/** True when it backs up as ordered. Settings that the platform has added do not matter. */
function isSamePlan(policies: readonly Policy[], { backup }: PlanWish): boolean {
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
): Promise<Outcome<{ planId: string; warnings: string[] }>> {
  const { root, backup } = idsOf(mark);
  const { issues } = await acronis.scopedTo(tenantId).plans.create(policiesOf(plan, { root, backup }));
  return { result: { planId: root, warnings: issues } };
}

function idsOf(mark: Mark) {
  return { root: derivedId(mark, 'plan'), backup: derivedId(mark, 'plan backup') };
}

/** A UUID (version 5) from the mark and a name: a repeat makes the same thing, and an undo finds it. */
function derivedId(mark: Mark, thing: string): string {
  const bytes = createHash('sha1')
    .update(NAMESPACE)
    .update(`${markText(mark)}:${thing}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

interface PlanToRemove extends OwnPlan {
  /** The machines to which the run has begun to apply the plan: they stay protected, also while no list shows it yet. */
  appliedTo?: readonly string[];
}

async function removePlan(
  { tenantId, mark, unsure, appliedTo = [] }: PlanToRemove & StepToUndo,
  attempt: Attempt,
): Promise<UndoResult> {
  const { plans, planApplications } = attempt.acronis.scopedTo(tenantId);
  const { root: id } = idsOf(mark);
  const find = async () => await firstOf(plans.list({ policyId: id, tenantId }));
  const keep = async () => {
    if (appliedTo.length > 0) return leaveAsIs('plan', id, 'it is on machines, which it goes on to protect');
    const isApplied = (await firstOf(planApplications.list({ policyId: id }))) !== undefined;
    return isApplied ? leaveAsIs('plan', id, 'somebody has applied it') : undefined;
  };
  const isListed = async () => (await find()) !== undefined;
  const act = async () =>
    await deleteListed(attempt, `plan ${id}`, { send: async () => void (await plans.remove(id)), isListed });
  const done = await undoOne(attempt, { mayBeLate: unsure, find, keep, act: async () => void (await act()) });
  const { undone, leftovers } = done.result;
  if (!unsure || undone || leftovers.length > 0) return done;
  // a list can be late for longer than this looks, and the id is this run's own
  const kept = await keep();
  if (kept !== undefined) return { result: kept };
  if (await act()) beginUndo(attempt);
  return { result: outcomeSoFar(attempt) };
}
