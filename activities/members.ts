import { isAcronisError, unlessNotFound, type Acronis, type Tenant, type User } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import type { SameCompleted } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import type { Person } from '../contract/orders.js';
import { checkLivesIn, readRoles } from './access.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { refuse, reject } from './failures.js';
import { findMarkedTenants, type MarkSearch, type TenantKind } from './marked-tenants.js';
import { hasBegun, leaveAsIs, undoOne, type StepToUndo, type UndoResult } from './undo.js';
import { hasSameEmail, whyElsewhere } from './user-traits.js';
import { findUser } from './users.js';

interface Asked {
  cloud: string;
  person: Person;
  /** The field of the order that describes the person. */
  field: 'user' | 'administrator';
}

interface LoginSpec extends Asked, Pick<MarkSearch, 'mark' | 'parents' | 'tenants'> {
  kind: TenantKind;
  parentTenantId: string | undefined;
  /** The result of an earlier run of the same order, and the role in this order. */
  completed?: SameCompleted & { role: string };
}

type MemberSpec = Asked & TenantSpec;

/** A person as a user of a tenant. */
export interface FoundMember {
  /** Absent when the login is free. */
  userId?: string;
  /** The tenant of the user; absent when the login is free, and in results of earlier versions. */
  tenantId?: string;
  activated: boolean;
  /** Ids of the roles that the person holds in this tenant. */
  roles: string[];
  /** Why nobody could look. Then the other fields come from an earlier run of the same order. */
  unseen?: string;
}

/** A user at whom nobody could look. */
type UnseenMember = FoundMember & Required<Pick<FoundMember, 'userId' | 'unseen'>>;

/** A tenant in which the person may be a user. */
interface Home {
  id: string;
  /** The user that an earlier run has made there, when the tenant keeps us out. */
  known?: UnseenMember;
}

export function createMemberActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds out whether a new tenant can have a user with this login: the login is free, or it belongs to the same
     * person in a tenant that an earlier run made for the same key. When that tenant keeps us out, the result of an
     * earlier run of the same order counts. Changes nothing. Fails as `findMember` does.
     */
    checkLogin: activity.look(dependencies, checkLogin),
    /**
     * Finds the person in a tenant that the order names, by login and e-mail. Changes nothing. Fails with
     * `Acronis.Taken` when the login belongs to somebody else, in this tenant or elsewhere, with `Acronis.Rejected`
     * when the cloud does not accept the login, and with `Tenantry.SwitchedOff` when the user is disabled.
     */
    findMember: activity.look(dependencies, findMember),
    /**
     * Finds the user of a tenant who waits for an activation mail. Changes nothing. Fails with `Acronis.Rejected` when
     * the tenant has no such user, or the user is activated or has no e-mail address, and with `Tenantry.SwitchedOff`
     * when the user is disabled.
     */
    findInvitee: activity.look(dependencies, findInvitee),
    /**
     * Takes one role from a user who had others before. After a lost answer it does so only when the other roles in the
     * tenant are exactly those that were there before: else somebody else has changed roles too, and the role is named
     * as a leftover. A user who lives in another tenant by now keeps it, and is named. After a lost answer it looks for
     * the role during a minute, and names it when it does not appear: roles have no version, so a late call can still
     * give it. Safe to repeat.
     */
    removeRole: activity.undo(dependencies, removeRole),
  };
}

async function checkLogin(
  { kind, parentTenantId, mark, parents = [], tenants = [], completed, ...asked }: LoginSpec,
  { acronis }: Attempt,
) {
  return await memberOf(acronis, asked, async () => {
    const parent = parentTenantId ?? (await acronis.rootTenantId());
    const marked = await findMarkedTenants(acronis, { parentTenantId: parent, mark, parents, tenants }, kind);
    return marked.map(({ tenant }) => homeOf(tenant, completed));
  });
}

async function findMember({ tenantId, ...asked }: MemberSpec, { acronis }: Attempt) {
  return await memberOf(acronis, asked, async () => [{ id: tenantId }]);
}

interface InviteeSpec extends TenantSpec {
  login: string;
}

