import { isAcronisError, type Acronis, type Tenant, type User } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { SameCompleted } from '../contract/earlier-runs.js';
import type { Person } from '../contract/orders.js';
import type { UndoOutcome } from '../contract/steps.js';
import { rolesOf } from './access.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { takenBackOr } from './looking-again.js';
import { markedTenants, type MadeKind, type MarkedPlace } from './marked-tenants.js';
import { isSamePerson } from './user-likeness.js';
import { findUser } from './users.js';

interface Asked {
  cloud: string;
  person: Person;
  /** What the order calls the person. */
  field: 'user' | 'administrator';
}

interface LoginSpec extends Asked, Pick<MarkedPlace, 'mark' | 'parents' | 'tenants'> {
  kind: MadeKind;
  parentTenantId: string | undefined;
  /** What an earlier run has made with the same order, and the role that this order says. */
  completed?: SameCompleted & { role: string };
}

interface MemberSpec extends Asked {
  tenantId: string;
}

/** What a tenant knows of a person. */
export interface Member {
  /** Absent when the login is free. */
  userId?: string;
  /** The tenant in which the person was found; absent when the login is free, and in what an earlier version has answered. */
  tenantId?: string;
  activated: boolean;
  /** Ids of the roles that the person holds in this tenant. */
  roles: string[];
  /** Why nobody could look, where the tenant keeps us out: then this is what an earlier run of the same order has completed. */
  unseen?: string;
}

/** A member whom nobody could look at. */
type Unseen = Member & Required<Pick<Member, 'userId' | 'unseen'>>;

/** A tenant in which a person may be a user. */
interface Home {
  id: string;
  /** Whom an earlier run is known to have given to it, where it keeps us out. */
  known?: Unseen;
}

export function createMemberActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Tells whether a login can be given to a tenant that is to be made: it is free, or this same person's in what an earlier run made for the
     * same key. Where that keeps us out, it is what an earlier run of the very same order has completed. Changes nothing. Fails as `findMember` does.
     */
    checkLogin: activity(dependencies, patience.look, checkLogin),
    /**
     * Finds the person in a tenant that the order names, by login and e-mail. Changes nothing. Fails with `Acronis.Taken` when the login belongs
     * to anybody else, in this tenant or elsewhere, with `Acronis.Rejected` when the cloud accepts no such login, and with
     * `Tenantry.SwitchedOff` when the person may not log in any more.
     */
    findMember: activity(dependencies, patience.look, findMember),
    /**
     * Takes one role from a user who had others before. After a lost answer only when the user's roles in the tenant are exactly those that it
     * would have left: else somebody else has given roles too, and the role is named as a leftover. One that is not there after a lost answer is
     * looked for, for a minute, and then named: roles have no version by which a call on its way would come too late. Safe to repeat.
     */
    removeRole: activity(dependencies, patience.undo, removeRole),
  };
}

async function checkLogin(
  { kind, parentTenantId, mark, parents = [], tenants = [], completed, ...asked }: LoginSpec,
  { acronis }: Attempt,
) {
  return await memberOf(acronis, asked, async () => {
    const parent = parentTenantId ?? (await acronis.rootTenantId());
    const marked = await markedTenants(acronis, { parentTenantId: parent, mark, parents, tenants }, kind);
    return marked.map(({ tenant }) => homeOf(tenant, completed));
  });
}

async function findMember({ tenantId, ...asked }: MemberSpec, { acronis }: Attempt) {
  return await memberOf(acronis, asked, async () => [{ id: tenantId }]);
}

function homeOf({ id, name, ancestral_access }: Tenant, completed: LoginSpec['completed']): Home {
  const keepsOut = ancestral_access === false && completed?.tenantId.toLowerCase() === id.toLowerCase();
  if (!keepsOut) return { id };
  const { workflowId, userId, letIn, role } = completed;
  const unseen = `not looked at, because ${JSON.stringify(name)} (${id}) keeps us out: ${workflowId} has completed it`;
  return { id, known: { userId, tenantId: id, activated: letIn, roles: [role], unseen } };
}

async function userIn(acronis: Acronis, { id, known }: Home, login: string): Promise<User | Unseen | undefined> {
  try {
    return await findUser(acronis, id, login);
  } catch (error) {
    if (known === undefined || !isAcronisError(error) || error.kind !== 'forbidden') throw error;
    return known;
  }
}

/** The homes are asked for only when the login is not free. */
async function memberOf(
  acronis: Acronis,
  { person, field }: Asked,
  homes: () => Promise<Home[]>,
): Promise<Found<Member>> {
  const login = JSON.stringify(person.login);
  const answer = await acronis.users.checkLogin(person.login);
  if (answer === 'free') return { result: { activated: false, roles: [] } };
  if (answer === 'unacceptable')
    throw refuse(FailureType.Rejected, `${field}.login: the cloud does not accept ${login} as a login`);
  for (const home of await homes()) {
    const tenantId = home.id;
    const user = await userIn(acronis, home, person.login);
    if (user === undefined) continue;
    if ('unseen' in user) return { result: user };
    if (!isSamePerson(user, person))
      throw taken(`${field}.login: ${login} is taken in this tenant by somebody with another e-mail address`);
    if (!user.enabled)
      throw refuse(
        FailureType.SwitchedOff,
        `${field}.login: ${login} (${user.id}) is switched off in this tenant: let this user log in again in the console, then retry, or choose another login`,
      );
    const held = await rolesOf(acronis, user.id);
    const roles = held.filter((one) => one.tenantId === tenantId).map(({ roleId }) => roleId);
    return { result: { userId: user.id, tenantId, activated: user.activated === true, roles } };
  }
  throw taken(`${field}.login: ${login} is taken by somebody else`);
}

function taken(sentence: string) {
  return refuse(FailureType.Taken, `${sentence}; choose another`);
}

interface RolePlace {
  cloud: string;
  userId: string;
  tenantId: string;
  role: string;
  /** The roles that the user held in this tenant before; absent in a task that an earlier version gave out. */
  held?: string[];
}

async function removeRole(
  spec: RolePlace & { doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const take = async () => await takeRole(spec, attempt);
  const late = named(spec.userId, `a call that was never answered may still give the role ${spec.role}`);
  return await takenBackOr(attempt, spec, take, late);
}

/** Takes the role away; undefined where it is not held. */
async function takeRole(
  { userId, tenantId, role, held: before, doubted }: RolePlace & { doubted?: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<UndoOutcome | undefined> {
  const held = await rolesOf(acronis, userId);
  const others = held.filter((one) => one.roleId !== role || one.tenantId !== tenantId);
  if (others.length === held.length) return undefined;
  const here = others.filter((one) => one.tenantId === tenantId).map(({ roleId }) => roleId);
  if (memory.removing !== true && doubted === true && before !== undefined && !isSameSet(here, before))
    return named(userId, `${role} may have been given by this run or by somebody else, who has changed the roles too`);
  memory.removing = true;
  remember();
  await acronis.users.replaceAccessPolicies(userId, others);
  return { undone: true, leftovers: [] };
}

function named(id: string, reason: string): UndoOutcome {
  return { undone: false, leftovers: [{ kind: 'user', id, reason }] };
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join() === others.toSorted().join();
}
