import { z } from 'zod';
import type { Http } from './http.js';
import { pages } from './paging.js';
import { absent, idText, someId } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/agent_manager/v2';

const platformShape = z.object({
  family: absent(z.string()),
  arch: absent(z.string()),
  name: absent(z.string()),
});
const versionShape = z.object({ release_id: absent(z.string()), build: absent(z.string()) });
const agentShape = z.object({
  id: someId,
  name: absent(z.string()),
  hostname: absent(z.string()),
  online: absent(z.boolean()),
  enabled: absent(z.boolean()),
  tenant: absent(z.object({ id: absent(idText), name: absent(z.string()) })),
  platform: absent(platformShape),
  core_version: absent(z.object({ current: absent(versionShape) })),
  /** As in a mail: `Tue, 02 Jul 2024 10:30:00 UTC`. */
  registration_date: absent(z.string()),
});

/** A machine on which the vendor's agent is installed. */
export type Agent = z.output<typeof agentShape>;

/** Which agents to list. */
export interface AgentFilter {
  /** A tenant's number; its agents and those of the tenants below, unless these bar us. All that we see unless given. */
  tenantNumber?: string | undefined;
  /** The whole name, or a part as `like(part)`. */
  hostname?: string | undefined;
  online?: boolean | undefined;
  /** `WINDOWS`, `LINUX` or `MACOSX`, say. */
  osFamily?: string | undefined;
}

/** @see https://developer.acronis.com/doc/agents/v2/reference/ */
export interface Agents {
  /** The agent. Fails with `not-found`. Safe to repeat. */
  get(id: string): Promise<Agent>;
  /** Walks through the agents. Safe to repeat. */
  list(filter?: AgentFilter): AsyncIterable<Agent>;
}

/** The calls on agents. */
export function createAgents(http: Http): Agents {
  return {
    get: async (id) => http.read({ operation: 'agents.get', route: `GET ${BASE}/agents/{id}`, id }, agentShape),
    list: ({ tenantNumber, hostname, online, osFamily } = {}) => {
      const query = { tenant_id: tenantNumber, hostname, online, os_family: osFamily, limit: PAGE_LIMIT };
      return pages(http, { operation: 'agents.list', route: `GET ${BASE}/agents`, query }, agentShape);
    },
  };
}