async function findInvitee(
  { tenantId, login }: InviteeSpec,
  { acronis }: Attempt,
): Promise<Outcome<{ userId: string }>> {
  const listed = await findUser(acronis, tenantId, login);
  // a list may be older than the user
  const user = listed && (await unlessNotFound(async () => await acronis.users.get(listed.id)));
  if (user === undefined || user.deleted_at !== null)
    throw reject(`user.login: ${JSON.stringify(login)} is not a user of this tenant, or was deleted`);
  checkLivesIn(user, tenantId);
  const named = `user.login: ${JSON.stringify(login)} (${user.id})`;
  if (!user.enabled)
    throw refuse(
      FailureType.SwitchedOff,
      `${named} is switched off: let this user log in again in the console, then retry`,
    );
  if (user.activated) throw reject(`${named} is activated already: a new password is set on the login page`);
  if (!user.contact?.email) throw reject(`${named} has no e-mail address: enter one in the console, then order again`);
  return { result: { userId: user.id } };
}

function homeOf({ id, name, ancestral_access }: Tenant, completed: LoginSpec['completed']): Home {
  if (ancestral_access !== false || completed === undefined || !isSameId(completed.tenantId, id)) return { id };
  const { workflowId, userId, letIn, role } = completed;
  const unseen = `not looked at, because ${JSON.stringify(name)} (${id}) keeps us out: ${workflowId} has completed it`;
  return { id, known: { userId, tenantId: id, activated: letIn, roles: [role], unseen } };
}

async function userIn(acronis: Acronis, { id, known }: Home, login: string): Promise<User | UnseenMember | undefined> {
  try {
    return await findUser(acronis, id, login);
  } catch (error) {
    if (known === undefined || !isAcronisError(error) || error.kind !== 'forbidden') throw error;
    return known;
  }
}

/** Reads the homes only when the login is not free. */
async function memberOf(
  acronis: Acronis,
  { person, field }: Asked,
  homes: () => Promise<Home[]>,
): Promise<Outcome<FoundMember>> {
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
    if (!hasSameEmail(user, person))
      throw taken(`${field}.login: ${login} is taken in this tenant by somebody with another e-mail address`);
    if (!user.enabled)
      throw refuse(
        FailureType.SwitchedOff,
        `${field}.login: ${login} (${user.id}) is switched off in this tenant: let this user log in again in the console, then retry, or choose another login`,
      );
    const held = await readRoles(acronis, user.id);
    const roles = held.filter((one) => one.tenantId === tenantId).map(({ roleId }) => roleId);
    return { result: { userId: user.id, tenantId, activated: user.activated === true, roles } };
  }
  throw taken(`${field}.login: ${login} is taken by somebody else`);
}

function taken(sentence: string) {
  return refuse(FailureType.Taken, `${sentence}; choose another`);
}

interface RoleSpec extends TenantSpec, StepToUndo {
  userId: string;
  role: string;
  /** The roles that the user held in this tenant before; absent in tasks of earlier versions. */
  held?: string[];
}

async function removeRole(spec: RoleSpec, attempt: Attempt): Promise<UndoResult> {
  const { userId, tenantId, role, held: before, doubted = false } = spec;
  const { acronis } = attempt;
  return await undoOne(attempt, {
    mayBeLate: doubted && !hasBegun(attempt),
    ifAbsent: leaveAsIs('user', userId, `a call that was never answered may still give the role ${role}`),
    async find() {
      const held = await readRoles(acronis, userId);
      const others = held.filter((one) => one.roleId !== role || one.tenantId !== tenantId);
      return others.length < held.length ? others : undefined;
    },
    async keep(others) {
      const user = await unlessNotFound(() => acronis.users.get(userId));
      const elsewhere = user && whyElsewhere(user, tenantId);
      if (elsewhere !== undefined)
        return leaveAsIs('user', userId, `${elsewhere}, and it still has the role ${role} here`);
      const here = others.filter((one) => one.tenantId === tenantId).map(({ roleId }) => roleId);
      const isOurs = hasBegun(attempt) || !doubted || before === undefined || isSameSet(here, before);
      const reason = `${role} may have been given by this run or by somebody else, who has changed the roles too`;
      return isOurs ? undefined : leaveAsIs('user', userId, reason);
    },
    act: async (others) => void (await acronis.users.replaceAccessPolicies(userId, others)),
  });
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join() === others.toSorted().join();
}
