import type { Acronis, Resource } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { GroupWish } from '../workflows/create-resource-group/contract.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { lookAgain, lookForAll, lookForLost } from './lost-answers.js';
import { deleteListed } from './seen-deletions.js';
import { outcomeSoFar, undoOne, type AnsweredStep, type UndoResult } from './undo.js';

const NOBODY_KNOWS =
  'its creation got no answer, so this run or somebody else has made it; delete it unless somebody needs it';

interface GroupSpec extends TenantSpec {
  group: GroupWish;
}

interface NumberedSpec extends GroupSpec {
  /** The number of the customer in the resource manager. */
  tenantNumber: string;
}

/** The answer of a failed step may have no id. */
interface MadeGroup {
  groupId?: string;
  /** Ids of others like it: this run or somebody else has made them. */
  inDoubt?: string[];
  /** True when the cloud has answered its creation. */
  answered?: true;
}

/** All calls are made in the scope of the customer, who owns the groups. */
export function createResourceGroupActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds out whether the customer has exactly this group: the same name and condition. Changes nothing. Fails with
     * `Acronis.Taken` when a group of that name has another condition.
     */
    findSameGroup: activity.look(dependencies, findSameGroup),
    /**
     * Makes the group; its name must be free. Each call makes one more, so after a lost answer it looks for the group
     * during a minute, because a new group may be listed late. If it makes another, it looks for a minute more, and
     * names those that it sees besides the oldest. The platform does not answer with the id of the group, so it looks for
     * that too.
     */
    ensureResourceGroup: activity.change(dependencies, ensureResourceGroup),
    /**
     * Removes the group of this run: the only one with its name and condition, because the name was free. When there
     * are several, or the group has a plan by now, they stay and are named as leftovers. So is a group whose creation
     * got no answer: somebody else may have made one like it. Safe to repeat.
     */
    removeResourceGroup: activity.undo(dependencies, removeResourceGroup),
  };
}

async function findSameGroup(
  { tenantId, group }: GroupSpec,
  { acronis }: Attempt,
): Promise<Outcome<{ tenantNumber: string; groupId?: string }>> {
  const tenantNumber = await acronis.tenants.numberOf(tenantId);
  const namesakes = await groupsCalled(acronis.scopedTo(tenantId), tenantNumber, group.name);
  const same = namesakes.find((one) => one.group_condition === group.condition);
  if (same !== undefined) return { result: { tenantNumber, groupId: same.id } };
  const [other] = namesakes;
  if (other === undefined) return { result: { tenantNumber } };
  const condition = other.group_condition === null ? 'no condition' : `the condition ${other.group_condition}`;
  throw refuse(
    FailureType.Taken,
    `name: the group ${JSON.stringify(group.name)} is there with ${condition}; choose another name`,
  );
}

async function groupsCalled(customer: Acronis, tenantNumber: string, name: string): Promise<Resource[]> {
  const groups: Resource[] = [];
  for await (const resource of customer.resources.list({ type: 'resource.group.computers', tenantNumber }))
    if (resource.name?.trim() === name) groups.push(resource);
  return groups;
}

/** The groups with this name and condition, oldest first; undefined when there is none. */
async function sameGroups(
  { tenantId, tenantNumber, group }: NumberedSpec,
  acronis: Acronis,
): Promise<[Resource, ...Resource[]] | undefined> {
  const namesakes = await groupsCalled(acronis.scopedTo(tenantId), tenantNumber, group.name);
  const same = namesakes.filter(({ group_condition }) => group_condition === group.condition);
  const [oldest, ...others] = same.toSorted(byAge);
  return oldest === undefined ? undefined : [oldest, ...others];
}

async function ensureResourceGroup(
  spec: NumberedSpec & StepTries & { parentGroupId: string | undefined; look: boolean },
  attempt: Attempt,
): Promise<Outcome<MadeGroup & { groupId: string }>> {
  const { acronis, memory } = attempt;
  const find = async () => await sameGroups(spec, acronis);
  const list = async () => (await find()) ?? [];
  const tries = earlierTries(spec, attempt);
  const again = tries === 'maybeDone';
  if (tries !== 'none') {
    const known = again ? await lookForLost(attempt, spec, list, idOf) : await list();
    const result = madeOf(known);
    if (result !== undefined)
      return { result: { ...result, ...(memory.answered && { answered: true }) }, adopted: true, changed: again };
  }
  const { name, condition } = spec.group;
  const parents = spec.parentGroupId === undefined ? {} : { parent_group_ids: [spec.parentGroupId] };
  const { resources } = acronis.scopedTo(spec.tenantId);
  await resources.createGroup({ name, group_condition: condition, ...parents });
  memory.answered = true;
  const made = madeOf(again ? await lookForAll(attempt, list, idOf) : ((await lookAgain(attempt, find)) ?? []));
  if (made !== undefined) return { result: { ...made, answered: true } };
  throw refuse(FailureType.NotFound, `the group ${name} was made, but is not listed yet; "retry" looks again`);
}

function madeOf(groups: readonly Resource[]): { groupId: string; inDoubt?: string[] } | undefined {
  const [oldest, ...others] = groups.toSorted(byAge);
  return oldest && { groupId: oldest.id, ...(others.length > 0 && { inDoubt: others.map(idOf) }) };
}

function byAge(one: Resource, other: Resource): number {
  return (one.created_at ?? '').localeCompare(other.created_at ?? '');
}

function idOf({ id }: Resource): string {
  return id;
}

async function removeResourceGroup(
  spec: NumberedSpec & AnsweredStep<MadeGroup>,
  attempt: Attempt,
): Promise<UndoResult> {
  const { acronis } = attempt;
  const customer = acronis.scopedTo(spec.tenantId);
  const find = () => sameGroups(spec, acronis);
  const isListed = async (id: string) => (await find())?.some((one) => one.id === id) ?? false;
  const leaveAll = (groups: readonly Resource[], reason: string) =>
    outcomeSoFar(
      attempt,
      groups.map(({ id }) => ({ kind: 'group' as const, id, reason })),
    );
  return await undoOne(attempt, {
    mayBeLate: spec.unsure,
    find,
    async keep(groups) {
      const { id } = groups[0];
      if (groups.length > 1)
        return leaveAll(groups, 'it or another of this name was made by this run, and nobody can tell which');
      if (id !== (spec.came?.groupId ?? id)) return outcomeSoFar(attempt);
      if (await hasPlan(customer, id)) return leaveAll(groups, 'it has been given a plan');
      return isCertain(spec) ? undefined : leaveAll(groups, NOBODY_KNOWS);
    },
    async act([{ id }]) {
      const send = async () => await customer.resources.remove(id);
      await deleteListed(attempt, `group ${id}`, { send, isListed: async () => await isListed(id) });
    },
  });
}

/** True when the creation was answered. The cloud shows no sign by which a group of this run could be known. */
function isCertain({ unsure, doubted = unsure, came }: AnsweredStep<MadeGroup>): boolean {
  return !doubted || came?.answered === true;
}

async function hasPlan(customer: Acronis, groupId: string): Promise<boolean> {
  for await (const applications of customer.planApplications.list({ resourceId: groupId }))
    if (applications.length > 0) return true;
  return false;
}
