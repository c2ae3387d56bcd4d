import { isAcronisError, type Acronis, type Resource } from '../acronis/index.js';
import type { GroupWish } from '../workflows/create-resource-group/contract.js';
import { FailureType } from '../contract/failures.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { lookAgain } from './looking-again.js';

interface Place {
  cloud: string;
  tenantId: string;
  group: GroupWish;
}

interface NumberedPlace extends Place {
  /** Of the customer, as the resource manager knows it. */
  tenantNumber: string;
}

/** All in the scope of the customer, to whom groups belong. */
interface MadeGroup {
  groupId: string;
}

export function createResourceGroupActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Tells whether the customer has this very group: same name, same condition. Changes nothing. Fails with `Acronis.Taken` when a group
     * of that name has another condition.
     */
    findSameGroup: activity(dependencies, patience.look, findSameGroup),
    /**
     * Makes the group, whose name must be free. Each call would make one more, so after a lost answer it looks for it, and for a minute, since a
     * new group may be listed late. The platform does not tell the id of what it has made: that is looked for too.
     */
    ensureResourceGroup: activity(dependencies, patience.change, ensureResourceGroup),
    /**
     * Removes the group of this run: the only one of its name and condition, since the name was free. Of several nobody can tell which it is, and
     * one that has a plan by now is in use: they stay, and are named as leftovers. Safe to repeat.
     */
    removeResourceGroup: activity(dependencies, patience.undo, removeResourceGroup),
  };
}

async function findSameGroup(
  { tenantId, group }: Place,
  { acronis }: Attempt,
): Promise<Found<{ tenantNumber: string; groupId?: string }>> {
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

/** Those of this name and condition, oldest first; undefined when there is none. */
async function sameGroups({ tenantId, tenantNumber, group }: NumberedPlace, acronis: Acronis) {
  const namesakes = await groupsCalled(acronis.scopedTo(tenantId), tenantNumber, group.name);
  const same = namesakes.filter(({ group_condition }) => group_condition === group.condition);
  if (same.length === 0) return undefined;
  return same.sort((a, b) => (a.created_at ?? '').localeCompare(b.created_at ?? ''));
}

async function ensureResourceGroup(
  spec: NumberedPlace & { parentGroupId: string | undefined; look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<MadeGroup>> {
  const { acronis, first } = attempt;
  const look = () => sameGroups(spec, acronis);
  if (spec.look || !first) {
    const [known] = (mayBeDone(spec, attempt) ? await lookAgain(attempt, look) : await look()) ?? [];
    if (known) return { result: { groupId: known.id }, adopted: true, changed: mayBeDone(spec, attempt) };
  }
  const { name, condition } = spec.group;
  const parents = spec.parentGroupId === undefined ? {} : { parent_group_ids: [spec.parentGroupId] };
  const { resources } = acronis.scopedTo(spec.tenantId);
  await resources.createGroup({ name, group_condition: condition, ...parents });
  const [made] = (await lookAgain(attempt, look)) ?? [];
  if (made) return { result: { groupId: made.id } };
  throw refuse(FailureType.NotFound, `the group ${name} was made, but is not listed yet; "retry" looks again`);
}

async function removeResourceGroup(
  spec: NumberedPlace & { came?: MadeGroup | null; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const look = () => sameGroups(spec, acronis);
  const groups = (spec.unsure ? await lookAgain(attempt, look) : await look()) ?? [];
  const [group, ...others] = groups;
  const outcome = (reason?: string) => ({
    undone: memory.removing === true,
    leftovers: reason === undefined ? [] : groups.map(({ id }) => ({ kind: 'group' as const, id, reason })),
  });
  const made = spec.came?.groupId ?? group?.id;
  if (group === undefined || (others.length === 0 && group.id !== made)) return { result: outcome() };
  if (others.length > 0)
    return { result: outcome('it or another of this name was made by this run, and nobody can tell which') };
  if (await hasPlan(acronis.scopedTo(spec.tenantId), group.id)) return { result: outcome('it has been given a plan') };
  memory.removing = true;
  remember();
  await remove(spec, acronis, group.id);
  return { result: outcome() };
}

async function hasPlan(customer: Acronis, groupId: string): Promise<boolean> {
  for await (const applications of customer.planApplications.list({ resourceId: groupId }))
    if (applications.length > 0) return true;
  return false;
}

/** What is "not found" and listed all the same is out of sight, not gone. */
async function remove(spec: NumberedPlace, acronis: Acronis, groupId: string): Promise<void> {
  try {
    await acronis.scopedTo(spec.tenantId).resources.remove(groupId);
  } catch (error) {
    const gone = isAcronisError(error) && error.kind === 'not-found';
    if (!gone || (await sameGroups(spec, acronis))?.some(({ id }) => id === groupId)) throw error;
  }
}
