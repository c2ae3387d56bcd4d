import { collect, firstOf, isHidden, type Acronis, type Tenant, type User } from '../acronis/index.js';
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

const TOKENS = 'its registration tokens';

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
  const usages = await visible('its usage', () => acronis.usages.list(id));
  const used = 'hidden' in usages ? [] : usages.seen.filter(({ absolute_value }) => absolute_value > 0);
  if (used.length > 0) return certain(`it is in use: ${used.map(({ usage_name }) => usage_name).join(', ')}`);
  const agents = await visible('its agents', () => firstAgent(acronis, id));
  if ('seen' in agents && agents.seen !== undefined)
    return certain(`an agent has been registered in it: ${agents.seen}`);
  // only a customer has any
  const tokens: Sight<number> =
    kind === 'customer' ? await visible(TOKENS, () => countTokens(acronis, id)) : { seen: 0 };
  if ('seen' in tokens && tokens.seen > 0) return certain('somebody has issued a token by which agents register in it');
  for (const one of [users, children, usages, tokens]) if ('hidden' in one) return possible(one.hidden, one.passing);
  if ('seen' in agents || 'hidden' in users) return undefined;
  return (await couldNotRegister(acronis, id, { users: users.seen, ...own }))
    ? undefined
    : possible(agents.hidden, agents.passing);
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

/** What is there, or why we may not see it. */
type Sight<T> = { seen: T } | { hidden: string; passing: boolean };

async function visible<T>(what: string, look: () => Promise<T>): Promise<Sight<T>> {
  try {
    return { seen: await look() };
  } catch (error) {
    if (!isHidden(error)) throw error;
    const hidden = `${what} may not be seen, so somebody may use it: ${error.message}`;
    return { hidden, passing: error.kind === 'not-found' };
  }
}

/** Agents appear at once, while usage is counted every half hour. */
async function firstAgent(acronis: Acronis, tenantId: string): Promise<string | undefined> {
  const tenantNumber = await acronis.tenants.numberOf(tenantId);
  const agent = await firstOf(acronis.agents.list({ tenantNumber }));
  return agent?.hostname ?? agent?.id;
}

/** A registration token is listed at least for this time: nobody issues one with a shorter lifetime. */
const TOKENS_LAST_MS = 3_600_000;

/**
 * True when no agent can have registered in a tenant since this run made it. An agent registers as an activated user,
 * or with a token. So no user may be activated, and the run must be so young that a token would still be listed, in the
 * tenant or in the personal tenant of a user.
 */
async function couldNotRegister(
  acronis: Acronis,
  tenantId: string,
  { users, madeSince, now = NaN }: OwnUsers & { users: readonly User[] },
): Promise<boolean> {
  // Temporal's clock does not say for how long the attempt waited for a worker, and the worker's clock may be behind
  const age = Math.max(now, Date.now()) - Date.parse(madeSince ?? '');
  // `age` is NaN when a time is unknown, and negative when both clocks are behind
  if (!(age >= 0 && age < TOKENS_LAST_MS) || users.some(({ activated }) => activated !== false)) return false;
  const tenantIds = [tenantId, ...users.flatMap(({ personal_tenant_id }) => personal_tenant_id ?? [])];
  for (const id of tenantIds) {
    const tokens = await visible(TOKENS, () => countTokens(acronis, id));
    if ('hidden' in tokens || tokens.seen > 0) return false;
  }
  return true;
}

async function countTokens(acronis: Acronis, tenantId: string): Promise<number> {
  return (await acronis.registrationTokens.list(tenantId)).length;
}
