import type { Acronis, Agent, Tenant, Usage, User } from '../acronis/index.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { agentsIn } from './agents-in.js';
import { inWords, quantity } from './quantities.js';

const SHOWN = 5;

/** A tenant that is to be deleted. */
type Doomed = Pick<Tenant, 'id' | 'name' | 'ancestral_access'>;

/**
 * What would be destroyed with a tenant and is not named; each kind of thing in one sentence, none when all is. What keeps us out may show an
 * empty list of users, so it counts as something that cannot be named.
 */
export async function unnamedBelow(acronis: Acronis, tenant: Doomed, including: Including): Promise<string[]> {
  const { id } = tenant;
  if (tenant.ancestral_access === false) return [keepsOut(tenant)];
  const [tenants, users, usages, agents] = await Promise.all([
    all(acronis.tenants.list({ subtreeRootId: id })),
    all(acronis.users.list({ tenantId: id })),
    acronis.usages.list(id),
    agentsIn(acronis, id),
  ]);
  const below = tenants.filter((one) => one.id !== id && !isPersonal(one, users));
  const logins = users.map(({ login }) => login);
  return [
    ...below.filter(({ ancestral_access }) => ancestral_access === false).map((one) => keepsOut(one)),
    ...told('tenants', unnamedTenants(below, including.tenants)),
    ...told('users', unnamedUsers(logins, including.users)),
    // who may not see agents goes by the usage
    ...told('agents', 'hidden' in agents ? [] : unnamedAgents(agents.seen, including.agents)),
    ...told(
      'usage',
      usages.flatMap((usage) => unnamedUsage(usage, including.usage)),
    ),
  ];
}

function keepsOut({ id, name }: Doomed): string {
  return `${JSON.stringify(name)} (${id}) keeps us out, so nobody can see what is in it: let us in first ("allowAdministratorAccess", or its own administrator in the console)`;
}

/** The personal tenant of a user goes with the user. What belongs to nobody here may be anything. */
function isPersonal({ owner_id }: Tenant, users: readonly User[]): boolean {
  return owner_id !== null && users.some(({ id }) => id.toLowerCase() === owner_id.toLowerCase());
}

function unnamedTenants(below: readonly Tenant[], names: Including['tenants']): string[] {
  const named = new Set(names);
  const strangers = below.filter(({ id, name }) => !named.has(id) && !named.has(name));
  return strangers.map(({ id, name }) => `${JSON.stringify(name)} (${id})`);
}

function unnamedAgents(agents: readonly Agent[], named: Including['agents'] = []): string[] {
  if (typeof named === 'number') return tooMany(agents.length, named);
  const known = new Set(named.map((one) => one.toLowerCase()));
  const strangers = agents.filter(
    ({ id, hostname }) => ![id, hostname ?? id].some((one) => known.has(one.toLowerCase())),
  );
  return strangers.map(({ id, hostname }) => (hostname === null ? id : `${hostname} (${id})`));
}

function tooMany(there: number, named: number): string[] {
  return there <= named ? [] : [`${there} in all, ${named} named`];
}

function unnamedUsers(logins: string[], named: Including['users']): string[] {
  if (typeof named === 'number') return tooMany(logins.length, named);
  const known = new Set(named.map((login) => login.toLowerCase()));
  return logins.filter((login) => !known.has(login.toLowerCase()));
}

function unnamedUsage(usage: Usage, named: Including['usage']): string[] {
  const { name, usage_name, absolute_value } = usage;
  if (absolute_value <= 0) return [];
  const measured = { ...usage, measurement_unit: measuredUnit(usage) };
  const used = `${usage_name} ${inWords(absolute_value, measured)}`;
  const limits = [...new Set([usage_name, name])].flatMap((one) => named[one] ?? []);
  if (limits.length === 0) return [used];
  return limits.flatMap((limit) => {
    const most = quantity(limit, measured);
    if (typeof most === 'object') return [`${usage_name} ${most.problem}`];
    return absolute_value <= most ? [] : [`${used} (named: ${limit})`];
  });
}

/** What is only on or off, and what is measured in an unknown unit, is named by the vendor's bare number. */
function measuredUnit({ measurement_unit: unit }: Usage): string {
  return unit === 'bytes' || unit === 'seconds' ? unit : 'quantity';
}

function told(field: keyof Including, things: readonly string[]): string[] {
  if (things.length === 0) return [];
  const more = things.length > SHOWN ? ` and ${things.length - SHOWN} more` : '';
  return [`including.${field}: ${things.slice(0, SHOWN).join(', ')}${more}`];
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}
