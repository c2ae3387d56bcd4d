import { isAcronisError, type Acronis, type User } from '../acronis/index.js';
import type { KnownUser } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { isSameId } from '../contract/ids.js';
import type { Person } from '../contract/orders.js';
import { readRoles } from './access.js';
import type { Outcome } from './attempt.js';
import { refuse } from './failures.js';
import { hasSameEmail, whyUncertain } from './user-traits.js';
import { findUser } from './user-search.js';

/** The person of an order. */
export interface Asked {
  cloud: string;
  person: Person;
  /** The field of the order that describes the person. */
  field: 'user' | 'administrator';
}

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
  /** What somebody has changed in the user of an earlier run. */
  changed?: string;
}

/** A user at whom nobody could look. */
type UnseenMember = FoundMember & Required<Pick<FoundMember, 'userId' | 'unseen'>>;

/** A tenant in which the person may be a user. */
export interface Home {
  id: string;
  /** The user that an earlier run has made there, when the tenant keeps us out. */
  known?: UnseenMember;
}

/** Where a person may be a user, and what earlier runs know. */
export interface MemberSearch extends Omit<Asked, 'cloud'> {
  users: readonly KnownUser[];
  homes: () => Promise<Home[]>;
  /** Fails when it can say more than that the login is somebody else's. */
  checkElsewhere?: () => Promise<void>;
}

/**
 * Finds the person as a user of one of the homes. Fails when the login is somebody else's, or the user may not log in.
 * Reads the homes only when the login is not free, or an earlier run had a user.
 */
export async function findPerson(acronis: Acronis, search: MemberSearch): Promise<Outcome<FoundMember>> {
  const { person, field, users } = search;
  const login = JSON.stringify(person.login);
  const answer = await acronis.users.checkLogin(person.login);
  const isFree = answer === 'free';
  const free = { result: { activated: false, roles: [] } };
  if (isFree && users.length === 0) return free;
  if (answer === 'unacceptable')
    throw refuse(FailureType.Rejected, `${field}.login: the cloud does not accept ${login} as a login`);
  const homes = await search.homes();
  for (const home of isFree ? [] : homes) {
    const user = await userIn(acronis, home, person.login);
    if (user === undefined) continue;
    if ('unseen' in user) return { result: user };
    checkIsPerson(user, search);
    return { result: await asMember(acronis, user, home, field) };
  }
  const renamed = await findRenamed(acronis, search, homes);
  if (renamed !== undefined) return { result: renamed };
  if (isFree) return free;
  await search.checkElsewhere?.();
  throw taken(`${field}.login: ${login} is taken by somebody else`);
}

async function asMember(acronis: Acronis, user: User, { id: tenantId }: Home, field: Asked['field']) {
  const { id: userId, login, enabled, activated } = user;
  if (!enabled)
    throw refuse(
      FailureType.SwitchedOff,
      `${field}.login: ${JSON.stringify(login)} (${userId}) is switched off in this tenant: let this user log in again in the console, then retry, or choose another login`,
    );
  const held = await readRoles(acronis, userId);
  const roles = held.filter((one) => one.tenantId === tenantId).map(({ roleId }) => roleId);
  return { userId, tenantId, activated: activated === true, roles };
}

/** Fails with `Acronis.Taken` when the user with this login is not, or may not be, the person. */
function checkIsPerson(user: User, { person, field, users }: MemberSearch): void {
  if (hasSameEmail(user, person)) return;
  const login = JSON.stringify(user.login);
  const known = users.find(({ userId }) => isSameId(userId, user.id));
  if (!user.contact?.email) {
    if (known !== undefined) return;
    throw refuse(FailureType.Taken, `${field}.email: ${whyUncertain(user)}`);
  }
  if (known === undefined)
    throw taken(`${field}.login: ${login} is taken in this tenant by somebody with another e-mail address`);
  throw refuse(
    FailureType.Taken,
    `${field}.email: somebody has changed the e-mail address of ${login} (${user.id}), which ${known.workflowId} has ordered: ` +
      'set it as ordered in the console, then retry; or choose another login, if it is another person now',
  );
}

/** Reads something; undefined when it is not there, or we may not see it. */
export async function unlessUnseen<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isAcronisError(error) && ['not-found', 'forbidden'].includes(error.kind)) return undefined;
    throw error;
  }
}

/** Finds the user of an earlier run whose login somebody has changed since. */
async function findRenamed(
  acronis: Acronis,
  { person, field, users }: MemberSearch,
  homes: readonly Home[],
): Promise<FoundMember | undefined> {
  for (const { userId, workflowId } of users) {
    const user = await unlessUnseen(async () => await acronis.users.get(userId));
    const home = homes.find(({ id }) => user?.deleted_at === null && isSameId(id, user.tenant_id));
    if (user === undefined || home === undefined) continue;
    const changed = `somebody has changed the login of ${userId}, which ${workflowId} has ordered, from ${JSON.stringify(person.login)} to ${JSON.stringify(user.login)}`;
    if (user.contact?.email && !hasSameEmail(user, person))
      throw refuse(
        FailureType.Unexpected,
        `${field}.login: ${changed}, and its e-mail address too: set both as ordered in the console, then retry; or remove this user there, if it is another person, then retry`,
      );
    return { ...(await asMember(acronis, user, home, field)), changed };
  }
  return undefined;
}

async function userIn(acronis: Acronis, { id, known }: Home, login: string): Promise<User | UnseenMember | undefined> {
  try {
    return await findUser(acronis, id, login);
  } catch (error) {
    if (known === undefined || !isAcronisError(error) || error.kind !== 'forbidden') throw error;
    return known;
  }
}

function taken(sentence: string) {
  return refuse(FailureType.Taken, `${sentence}; choose another`);
}
