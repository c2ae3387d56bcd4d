import { unlessNotFound, type Acronis, type Tenant } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import type { EarlierTenant, KnownUser, SameCompleted } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { markText, ownership } from '../contract/mark.js';
import { checkLivesIn, readRoles } from './access.js';
import { checkNoneRetagged } from './adoption-checks.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { refuse, reject } from './failures.js';
import { findMarkedTenants, type MarkSearch, type TenantKind } from './marked-tenants.js';
import { hasBegun, leaveAsIs, PERHAPS_BY_OTHERS, undoOne, type StepToUndo, type UndoResult } from './undo.js';
import { findPerson, unlessUnseen, type Asked, type FoundMember, type Home } from './person-search.js';
import { whyElsewhere } from './user-traits.js';
import { findUser } from './user-search.js';

export type { FoundMember } from './person-search.js';

interface LoginSpec extends Asked, Pick<MarkSearch, 'mark' | 'parents' | 'tenants'> {
  kind: TenantKind;
  parentTenantId: string | undefined;
  /** The result of an earlier run of the same order, and the role in this order. */
  completed?: SameCompleted & { role: string };
  /** The tenants of earlier runs of the key that completed. */
  made?: readonly EarlierTenant[];
  /** The users that earlier runs of the key made or found for this person. */
  users?: readonly KnownUser[];
}

type MemberSpec = Asked & TenantSpec;

export function createMemberActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds out whether a new tenant can have a user with this login: the login is free, or it belongs to the same
     * person in a tenant that an earlier run made for the same key. The user of an earlier run is this person under any
     * login. When that tenant keeps us out, the result of an earlier run of the same order counts. Changes nothing. Fails
     * as `findMember` does, and with `Tenantry.Unexpected` when somebody has changed both login and e-mail address of
     * that user, or the internal tag of that tenant.
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

async function checkLogin(spec: LoginSpec, { acronis }: Attempt): Promise<Outcome<FoundMember>> {
  const { kind, parentTenantId, mark, parents = [], tenants = [], completed, users = [], person, field } = spec;
  return await findPerson(acronis, {
    person,
    field,
    users,
    async homes() {
      const parent = parentTenantId ?? (await acronis.rootTenantId());
      const marked = await findMarkedTenants(acronis, { parentTenantId: parent, mark, parents, tenants }, kind);
      return marked.map(({ tenant }) => homeOf(tenant, completed));
    },
    checkElsewhere: async () => await checkNotRetagged(acronis, spec),
  });
}

/** Fails when the login is that of a user in the tenant of an earlier run whose tag somebody has changed. */
async function checkNotRetagged(
  acronis: Acronis,
  { mark, made = [], tenants = [], person, field }: LoginSpec,
): Promise<void> {
  await checkNoneRetagged(acronis, { mark, made });
  for (const id of tenants) {
    const tenant = await unlessNotFound(async () => await acronis.tenants.get(id));
    if (tenant?.deleted_at !== null || ownership(mark, tenant.internal_tag) !== 'foreign') continue;
    if ((await unlessUnseen(async () => await findUser(acronis, id, person.login))) === undefined) continue;
    throw refuse(
      FailureType.Unexpected,
      `${field}.login: ${JSON.stringify(person.login)} is a user of ${JSON.stringify(tenant.name)} (${id}), which an earlier run of this key had, and somebody has changed its internal tag to ${JSON.stringify(tenant.internal_tag ?? '')}: ` +
        `set the tag to ${JSON.stringify(markText({ ...mark, runId: 'by-hand' }))}, then retry; or choose another login, if this is another customer by now`,
    );
  }
}

async function findMember({ tenantId, person, field }: MemberSpec, { acronis }: Attempt) {
  return await findPerson(acronis, { person, field, users: [], homes: async () => [{ id: tenantId }] });
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
  if (!user.contact?.email)
    throw reject(`${named} has no e-mail address that the cloud shows: enter one in the console, then order again`);
  return { result: { userId: user.id } };
}

function homeOf({ id, name, ancestral_access }: Tenant, completed: LoginSpec['completed']): Home {
  if (ancestral_access !== false || completed === undefined || !isSameId(completed.tenantId, id)) return { id };
  const { workflowId, userId, letIn, role } = completed;
  const unseen = `not looked at, because ${JSON.stringify(name)} (${id}) keeps us out: ${workflowId} has completed it`;
  return { id, known: { userId, tenantId: id, activated: letIn, roles: [role], unseen } };
}

interface RoleSpec extends TenantSpec, StepToUndo {
  userId: string;
  role: string;
  /** The roles that the user held in this tenant before; absent in tasks of earlier versions. */
  held?: string[];
}

async function removeRole(spec: RoleSpec, attempt: Attempt): Promise<UndoResult> {
  const { userId, tenantId, role, held: before, doubted = false, doubtful = false } = spec;
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
      if (doubtful) return leaveAsIs('user', userId, `it has the role ${role}: ${PERHAPS_BY_OTHERS}`);
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
