import { firstOf, isHidden, type Acronis, type User } from '../acronis/index.js';

/** What is there, or why we may not see it. */
export type Sight<T> = { seen: T } | Unseen;

export interface Unseen {
  hidden: string;
  /** True when that may change soon: something was not found, which may be temporary. */
  passing: boolean;
}

/** What machines show of a tenant. */
export interface MachineUse {
  /** Why the tenant is in use; undefined when nothing shows that. */
  reason?: string;
  /** Why its agents may not be seen; absent when they may. */
  agents?: Unseen;
  /** Why something else may not be seen. */
  others?: Unseen;
}

/** Looks at something that may be hidden from us. Fails when the answer cannot be read. */
export async function visible<T>(what: string, look: () => Promise<T>): Promise<Sight<T>> {
  try {
    return { seen: await look() };
  } catch (error) {
    if (!isHidden(error)) throw error;
    const hidden = `${what} may not be seen, so somebody may use it: ${error.message}`;
    return { hidden, passing: error.kind === 'not-found' };
  }
}

/** Looks at the usage, agents and registration tokens of a tenant. `hasTokens`: only customers and personal tenants do. */
export async function lookForMachines(acronis: Acronis, tenantId: string, hasTokens = true): Promise<MachineUse> {
  const usages = await visible('its usage', () => acronis.usages.list(tenantId));
  const used = 'hidden' in usages ? [] : usages.seen.filter(({ absolute_value }) => absolute_value > 0);
  if (used.length > 0) return { reason: `it is in use: ${used.map(({ usage_name }) => usage_name).join(', ')}` };
  const agents = await visible('its agents', () => firstAgent(acronis, tenantId));
  if ('seen' in agents && agents.seen !== undefined)
    return { reason: `an agent has been registered in it: ${agents.seen}` };
  const tokens = hasTokens ? await lookForTokens(acronis, tenantId) : { seen: 0 };
  if ('seen' in tokens && tokens.seen > 0)
    return { reason: 'somebody has issued a token by which agents register in it' };
  const others = [usages, tokens].find((one) => 'hidden' in one);
  return { ...('hidden' in agents && { agents }), ...(others && { others }) };
}

/** The same for the personal tenants of users, which go with them. */
export async function lookForMachinesOf(acronis: Acronis, users: readonly User[]): Promise<MachineUse> {
  const all: MachineUse = {};
  for (const { login, personal_tenant_id: id } of users) {
    if (id === null) continue;
    const { reason, ...unseen } = await lookForMachines(acronis, id);
    if (reason !== undefined) return { reason: `in the personal tenant of ${login}: ${reason}` };
    Object.assign(all, unseen);
  }
  return all;
}

/** Counts the registration tokens of a tenant. */
export async function lookForTokens(acronis: Acronis, tenantId: string): Promise<Sight<number>> {
  return await visible('its registration tokens', async () => (await acronis.registrationTokens.list(tenantId)).length);
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
 * True when no agent can have registered since, although we may not see any: an agent registers as an activated user, or
 * with a token. So no user may be activated, and so little time may have passed that a token would still be listed.
 */
export function isTooYoungForAgents(users: readonly User[], since: string | undefined, now = NaN): boolean {
  // Temporal's clock does not say for how long the attempt waited for a worker, and the worker's clock may be behind
  const age = Math.max(now, Date.now()) - Date.parse(since ?? '');
  // `age` is NaN when a time is unknown, and negative when both clocks are behind
  return age >= 0 && age < TOKENS_LAST_MS && users.every(({ activated }) => activated === false);
}
