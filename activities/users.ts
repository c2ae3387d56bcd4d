import { isAcronisError, type Acronis, type User } from '../acronis/index.js';
import type { Person } from '../workflows/shared/order.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain } from './looking-again.js';

interface UserSpec {
  cloud: string;
  tenantId: string;
  person: Person;
  language: string;
  /** True when an earlier try may have made the user already. */
  look: boolean;
}

interface UserPlace {
  cloud: string;
  tenantId: string;
  person: Pick<Person, 'login' | 'email'>;
  /** The role that this run gives. */
  role?: string;
}

interface MadeUser {
  userId: string;
  activated: boolean;
}

export function createUserActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes sure that the tenant has one user with this login, which was free when the run looked. Safe to repeat: logins are unique in the
     * whole platform, so a second creation is refused and answered by a look. Fails with `Acronis.Taken` when the user
     * found is another person; any try but the first looks again for a minute before that, since a new user can be listed late.
     */
    ensureUser: activity(dependencies, patience.change, ensureUser),
    /**
     * Removes the user of this run. One whose creation was never answered is found by login and e-mail, and removed only if nobody has used or
     * changed it since: else it may be somebody else's, and is named as a leftover. Safe to repeat.
     */
    removeUser: activity(dependencies, patience.undo, removeUser),
  };
}

async function ensureUser({ tenantId, person, language, look }: UserSpec, attempt: Attempt) {
  const { acronis } = attempt;
  const again = look || !attempt.first;
  const find = async () => await findUser(acronis, tenantId, person.login);
  if (again) {
    const known = await find();
    if (known && isSamePerson(known, person)) return adopted(known, attempt);
  }
  try {
    const user = await acronis.users.create({
      tenant_id: tenantId,
      login: person.login,
      language,
      contact: { email: person.email, firstname: person.firstName, lastname: person.lastName },
    });
    return { result: { userId: user.id, activated: user.activated } };
  } catch (error) {
    if (!isAcronisError(error) || !['taken', 'conflict'].includes(error.kind)) throw error;
    // what an earlier try has made may be listed late
    const known = again ? await lookAgain(attempt, find) : await find();
    if (known && isSamePerson(known, person)) return adopted(known, attempt);
    throw error;
  }
}

/** The login was free when the run looked, so after a lost answer this run has made the user; else somebody else has since. */
function adopted({ id, activated }: User, { unsure }: Attempt): Found<{ userId: string; activated: boolean }> {
  return { result: { userId: id, activated }, adopted: true, changed: unsure };
}

/** The user with this login in this very tenant. Logins are compared as the platform does: without regard to case. */
export async function findUser(acronis: Acronis, tenantId: string, login: string): Promise<User | undefined> {
  const wanted = login.trim().toLowerCase();
  for await (const user of acronis.users.list({ tenantId }))
    if (user.tenant_id.toLowerCase() === tenantId.toLowerCase() && user.login.toLowerCase() === wanted) return user;
  return undefined;
}

/** True when the e-mail addresses agree too: the same login alone may be somebody else's. */
export function isSamePerson({ contact }: Pick<User, 'contact'>, { email }: Pick<Person, 'email'>): boolean {
  return contact?.email?.toLowerCase() === email.toLowerCase();
}

async function removeUser(
  spec: UserPlace & { came?: MadeUser | null; doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis, memory, remember } = attempt;
  const { tenantId, person, unsure } = spec;
  const find = async () => await findUser(acronis, tenantId, person.login);
  let user = unsure ? await lookAgain(attempt, find) : await find();
  if (user === undefined || !isThisRuns(user, spec))
    return { result: { undone: memory.removing === true, leftovers: [] } };
  const begun = memory.removing === true || (attempt.unsure && !user.enabled);
  if (!begun && !isCertain(spec) && !(await isUntouched(acronis, user, spec.role))) {
    const reason = "it may be somebody else's: its creation was never answered, and it is in use or was changed since";
    return { result: { undone: false, leftovers: [{ kind: 'user', id: user.id, reason }] } };
  }
  memory.removing = true;
  remember();
  try {
    if (user.enabled) user = await acronis.users.update(user.id, { version: user.version, enabled: false });
    await acronis.users.remove(user.id, user.version);
  } catch (error) {
    const gone = isAcronisError(error) && error.kind === 'not-found';
    if (!gone || (await find())) throw error;
  }
  return { result: { undone: true, leftovers: [] } };
}

function isThisRuns(user: User, { came, person }: UserPlace & { came?: MadeUser | null }): boolean {
  return came ? user.id === came.userId : isSamePerson(user, person);
}

/** True when the cloud itself has answered which user this run has made. */
function isCertain({ came, doubted = false }: { came?: MadeUser | null; doubted?: boolean }): boolean {
  return came != null && !doubted;
}

/** True when nobody has changed or used a user since it was made, nor given it another role than this run's. */
async function isUntouched(acronis: Acronis, user: User, role: string | undefined): Promise<boolean> {
  if (user.version > 1 || user.activated) return false;
  const policies = await acronis.users.accessPolicies(user.id);
  return policies.every((one) => one.role_id === role && one.tenant_id === user.tenant_id);
}
