import { unlessNotFound, type Acronis, type User } from '../acronis/index.js';
import type { Person } from '../contract/orders.js';
import { readRoles } from './access.js';
import type { Attempt, TenantSpec } from './attempt.js';
import { lookAgain, lookAgainIf } from './lost-answers.js';
import { isTooYoungForAgents, lookForMachinesOf, type MachineUse } from './machine-use.js';
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
import { hasPersonalData, hasSameEmail, isUntouched, mayHaveLoggedIn, whyElsewhere } from './user-traits.js';
import { findUser } from './user-search.js';
import type { MadeUser } from './users.js';

interface UserToRemove extends TenantSpec {
  person: Person;
  /** Absent in tasks of earlier versions. */
  language?: string;
  /** The role that this run gives. */
  role?: string;
  /** True when this run has set the password, or may have. Else an activated user has logged in. */
  passwordSet?: boolean;
  /** When the run was started, in ISO 8601: the user did not exist then. Absent after a reset, and in older tasks. */
  runSince?: string;
}

type UserRemoval = UserToRemove & AnsweredStep<MadeUser>;

/** See the activity of this name. */
export async function removeUser(given: UserRemoval, attempt: Attempt): Promise<UndoResult> {
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
  const reason = await whyUserStays(attempt, begun ? beforeOurs(user) : user, spec);
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
  const since = await whyUserStays(attempt, beforeOurs(off), spec);
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

async function whyUserStays(attempt: Attempt, user: User, spec: UserRemoval): Promise<string | undefined> {
  const elsewhere = whyElsewhere(user, spec.tenantId);
  if (elsewhere !== undefined) return elsewhere;
  if (spec.doubtful === true && spec.came?.ownership !== 'ours') return PERHAPS_BY_OTHERS;
  return (await whyItsOwn(attempt.acronis, user, spec)) ?? (await whyAlive(attempt, user, spec.runSince));
}

/** Why the user may be somebody else's, or belongs to somebody by now. */
async function whyItsOwn(acronis: Acronis, user: User, spec: UserRemoval): Promise<string | undefined> {
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

/** Why the personal tenant of the user, which goes with it, is in use. Looks again when something may become visible. */
async function whyAlive(attempt: Attempt, user: User, since: string | undefined): Promise<string | undefined> {
  let use: MachineUse = {};
  await lookAgain(attempt, async () => {
    use = await lookForMachinesOf(attempt.acronis, [user]);
    return use.reason === undefined && [use.agents, use.others].some((one) => one?.passing) ? undefined : true;
  });
  const { reason, agents, others } = use;
  const hidden = others ?? (isTooYoungForAgents([user], since, attempt.now()) ? undefined : agents);
  return reason ?? (hidden && `in its personal tenant ${hidden.hidden}`);
}
