import { collect, isHidden, type Acronis, type Agent, type Tenant } from '../acronis/index.js';

const GIB = 2 ** 30;

/**
 * Describes in words what is in a tenant: kind, descendants, users, agents, bytes used. Shown before a change that
 * cannot be undone. It says so when the tenant keeps us out, or when we may not see its agents.
 */
export async function describeContents(
  acronis: Acronis,
  { id, kind, ancestral_access }: Pick<Tenant, 'id' | 'kind' | 'ancestral_access'>,
): Promise<string> {
  if (ancestral_access === false) return `a ${kind} that shows us neither its users nor what it uses`;
  const [below, users, usages, agents] = await Promise.all([
    collect(acronis.tenants.list({ subtreeRootId: id })),
    collect(acronis.users.list({ tenantId: id })),
    acronis.usages.list(id),
    listAgents(acronis, id),
  ]);
  const bytes = usages
    .filter(({ measurement_unit }) => measurement_unit === 'bytes')
    .reduce((sum, { absolute_value }) => sum + absolute_value, 0);
  const machines = 'hidden' in agents ? 'agents that we may not see' : `${agents.seen.length} agent(s)`;
  return `a ${kind} with ${below.length - 1} tenant(s) below it, ${users.length} user(s), ${machines} and ${(bytes / GIB).toFixed(1)} GiB in use`;
}

/** The agents of a tenant and of all tenants below it; `hidden` says why we may not see them. */
type AgentListing = { seen: Agent[] } | { hidden: string };

/** Lists agents, which appear at once, while usage is counted every half hour. Fails when an answer cannot be read. */
export async function listAgents(acronis: Acronis, tenantId: string): Promise<AgentListing> {
  try {
    const tenantNumber = await acronis.tenants.numberOf(tenantId);
    return { seen: await collect(acronis.agents.list({ tenantNumber })) };
  } catch (error) {
    if (!isHidden(error)) throw error;
    return { hidden: error.message };
  }
}

/** Why the agents of a tenant may use what usage does not show yet; undefined when there is no agent. */
export async function whyAgentsUse(acronis: Acronis, tenantId: string): Promise<string | undefined> {
  const agents = await listAgents(acronis, tenantId);
  if ('hidden' in agents) return `its agents may not be seen (${agents.hidden})`;
  const [agent] = agents.seen;
  return agent && `an agent is in the tenant: ${agent.hostname ?? agent.id}`;
}
