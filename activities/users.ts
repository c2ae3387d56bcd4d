import { isAcronisError, unlessNotFound, type Acronis, type User } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { FailureType } from '../contract/failures.js';
import { nameKey } from '../contract/names.js';
import type { Person } from '../contract/orders.js';
import { readRoles } from './access.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { changeMissing, lookAgainIf, mayBeDone } from './lost-answers.js';
import { announceDeletion, deleteAndSee, forgetDeletion, whyNotDeletedAgain } from './seen-deletions.js';
import {
  beginUndo,
  hasBegun,
  leaveAsIs,
  outcomeSoFar,
  PERHAPS_BY_OTHERS,
  unlessGone,
  type AnsweredStep,
  type UndoResult,
} from './undo.js';
import {
  hasPersonalData,
  hasSameEmail,
  isAsCreated,
  isUntouched,
  mayHaveLoggedIn,
  whyElsewhere,
  whyUncertain,
} from './user-traits.js';

interface UserSpec extends TenantSpec, StepTries {
  person: Person;
  language: string;
  look: boolean;
}

interface UserToRemove extends TenantSpec {
  person: Person;
  /** Absent in tasks of earlier versions. */
  language?: string;
  /** The role that this run gives. */
  role?: string;
  /** True when this run has set the password, or may have. Else an activated user has logged in. */
  passwordSet?: boolean;
}

/** The user that the tenant has now. */
export interface MadeUser {
  userId: string;
  activated: boolean;
  /**
   * `ours`: its id was in the answer to the creation, or after a lost answer it is exactly as ordered. `doubtful`:
   * somebody else may have made it. Absent in results of earlier versions.
   */
  ownership?: 'ours' | 'doubtful';
  /** The ids of the roles that a doubtful user holds in the tenant. */
  roles?: string[];
}

export function createUserActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Gives the tenant a user with this login, which was free when the run looked. Safe to repeat: logins are unique in
     * the whole platform, so a second creation is refused, and then it looks for the user. A user that appeared
     * meanwhile is `doubtful`, unless only this run can have made it. Fails with `Acronis.Taken` when the user is
     * another person; any try but the first looks again during a minute before that, because a new user can be listed
     * late. Fails with `Tenantry.SwitchedOff` when the user is disabled.
     */
    ensureUser: activity.change(dependencies, ensureUser),
    /**
     * Removes the user of this run. A user stays and is named as a leftover when somebody has logged in as this user,
     * changed it, moved it to another tenant, or given it other roles. A user whose creation was not answered is found
     * by login and e-mail, and removed only when it is exactly as this run makes one. Safe to repeat: it looks until the
     * user is gone, and one that somebody may have restored or switched on again since stays.
     */
    removeUser: activity.undo(dependencies, removeUser),
  };
}

async function ensureUser(spec: UserSpec, attempt: Attempt): Promise<Outcome<MadeUser>> {
  const { tenantId, person, language } = spec;
  const { acronis } = attempt;
  const again = earlierTries(spec, attempt) !== 'none';
  const find = async () => await findUser(acronis, tenantId, person.login);
  if (again) {
    const known = await find();
    if (known && hasSameEmail(known, person)) return await adopted(known, spec, attempt);
  }
  try {
    const contact = { email: person.email, firstname: person.firstName, lastname: person.lastName };
    const fields = { tenant_id: tenantId, login: person.login, language, contact };
    const create = async () => await acronis.users.create(fields);
    const user = await changeMissing(attempt, again && mayBeDone(spec, attempt), create);
    return { result: { userId: user.id, activated: user.activated === true, ownership: 'ours' } };
  } catch (error) {
    if (!isAcronisError(error) || !['taken', 'conflict'].includes(error.kind)) throw error;
    // a user of an earlier try may be listed late
    const known = await lookAgainIf(again, attempt, find);
    if (known && hasSameEmail(known, person)) return await adopted(known, spec, attempt);
    if (known && !known.contact?.email) throw refuse(FailureType.Taken, whyUncertain(known));
    throw error;
  }
}

/** The login was free before, so this run has made the user in a call without an answer, or somebody else has. */
async function adopted(user: User, spec: UserSpec, attempt: Attempt): Promise<Outcome<MadeUser>> {
  const { id, login, enabled } = user;
  const activated = user.activated === true;
  if (!enabled)
    throw refuse(
      FailureType.SwitchedOff,
      `${JSON.stringify(login)} (${id}) has become a user of this tenant and is switched off: let this user log in again in the console, then retry`,
    );
  const held = await readRoles(attempt.acronis, id);
  // an answer may have been lost before this call was scheduled
  const since = spec.look ? undefined : attempt.orderedAt;
  const mayBeOurs = earlierTries(spec, attempt) === 'maybeDone' && held.length === 0;
  const ours = mayBeOurs && isAsCreated(user, { ...spec, since });
  if (ours) return { result: { userId: id, activated, ownership: 'ours' }, adopted: true, changed: true };
  const roles = held.filter(({ tenantId }) => tenantId === user.tenant_id).map(({ roleId }) => roleId);
  return { result: { userId: id, activated, ownership: 'doubtful', roles }, adopted: true, changed: false };
}

