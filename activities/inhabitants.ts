import { isAcronisError, type Acronis, type Tenant, type User } from '../acronis/index.js';
import { hasGotIn, isUntouched, type Likeness } from './user-likeness.js';

/** Of whom a run knows in a tenant: the users that it has made, or may have made. */
interface OwnUsers {
  logins: readonly string[];
  alike?: readonly Likeness[];
  /** True when the run has set their password, or may have. Else one that is activated has got in. */
  passwordSet?: boolean;
  /**
   * When the run was started that has made this tenant, in ISO 8601, where its own call was answered with this id. Then it can be shown that no
   * agent got in, also by a client that may not see agents.
   */
  madeSince?: string | undefined;
}

const TOKENS = 'its registration tokens';

/** What keeps a tenant from being removed. */
export interface Inhabited {
  reason: string;
  /** False when only something may live there that we may not see. */
  certain: boolean;
  /** True when that may come into sight by itself: it was not refused, but not found. */
  passing?: boolean;
}

/**
 * Says who else lives in a tenant, or may; nothing when only the run's own users do. What others use must never be removed by an undo, so what
 * may not be seen (403, 404) counts as perhaps there. An answer that nobody can read is thrown.
 */
export async function inhabitants(
  acronis: Acronis,
  tenant: Pick<Tenant, 'id' | 'kind' | 'ancestral_access'>,
  own: OwnUsers,
): Promise<Inhabited | undefined> {
  const { id, kind, ancestral_access } = tenant;
  if (ancestral_access === false && id !== (await acronis.rootTenantId()))
    return perhaps('its customer alone may see who lives in it');
  const users = await visible('its users', () => all(acronis.users.list({ tenantId: id })));
  const strangers = 'hidden' in users ? undefined : await movedIn(acronis, users.seen, own);
  if (strangers !== undefined) return certainly(strangers);
  const children = await visible('the tenants below it', () => acronis.tenants.childIds(id));
  if ('seen' in children && children.seen.length > 0)
    return certainly(`${children.seen.length} tenant(s) have been made below it`);
  const usages = await visible('its usage', () => acronis.usages.list(id));
  const used = 'hidden' in usages ? [] : usages.seen.filter(({ absolute_value }) => absolute_value > 0);
  if (used.length > 0) return certainly(`it is in use: ${used.map(({ usage_name }) => usage_name).join(', ')}`);
  const agents = await visible('its agents', () => firstAgent(acronis, id));
  if ('seen' in agents && agents.seen !== undefined)
    return certainly(`an agent has been registered in it: ${agents.seen}`);
  // only a customer has any
  const tokens: Sight<number> =
    kind === 'customer' ? await visible(TOKENS, () => countTokens(acronis, id)) : { seen: 0 };
  if ('seen' in tokens && tokens.seen > 0)
    return certainly('somebody has issued a token by which agents register in it');
  for (const one of [users, children, usages, tokens]) if ('hidden' in one) return perhaps(one.hidden, one.passing);
  if ('seen' in agents || 'hidden' in users) return undefined;
  return (await couldNotRegister(acronis, id, { users: users.seen, ...own }))
    ? undefined
    : perhaps(agents.hidden, agents.passing);
}

function certainly(reason: string): Inhabited {
  return { reason, certain: true };
}

function perhaps(reason: string, passing = false): Inhabited {
  return { reason, certain: false, passing };
}

async function movedIn(
  acronis: Acronis,
  users: readonly User[],
  { logins, alike = [], passwordSet = false }: OwnUsers,
): Promise<string | undefined> {
  const known = new Set(logins.map((login) => login.toLowerCase()));
  let strangers = 0;
  for (const user of users) {
    if (!known.has(user.login.toLowerCase())) strangers += (await isOneOf(acronis, user, alike)) ? 0 : 1;
    else if (hasGotIn(user, passwordSet))
      return 'its user has got in without a password of this run, by an invitation, and works in it';
  }
  return strangers > 0 ? `${strangers} user(s) of somebody else live in it` : undefined;
}

async function isOneOf(acronis: Acronis, user: User, alike: readonly Likeness[]): Promise<boolean> {
  for (const likeness of alike) if (await isUntouched(acronis, user, likeness)) return true;
  return false;
}

/** What is there, or why that may not be seen. */
type Sight<T> = { seen: T } | { hidden: string; passing: boolean };

async function visible<T>(what: string, look: () => Promise<T>): Promise<Sight<T>> {
  try {
    return { seen: await look() };
  } catch (error) {
    if (!isAcronisError(error) || !['forbidden', 'not-found'].includes(error.kind)) throw error;
    const hidden = `${what} may not be seen, so somebody may use it: ${error.message}`;
    return { hidden, passing: error.kind === 'not-found' };
  }
}

/** Usage is counted every half hour, agents at once. */
async function firstAgent(acronis: Acronis, tenantId: string): Promise<string | undefined> {
  const tenantNumber = await acronis.tenants.numberOf(tenantId);
  for await (const { hostname, id } of acronis.agents.list({ tenantNumber })) return hostname ?? id;
  return undefined;
}

/** Within this time a token by which an agent registers is still listed: nobody gives out one that ends sooner. */
const TOKENS_LAST_MS = 3_600_000;

/**
 * Whether no agent can have registered in a tenant since this run has made it. An agent registers as a user who can log in, or by a token: so
 * nobody may be activated, and the run must be so young that a token would still be listed, in the tenant or in that of a user.
 */
async function couldNotRegister(
  acronis: Acronis,
  tenantId: string,
  { users, madeSince }: OwnUsers & { users: readonly User[] },
): Promise<boolean> {
  const age = Date.now() - Date.parse(madeSince ?? '');
  // also when nobody knows since when
  if (!(age < TOKENS_LAST_MS) || users.some(({ activated }) => activated !== false)) return false;
  const places = [tenantId, ...users.flatMap(({ personal_tenant_id }) => personal_tenant_id ?? [])];
  for (const place of places) {
    const tokens = await visible(TOKENS, () => countTokens(acronis, place));
    if ('hidden' in tokens || tokens.seen > 0) return false;
  }
  return true;
}

async function countTokens(acronis: Acronis, tenantId: string): Promise<number> {
  return (await acronis.registrationTokens.list(tenantId)).length;
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}
