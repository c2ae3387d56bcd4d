import { isAcronisError, type Acronis, type User } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Person } from '../contract/orders.js';
import type { UndoOutcome } from '../contract/steps.js';
import { rolesOf } from './access.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { lookAgain } from './looking-again.js';
import { hasGotIn, isAsMade, isPerson, isSamePerson, isUntouched } from './user-likeness.js';

interface UserSpec {
  cloud: string;
  tenantId: string;
  person: Person;
  language: string;
  /** True when this step was tried before, and failed. */
  look: boolean;
  /** True when that may have made the user. */
  unsure?: boolean;
}

interface UserPlace {
  cloud: string;
  tenantId: string;
  person: Person;
  /** Absent in a task that an earlier version gave out. */
  language?: string;
  /** The role that this run gives. */
  role?: string;
  /** True when this run has set the password, or may have: else a user that is activated has got in. */
  passwordSet?: boolean;
}

/** Whom the tenant has as a user now. */
export interface MadeUser {
  userId: string;
  activated: boolean;
  /**
   * `ours`: its id was in the answer to the creation, or after a lost answer it is unmistakably what was ordered. `doubtful`: somebody else may
   * have made it. Absent in what an earlier version has answered.
   */
  ownership?: 'ours' | 'doubtful';
  /** Of one that is doubtful, ids of the roles that it holds in the tenant. */
  roles?: string[];
}

export function createUserActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes sure that the tenant has one user with this login, which was free when the run looked. Safe to repeat: logins are unique in the
     * whole platform, so a second creation is refused and answered by a look. A user that appeared meanwhile is `doubtful`, with its
     * roles, unless it can only be this run's. Fails with `Acronis.Taken` when the user found is another person; any try but the first looks
     * again for a minute before that, since a new user can be listed late. Fails with `Tenantry.SwitchedOff` when the user may not log in.
     */
    ensureUser: activity(dependencies, patience.change, ensureUser),
    /**
     * Removes the user of this run, unless somebody has got in as it, changed it, or given it other roles: then it is named as a leftover. One whose
     * creation was never answered is found by login and e-mail, and removed only if it is just as this run makes one. Safe to repeat.
     */
    removeUser: activity(dependencies, patience.undo, removeUser),
  };
}

async function ensureUser(spec: UserSpec, attempt: Attempt): Promise<Found<MadeUser>> {
  const { tenantId, person, language, look } = spec;
  const { acronis } = attempt;
  const again = look || !attempt.first;
  const find = async () => await findUser(acronis, tenantId, person.login);
  if (again) {
    const known = await find();
    if (known && isSamePerson(known, person)) return await adopted(known, spec, attempt);
  }
  try {
    const user = await acronis.users.create({
      tenant_id: tenantId,
      login: person.login,
      language,
      contact: { email: person.email, firstname: person.firstName, lastname: person.lastName },
    });
    return { result: { userId: user.id, activated: user.activated === true, ownership: 'ours' } };
  } catch (error) {
    if (!isAcronisError(error) || !['taken', 'conflict'].includes(error.kind)) throw error;
    // what an earlier try has made may be listed late
    const known = again ? await lookAgain(attempt, find) : await find();
    if (known && isSamePerson(known, person)) return await adopted(known, spec, attempt);
    throw error;
  }
}

/** The login was free when the run looked: who has it now was made by this run, in a try whose answer was lost, or by somebody else since. */
async function adopted(user: User, spec: UserSpec, attempt: Attempt): Promise<Found<MadeUser>> {
  const { id, login, enabled } = user;
  const activated = user.activated === true;
  if (!enabled)
    throw refuse(
      FailureType.SwitchedOff,
      `${JSON.stringify(login)} (${id}) has become a user of this tenant and is switched off: let this user log in again in the console, then retry`,
    );
  const held = await rolesOf(attempt.acronis, id);
  // before an earlier order of this step an answer may have been lost too
  const since = spec.look ? undefined : attempt.orderedAt;
  const ours = mayBeDone(spec, attempt) && held.length === 0 && isAsMade(user, { ...spec, since });
  if (ours) return { result: { userId: id, activated, ownership: 'ours' }, adopted: true, changed: true };
  const roles = held.filter(({ tenantId }) => tenantId === user.tenant_id).map(({ roleId }) => roleId);
  return { result: { userId: id, activated, ownership: 'doubtful', roles }, adopted: true, changed: false };
}

