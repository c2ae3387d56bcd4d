import type { Agent } from '../acronis/index.js';
import { isRoot, toUtc, type Lookup } from './lookup.js';

/** A machine with the vendor's agent installed. */
export interface AgentRow {
  hostname: string | null;
  online: boolean | null;
  os: string | null;
  version: string | null;
  tenant: string | null;
  tenantNumber: string | null;
  registeredAt: string | null;
  id: string;
}

export interface AgentsFilter {
  online?: boolean;
  /** Part of the host name. */
  hostname?: string;
  /** For example `windows`, `linux` or `macosx`. */
  os?: string;
}

/** The agents of the tenant and of all tenants below it. */
export const agents: Lookup<AgentsFilter, AgentRow> = {
  fields: ['hostname', 'online', 'os', 'version', 'tenant', 'tenantNumber', 'registeredAt', 'id'],
  async *find(scope, { online, hostname, os }) {
    const { acronis, tenant } = scope;
    const filter = {
      tenantNumber: (await isRoot(scope)) ? undefined : await acronis.tenants.numberOf(tenant.id),
      online,
      hostname: hostname === undefined ? undefined : `like(${hostname})`,
      osFamily: os?.toUpperCase(),
    };
    for await (const agent of acronis.agents.list(filter)) yield agentRow(agent);
  },
};

function agentRow({ id, name, hostname, online, platform, core_version, tenant, registration_date }: Agent): AgentRow {
  const version = core_version?.current;
  return {
    hostname: hostname ?? name,
    online,
    os: platform?.name ?? platform?.family ?? null,
    version: version?.release_id ?? version?.build ?? null,
    tenant: tenant?.name ?? null,
    tenantNumber: tenant?.id ?? null,
    registeredAt: toUtc(registration_date),
    id,
  };
}
