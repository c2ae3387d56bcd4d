import type { Acronis, Usage } from '../acronis/index.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { inWords, quantity } from './quantities.js';

const SHOWN = 5;

/** What would be destroyed with a tenant and is not named; each kind of thing in one sentence, none when all is. */
export async function unnamedBelow(acronis: Acronis, tenantId: string, including: Including): Promise<string[]> {
  const [tenants, users, usages] = await Promise.all([
    all(acronis.tenants.list({ subtreeRootId: tenantId })),
    all(acronis.users.list({ tenantId })),
    acronis.usages.list(tenantId),
  ]);
  // the personal tenant of a user goes with the user
  const below = tenants.filter(({ id, owner_id }) => id !== tenantId && owner_id === null);
  const named = new Set(including.tenants);
  const strangers = below.filter(({ id, name }) => !named.has(id) && !named.has(name));
  return [
    ...told(
      'tenants',
      strangers.map(({ id, name }) => `${JSON.stringify(name)} (${id})`),
    ),
    ...told(
      'users',
      unnamedUsers(
        users.map(({ login }) => login),
        including.users,
      ),
    ),
    ...told(
      'usage',
      usages.flatMap((usage) => unnamedUsage(usage, including.usage)),
    ),
  ];
}

function unnamedUsers(logins: string[], named: Including['users']): string[] {
  if (typeof named === 'number') return logins.length <= named ? [] : [`${logins.length} in all, ${named} named`];
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