/** The user with this login in this very tenant. Logins are compared as the platform does: without regard to case. */
export async function findUser(acronis: Acronis, tenantId: string, login: string): Promise<User | undefined> {
  const wanted = login.trim().toLowerCase();
  for await (const user of acronis.users.list({ tenantId }))
    if (user.tenant_id.toLowerCase() === tenantId.toLowerCase() && user.login.toLowerCase() === wanted) return user;
  return undefined;
}

async function removeUser(spec: UserRemoval, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const { tenantId, person, unsure, came } = spec;
  // a person may have changed its login
  const find = async () =>
    came ? await userById(acronis, came.userId) : await findUser(acronis, tenantId, person.login);
  const user = unsure ? await lookAgain(attempt, find) : await find();
  if (user === undefined || !isThisRuns(user, spec))
    return { result: { undone: memory.removing === true, leftovers: [] } };
  const begun = !user.enabled && (memory.removing === true || attempt.unsure);
  const reason = await whyUserStays(acronis, begun ? beforeOurs(user) : user, spec);
  if (reason !== undefined) return await leave(acronis, user, begun, reason);
  memory.removing = true;
  remember();
  try {
    const off = user.enabled ? await acronis.users.update(user.id, { version: user.version, enabled: false }) : user;
    // somebody may have got in while it was still on
    const since = off === user ? undefined : await whyUserStays(acronis, beforeOurs(off), spec);
    if (since !== undefined) return await leave(acronis, off, true, since);
    await acronis.users.remove(off.id, off.version);
  } catch (error) {
    const gone = isAcronisError(error) && error.kind === 'not-found';
    if (!gone || (await find())) throw error;
  }
  return { result: { undone: true, leftovers: [] } };
}

/** Names a user that stays, and lets it log in again where this undo has switched it off. */
async function leave(
  acronis: Acronis,
  { id, version }: User,
  off: boolean,
  reason: string,
): Promise<Found<UndoOutcome>> {
  if (off) await acronis.users.update(id, { version, enabled: true });
  return { result: { undone: false, leftovers: [{ kind: 'user', id, reason }] } };
}

async function userById(acronis: Acronis, id: string): Promise<User | undefined> {
  try {
    const user = await acronis.users.get(id);
    return user.deleted_at === null ? user : undefined;
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** A user that this undo has switched off, as it was before that. */
function beforeOurs(user: User): User {
  return { ...user, enabled: true, version: user.version - 1 };
}

async function whyUserStays(acronis: Acronis, user: User, spec: UserRemoval): Promise<string | undefined> {
  if (!isCertain(spec) || isDoubtful(spec)) {
    const ours = !isDoubtful(spec) && (await isUntouched(acronis, user, spec));
    return ours
      ? undefined
      : "it may be somebody else's: its creation was never answered, and it is in use or was changed since";
  }
  if (hasGotIn(user, spec.passwordSet === true)) return 'somebody has got in as this user, who is activated';
  if (!isPerson(user, spec.person)) return 'somebody has changed its login, names or e-mail address';
  const held = await rolesOf(acronis, user.id);
  const others = held.filter(({ roleId, tenantId }) => roleId !== spec.role || tenantId !== user.tenant_id);
  // a task of an older version does not say which role this run gives
  if (others.length === 0 || spec.role === undefined) return undefined;
  return `somebody has given it other roles: ${others.map(({ roleId }) => roleId).join(', ')}`;
}

type UserRemoval = UserPlace & Came & { unsure: boolean };

interface Came {
  came?: MadeUser | null;
  doubted?: boolean;
}

function isThisRuns(user: User, { came, person }: UserPlace & Came): boolean {
  return came != null || isSamePerson(user, person);
}

/** True when the cloud itself has answered which user this run has made. */
function isCertain({ came, doubted = false }: Came): boolean {
  return came != null && !doubted;
}

/** True when the run has seen that somebody else may have made it. */
function isDoubtful({ came }: Came): boolean {
  return came?.ownership === 'doubtful';
}
