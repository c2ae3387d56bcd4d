import type { Acronis, User } from '../acronis/index.js';
import type { Person } from '../contract/orders.js';

/** Whom a run makes, or has made. */
export interface Likeness {
  person: Person;
  language?: string | undefined;
  /** The role that the run gives. */
  role?: string | undefined;
  /** Not made before this, by a clock that may differ. Milliseconds since 1970. */
  since?: number | undefined;
}

/** Clocks differ, and the vendor's times have no zone in some forms. */
const CLOCKS_DIFFER_MS = 24 * 3_600_000;

/** True when the e-mail addresses agree too: the same login alone may be somebody else's. */
export function isSamePerson({ contact }: Pick<User, 'contact'>, { email }: Pick<Person, 'email'>): boolean {
  return contact?.email?.toLowerCase() === email.toLowerCase();
}

/** True when login, e-mail address and names are as ordered. */
export function isPerson(user: User, person: Person): boolean {
  const { login, contact } = user;
  if (!isSamePerson(user, person) || login.toLowerCase() !== person.login.trim().toLowerCase()) return false;
  return !differs(person.firstName, contact?.firstname) && !differs(person.lastName, contact?.lastname);
}

/** Where the cloud does not say that a user is not activated, that user may be. */
export function hasGotIn({ activated, mfa_status }: User, passwordSet: boolean): boolean {
  return mfa_status === 'enabled' || (activated !== false && !passwordSet);
}

/** True when a user is just as a run makes this one, and nobody has changed or used it since. What the cloud leaves out is not counted against it, unless it is whether the user is activated. */
export function isAsMade(user: User, { person, language, since }: Likeness): boolean {
  const { version, enabled, activated, created_at } = user;
  if (version > 1 || !enabled || activated !== false) return false;
  if (!isPerson(user, person)) return false;
  // the vendor may tell more of a language than was ordered
  if (language !== undefined && user.language !== null && differs(mainPart(language), mainPart(user.language)))
    return false;
  return since === undefined || !(Date.parse(created_at ?? '') < since - CLOCKS_DIFFER_MS);
}

/** True when, besides, it has no role but this run's. */
export async function isUntouched(acronis: Acronis, user: User, likeness: Likeness): Promise<boolean> {
  if (!isAsMade(user, likeness)) return false;
  const policies = await acronis.users.accessPolicies(user.id);
  return policies.every((one) => one.role_id === likeness.role && one.tenant_id === user.tenant_id);
}

function differs(ordered: string | undefined, there: string | null | undefined): boolean {
  if (there == null) return false;
  return (ordered ?? '').trim() !== there.trim();
}

function mainPart(language: string): string {
  return language.toLowerCase().split(/[-_]/)[0]!;
}
