import type { Acronis, User } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { nameKey } from '../contract/names.js';
import type { Person } from '../contract/orders.js';

/** A user as a run makes it. */
export interface UserTraits {
  person: Person;
  language?: string | undefined;
  /** The role that the run gives. */
  role?: string | undefined;
  /** The user was not made before this time, by a clock that may differ. Milliseconds since 1970. */
  since?: number | undefined;
}

/** Clocks differ, and some times of the vendor have no time zone. */
export const CLOCKS_DIFFER_MS = 24 * 3_600_000;

/**
 * Why nothing may be done to a user on behalf of this tenant: the user lives in another one by now, although its id was
 * right when the run learnt it. Undefined when the user still lives here.
 */
export function whyElsewhere({ tenant_id }: Pick<User, 'tenant_id'>, tenantId: string): string | undefined {
  return isSameId(tenant_id, tenantId) ? undefined : `somebody has moved it to the tenant ${tenant_id}`;
}

/** True when the e-mail addresses are equal. The same login alone may belong to somebody else. */
export function hasSameEmail({ contact }: Pick<User, 'contact'>, { email }: Pick<Person, 'email'>): boolean {
  return nameKey(contact?.email?.toLowerCase() ?? '') === nameKey(email.toLowerCase());
}

/** What to do about a user with the right login whose e-mail address the cloud does not show. */
export function whyUncertain({ id, login }: Pick<User, 'id' | 'login'>): string {
  return (
    `${JSON.stringify(login)} (${id}) is a user of this tenant, and the cloud does not show its e-mail address: nobody can see whether it is the same person. ` +
    'If it is, enter the address in the console, then retry; else choose another login'
  );
}

/** True when login, e-mail address and names are as ordered. */
export function hasPersonalData(user: User, person: Person): boolean {
  const { login, contact } = user;
  if (!hasSameEmail(user, person) || nameKey(login.toLowerCase()) !== nameKey(person.login.toLowerCase())) return false;
  return !differs(person.firstName, contact?.firstname) && !differs(person.lastName, contact?.lastname);
}

/**
 * True when somebody may have logged in as this user. A user counts as activated unless the cloud says that it is not.
 */
export function mayHaveLoggedIn({ activated, mfa_status }: User, passwordSet: boolean): boolean {
  return mfa_status === 'enabled' || (activated !== false && !passwordSet);
}

/**
 * True when a user is exactly as a run makes it: nobody has changed or used it since. Fields that the cloud leaves out
 * count as equal, except `activated`.
 */
export function isAsCreated(user: User, { person, language, since }: UserTraits): boolean {
  const { version, enabled, activated, created_at } = user;
  if (version > 1 || !enabled || activated !== false) return false;
  if (!hasPersonalData(user, person)) return false;
  // the vendor may show a language more exactly than it was ordered
  if (language !== undefined && user.language !== null && differs(mainPart(language), mainPart(user.language)))
    return false;
  return since === undefined || !(Date.parse(created_at ?? '') < since - CLOCKS_DIFFER_MS);
}

/** True when it also has no role except the one of this run. */
export async function isUntouched(acronis: Acronis, user: User, likeness: UserTraits): Promise<boolean> {
  if (!isAsCreated(user, likeness)) return false;
  const policies = await acronis.users.accessPolicies(user.id);
  return policies.every((one) => one.role_id === likeness.role && one.tenant_id === user.tenant_id);
}

function differs(ordered: string | undefined, there: string | null | undefined): boolean {
  if (there == null) return false;
  return nameKey(ordered ?? '') !== nameKey(there);
}

function mainPart(language: string): string {
  return language.toLowerCase().split(/[-_]/)[0]!;
}
