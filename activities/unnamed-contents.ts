import { collect, type Acronis, type Agent, type Tenant, type Usage, type User } from '../acronis/index.js';
import { measureOf } from '../contract/amounts.js';
import { isSameId } from '../contract/ids.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { toVendorUnit, toWords } from './quantities.js';
import { listAgents } from './tenant-contents.js';

const SHOWN = 5;

/** A tenant that will be deleted. */
type TenantToDelete = Pick<Tenant, 'id' | 'name' | 'ancestral_access'>;

/**
 * Finds what would be destroyed with a tenant and is not named in the order: one sentence for each kind of thing, none
 * when all is named. A tenant that keeps us out may show an empty list of users, so it counts as something that is not
 * named.
 */
export async function findUnnamedContents(
  acronis: Acronis,
  tenant: TenantToDelete,
  including: Including,
): Promise<string[]> {
  const { id } = tenant;
  if (tenant.ancestral_access === false) return [keepsOut(tenant)];
  const [tenants, users, usages, agents] = await Promise.all([
    collect(acronis.tenants.list({ subtreeRootId: id })),
    collect(acronis.users.list({ tenantId: id })),
    acronis.usages.list(id),
    listAgents(acronis, id),
  ]);
  const below = tenants.filter((one) => one.id !== id && !isPersonal(one, users));
  const logins = users.map(({ login }) => login);
  return [
    ...below.filter(({ ancestral_access }) => ancestral_access === false).map((one) => keepsOut(one)),
    ...summarize('tenants', unnamedTenants(below, including.tenants)),
    ...summarize('users', unnamedUsers(logins, including.users)),
    // a client that may not see agents relies on the usage
    ...summarize('agents', 'hidden' in agents ? [] : unnamedAgents(agents.seen, including.agents)),
    ...summarize(
      'usage',
      usages.flatMap((usage) => unnamedUsage(usage, including.usage)),
    ),
  ];
}

function keepsOut({ id, name }: TenantToDelete): string {
  return `${JSON.stringify(name)} (${id}) keeps us out, so nobody can see what is in it: let us in first ("allowAdministratorAccess", or its own administrator in the console)`;
}

/** A personal tenant belongs to a user of the tenant. One whose owner is not here may contain anything. */
function isPersonal({ owner_id }: Tenant, users: readonly User[]): boolean {
  return owner_id !== null && users.some(({ id }) => isSameId(id, owner_id));
}

function unnamedTenants(below: readonly Tenant[], names: Including['tenants']): string[] {
  const named = new Set(names);
  const unnamed = below.filter(({ id, name }) => !named.has(id) && !named.has(name));
  return unnamed.map(({ id, name }) => `${JSON.stringify(name)} (${id})`);
}

function unnamedAgents(agents: readonly Agent[], named: Including['agents'] = []): string[] {
  if (typeof named === 'number') return tooMany(agents.length, named);
  const known = new Set(named.map((one) => one.toLowerCase()));
  const unnamed = agents.filter(
    ({ id, hostname }) => ![id, hostname ?? id].some((one) => known.has(one.toLowerCase())),
  );
  return unnamed.map(({ id, hostname }) => (hostname === null ? id : `${hostname} (${id})`));
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
  const used = `${usage_name} ${toWords(absolute_value, measured)}`;
  const limits = [...new Set([usage_name, name])].flatMap((one) => named[one] ?? []);
  if (limits.length === 0) return [used];
  return limits.flatMap((limit) => {
    const most = toVendorUnit(limit, measured);
    if (typeof most === 'object') return [`${usage_name} ${most.problem}`];
    return absolute_value <= most ? [] : [`${used} (named: ${limit})`];
  });
}

/** Usage without a unit, or in an unknown unit, is named by the bare number of the vendor. */
export function measuredUnit(usage: Usage): string {
  switch (measureOf(usage)) {
    case 'bytes':
      return 'bytes';
    case 'points':
    case 'seconds':
      return 'seconds';
    case 'pieces':
    case 'on or off':
    case 'unnamed':
    case 'unknown':
      return 'quantity';
  }
}

function summarize(field: keyof Including, things: readonly string[]): string[] {
  if (things.length === 0) return [];
  const more = things.length > SHOWN ? ` and ${things.length - SHOWN} more` : '';
  return [`including.${field}: ${things.slice(0, SHOWN).join(', ')}${more}`];
}
