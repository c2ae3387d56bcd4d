import { collect, type Acronis, type Tenant, type User } from '../acronis/index.js';
import { isTooYoungForAgents, lookForMachines, lookForMachinesOf, visible } from './machine-use.js';
import { isUntouched, mayHaveLoggedIn, type UserTraits } from './user-traits.js';

/** The users of a tenant that a run has made, or may have made. */
interface OwnUsers {
  logins: readonly string[];
  alike?: readonly UserTraits[];
  /** True when the run has set their password, or may have. Else an activated user has logged in. */
  passwordSet?: boolean;
  /**
   * When the run that made this tenant was started, in ISO 8601; given when the creation was answered with this id.
   * With it a client that may not see agents can still exclude that there are any.
   */
  madeSince?: string | undefined;
  /** The time by Temporal's clock, which has set `madeSince`. Milliseconds since 1970. */
  now?: number;
}

/** Why a tenant must not be removed. */
export interface ReasonToStay {
  reason: string;
  /** False when we may not see whether it is in use. */
  certain: boolean;
  /** True when that may change soon: something was not found, which may be temporary. */
  passing?: boolean;
}

/**
 * Says how others use a tenant, or may use it; undefined when only the run's own users are in it. An undo must never
 * remove what others use, so what we may not see (403, 404) counts as possible use. Fails when an answer cannot be
 * read.
 */
export async function whyInUse(
  acronis: Acronis,
  tenant: Pick<Tenant, 'id' | 'kind' | 'ancestral_access'>,
  own: OwnUsers,
): Promise<ReasonToStay | undefined> {
  const { id, kind, ancestral_access } = tenant;
  if (ancestral_access === false && id !== (await acronis.rootTenantId()))
    return possible('its customer alone may see who lives in it');
  const users = await visible('its users', () => collect(acronis.users.list({ tenantId: id })));
  const strangers = 'hidden' in users ? undefined : await whichStrangers(acronis, users.seen, own);
  if (strangers !== undefined) return certain(strangers);
  const children = await visible('the tenants below it', () => acronis.tenants.childIds(id));
  if ('seen' in children && children.seen.length > 0)
    return certain(`${children.seen.length} tenant(s) have been made below it`);
  const { reason, agents, others } = await lookForMachines(acronis, id, kind === 'customer');
  if (reason !== undefined) return certain(reason);
  const living = 'seen' in users ? users.seen : [];
  const personal = await lookForMachinesOf(acronis, living);
  if (personal.reason !== undefined) return certain(personal.reason);
  for (const one of [users, children, others, personal.others])
    if (one !== undefined && 'hidden' in one) return possible(one.hidden, one.passing);
  const unseen = agents ?? personal.agents;
  if (unseen === undefined || isTooYoungForAgents(living, own.madeSince, own.now)) return undefined;
  return possible(unseen.hidden, unseen.passing);
}

function certain(reason: string): ReasonToStay {
  return { reason, certain: true };
}

function possible(reason: string, passing = false): ReasonToStay {
  return { reason, certain: false, passing };
}

async function whichStrangers(
  acronis: Acronis,
  users: readonly User[],
  { logins, alike = [], passwordSet = false }: OwnUsers,
): Promise<string | undefined> {
  const known = new Set(logins.map((login) => login.toLowerCase()));
  let strangers = 0;
  for (const user of users) {
    if (!known.has(user.login.toLowerCase())) strangers += (await isOneOf(acronis, user, alike)) ? 0 : 1;
    else if (mayHaveLoggedIn(user, passwordSet))
      return 'its user has got in without a password of this run, by an invitation, and works in it';
  }
  return strangers > 0 ? `${strangers} user(s) of somebody else live in it` : undefined;
}

async function isOneOf(acronis: Acronis, user: User, alike: readonly UserTraits[]): Promise<boolean> {
  for (const likeness of alike) if (await isUntouched(acronis, user, likeness)) return true;
  return false;
}
