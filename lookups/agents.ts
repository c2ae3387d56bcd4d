import type { Agent } from '../acronis/index.js';
import { isRoot, lookup, toUtc, type LookUpScope } from './lookup.js';

interface AgentsFilter {
  online?: boolean;
  /** Part of the host name. */
  hostname?: string;
  /** For example `windows`, `linux` or `macosx`. */
  os?: string;
}

async function* list(scope: LookUpScope, { online, hostname, os }: AgentsFilter): AsyncGenerator<Agent> {
  const { acronis, tenant } = scope;
  yield* acronis.agents.list({
    tenantNumber: (await isRoot(scope)) ? undefined : await acronis.tenants.numberOf(tenant.id),
    online,
    hostname: hostname === undefined ? undefined : `like(${hostname})`,
    osFamily: os?.toUpperCase(),
  });
}

/** The agents of the tenant and of all tenants below it. */
export const agents = lookup(list, {
  hostname: ({ hostname, name }) => hostname ?? name,
  online: ({ online }) => online,
  os: ({ platform }) => platform?.name ?? platform?.family ?? null,
  version: ({ core_version: version }) => version?.current?.release_id ?? version?.current?.build ?? null,
  tenant: ({ tenant }) => tenant?.name ?? null,
  tenantNumber: ({ tenant }) => tenant?.id ?? null,
  registeredAt: ({ registration_date }) => toUtc(registration_date),
  id: ({ id }) => id,
});
