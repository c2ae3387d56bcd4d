import type { Acronis, Tenant } from '../acronis/index.js';
import { agentsIn } from './agents-in.js';

const GIB = 2 ** 30;

/**
 * How much hangs on a tenant, in words: kind, descendants, users, agents, bytes used. Shown before what cannot be taken back. A tenant that bars
 * us shows nothing of its inside, and says so; so do agents that we may not see.
 */
export async function weightOf(
  acronis: Acronis,
  { id, kind, ancestral_access }: Pick<Tenant, 'id' | 'kind' | 'ancestral_access'>,
): Promise<string> {
  if (ancestral_access === false) return `a ${kind} that shows us neither its users nor what it uses`;
  const [below, users, usages, agents] = await Promise.all([
    count(acronis.tenants.list({ subtreeRootId: id })),
    count(acronis.users.list({ tenantId: id })),
    acronis.usages.list(id),
    agentsIn(acronis, id),
  ]);
  const bytes = usages
    .filter(({ measurement_unit }) => measurement_unit === 'bytes')
    .reduce((sum, { absolute_value }) => sum + absolute_value, 0);
  const machines = 'hidden' in agents ? 'agents that we may not see' : `${agents.seen.length} agent(s)`;
  return `a ${kind} with ${below - 1} tenant(s) below it, ${users} user(s), ${machines} and ${(bytes / GIB).toFixed(1)} GiB in use`;
}

async function count(all: AsyncIterable<unknown>): Promise<number> {
  let seen = 0;
  for await (const one of all) if (one !== undefined) seen += 1;
  return seen;
}