/** Finds the user with this login in exactly this tenant. Upper and lower case are equal, as in the platform. */
export async function findUser(acronis: Acronis, tenantId: string, login: string): Promise<User | undefined> {
  const wanted = nameKey(login.toLowerCase());
  for await (const user of acronis.users.list({ tenantId }))
    if (isSameId(user.tenant_id, tenantId) && nameKey(user.login.toLowerCase()) === wanted) return user;
  return undefined;
}

async function removeUser(given: UserRemoval, attempt: Attempt): Promise<UndoResult> {
  const { acronis } = attempt;
  // a failed step answers only how far it came
  const spec = { ...given, came: given.came?.userId === undefined ? null : given.came };
  const { tenantId, person, unsure, came } = spec;
  // a person may have changed the login
  const find = async () =>
    came ? await findUserById(acronis, came.userId) : await findUser(acronis, tenantId, person.login);
  const user = await lookAgainIf(unsure, attempt, find);
  if (user === undefined) return { result: outcomeSoFar(attempt) };
  if (!came && !hasSameEmail(user, person))
    return { result: user.contact?.email ? outcomeSoFar(attempt) : leaveAsIs('user', user.id, UNSEEN_EMAIL) };
  const read = async () => await acronis.users.get(user.id);
  const doubt = (await whyNotDeletedAgain(attempt, user, read)) ?? whySwitchedOn(attempt, user);
  if (doubt !== undefined) return { result: leaveAsIs('user', user.id, doubt) };
  const begun = !user.enabled && (hasBegun(attempt) || attempt.mayHaveActed);
  const reason = await whyUserStays(acronis, begun ? beforeOurs(user) : user, spec);
  if (reason !== undefined) return await leaveUser(acronis, user, begun, reason);
  const stays = await unlessGone(
    async () => await disableAndDelete(user, spec, attempt),
    async () => (await find()) !== undefined,
  );
  return stays ?? { result: outcomeSoFar(attempt) };
}

const UNSEEN_EMAIL =
  "it may be this run's or somebody else's: its creation was never answered, and the cloud does not show its e-mail address";

/** Answers what is left; undefined when the user is gone. */
async function disableAndDelete(user: User, spec: UserRemoval, attempt: Attempt): Promise<UndoResult | undefined> {
  const { acronis, memory } = attempt;
  const { id, version, enabled } = user;
  if (enabled) memory.disabling = version;
  beginUndo(attempt);
  const off = enabled ? await acronis.users.update(id, { version, enabled: false }) : user;
  await announceDeletion(attempt, off, async () => await acronis.users.get(id));
  // somebody may have logged in while it was still on
  const since = await whyUserStays(acronis, beforeOurs(off), spec);
  if (since !== undefined) {
    forgetDeletion(attempt, off);
    return await leaveUser(acronis, off, true, since);
  }
  const stays = await deleteAndSee(attempt, off, {
    send: async () => await acronis.users.remove(id, off.version),
    isThere: async () => (await findUserById(acronis, id)) !== undefined,
  });
  return stays === undefined ? undefined : { result: leaveAsIs('user', id, `${stays}, switched off`) };
}

/** A call without an answer can have disabled the user; enabled again by somebody, it has a version more. */
function whySwitchedOn({ memory }: Attempt, { enabled, version }: User): string | undefined {
  const again = enabled && memory.disabling !== undefined && version > memory.disabling + 1;
  return again ? 'somebody may have switched it on again' : undefined;
}

/** Names a user that stays, and enables it again when this undo has disabled it. */
async function leaveUser(acronis: Acronis, { id, version }: User, off: boolean, reason: string): Promise<UndoResult> {
  if (off) await acronis.users.update(id, { version, enabled: true });
  return { result: leaveAsIs('user', id, reason) };
}

async function findUserById(acronis: Acronis, id: string): Promise<User | undefined> {
  const user = await unlessNotFound(() => acronis.users.get(id));
  return user?.deleted_at === null ? user : undefined;
}

/** A user that this undo has disabled, as it was before. */
function beforeOurs(user: User): User {
  return { ...user, enabled: true, version: user.version - 1 };
}

async function whyUserStays(acronis: Acronis, user: User, spec: UserRemoval): Promise<string | undefined> {
  const elsewhere = whyElsewhere(user, spec.tenantId);
  if (elsewhere !== undefined) return elsewhere;
  if (spec.doubtful === true && spec.came?.ownership !== 'ours') return PERHAPS_BY_OTHERS;
  const isDoubtful = spec.came?.ownership === 'doubtful';
  const isCertain = spec.came != null && spec.doubted !== true && !isDoubtful;
  if (!isCertain) {
    const ours = !isDoubtful && (await isUntouched(acronis, user, spec));
    return ours
      ? undefined
      : "it may be somebody else's: its creation was never answered, and it is in use or was changed since";
  }
  if (mayHaveLoggedIn(user, spec.passwordSet === true)) return 'somebody has logged in as this user, who is activated';
  if (!hasPersonalData(user, spec.person)) return 'somebody has changed its login, names or e-mail address';
  const held = await readRoles(acronis, user.id);
  const others = held.filter(({ roleId, tenantId }) => roleId !== spec.role || tenantId !== user.tenant_id);
  // tasks of older versions do not say which role this run gives
  if (others.length === 0 || spec.role === undefined) return undefined;
  return `somebody has given it other roles: ${others.map(({ roleId }) => roleId).join(', ')}`;
}

type UserRemoval = UserToRemove & AnsweredStep<MadeUser>;
