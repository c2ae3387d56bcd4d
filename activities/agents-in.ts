import { isAcronisError, type Acronis, type Agent } from '../acronis/index.js';

/** The agents of a tenant and of all below it; `hidden` says why we may not see them. */
type AgentsIn = { seen: Agent[] } | { hidden: string };

/** Asks for agents, which are there at once, whereas usage is counted every half hour. An answer that nobody can read is thrown. */
export async function agentsIn(acronis: Acronis, tenantId: string): Promise<AgentsIn> {
  try {
    const tenantNumber = await acronis.tenants.numberOf(tenantId);
    const seen: Agent[] = [];
    for await (const agent of acronis.agents.list({ tenantNumber })) seen.push(agent);
    return { seen };
  } catch (error) {
    if (!isAcronisError(error) || !['forbidden', 'not-found'].includes(error.kind)) throw error;
    return { hidden: error.message };
  }
}
