import { isAcronisError, type User } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Person } from '../contract/orders.js';
import { readRoles } from './access.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { changeMissing, lookAgainIf, mayBeDone } from './lost-answers.js';
import { removeUser } from './user-removal.js';
import { findUser } from './user-search.js';
import { hasSameEmail, isAsCreated, whyUncertain } from './user-traits.js';

interface UserSpec extends TenantSpec, StepTries {
  person: Person;
  language: string;
  look: boolean;
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
     * changed it, moved it to another tenant, or given it other roles, and when its personal tenant is in use. A user whose creation was not answered is found
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
  const mayBeOurs = earlierTries(spec, attempt) === 'maybeDone' && held.length === 0 && !isOfBlock(user, spec, attempt);
  const ours = mayBeOurs && isAsCreated(user, { ...spec, since });
  if (ours) return { result: { userId: id, activated, ownership: 'ours' }, adopted: true, changed: true };
  const roles = held.filter(({ tenantId }) => tenantId === user.tenant_id).map(({ roleId }) => roleId);
  return { result: { userId: id, activated, ownership: 'doubtful', roles }, adopted: true, changed: false };
}

/** True when somebody may have made the user while the run was blocked: since then, no call of this run can have. */
function isOfBlock({ created_at }: User, { triedUntil }: UserSpec, { triedBefore, mayHaveActed }: Attempt): boolean {
  if (!triedBefore || mayHaveActed || triedUntil === undefined) return false;
  // a time without a zone is in UTC
  const time = created_at && !/(z|[+-]\d\d:?\d\d)$/i.test(created_at) ? `${created_at}Z` : (created_at ?? '');
  return !(Date.parse(time) <= Date.parse(triedUntil));
}
