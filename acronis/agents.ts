import { z } from 'zod';
import { confirmAsked, isSameText } from './confirmation.js';
import type { HttpClient } from './http-client.js';
import { pages } from './paging.js';
import { optional, idAsText, nonEmptyId } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/agent_manager/v2';

const platformShape = z.object({
  family: optional(z.string()),
  arch: optional(z.string()),
  name: optional(z.string()),
});
const versionShape = z.object({ release_id: optional(z.string()), build: optional(z.string()) });
const agentShape = z.object({
  id: nonEmptyId,
  name: optional(z.string()),
  hostname: optional(z.string()),
  online: optional(z.boolean()),
  enabled: optional(z.boolean()),
  tenant: optional(z.object({ id: optional(idAsText), name: optional(z.string()) })),
  platform: optional(platformShape),
  core_version: optional(z.object({ current: optional(versionShape) })),
  /** In the form of a mail: `Tue, 02 Jul 2024 10:30:00 UTC`. */
  registration_date: optional(z.string()),
});

/** A machine with the vendor's agent installed. */
export type Agent = z.output<typeof agentShape>;

/** Which agents to list. */
export interface AgentFilter {
  /**
   * A tenant's number: lists its agents and those of the tenants below that allow us access. Default: all that we can
   * see.
   */
  tenantNumber?: string | undefined;
  /** The whole name, or a part as `like(part)`. */
  hostname?: string | undefined;
  online?: boolean | undefined;
  /** For example `WINDOWS`, `LINUX` or `MACOSX`. */
  osFamily?: string | undefined;
}

/**
 * The calls for agents.
 * @see https://developer.acronis.com/doc/agents/v2/reference/
 */
export function createAgents(http: HttpClient) {
  return {
    /** The agent. Fails with `not-found`. Safe to repeat. */
    get: async (id: string): Promise<Agent> => {
      const call = { operation: 'agents.get', route: `GET ${BASE}/agents/{id}`, id };
      const agent = await http.read(call, agentShape);
      return confirmAsked(call, agent, { id: isSameText(id, agent.id) });
    },
    /**
     * Lists the agents page by page. The rows are not compared with the filter: they may be of tenants below. Safe to
     * repeat.
     */
    list: ({ tenantNumber, hostname, online, osFamily }: AgentFilter = {}): AsyncIterable<Agent> => {
      const query = { tenant_id: tenantNumber, hostname, online, os_family: osFamily, limit: PAGE_LIMIT };
      return pages(http, { operation: 'agents.list', route: `GET ${BASE}/agents`, query }, agentShape);
    },
  };
}
