import { createAcronis, type Acronis } from '../../acronis/index.js';
import type { Cell, Lookup } from '../../lookups/index.js';
import { startSimulator, type Fixture, type Simulator } from '../../simulator/index.js';

/** A simulator with a client for it. */
export interface Cloud {
  simulator: Simulator;
  acronis: Acronis;
  /** Everything that a look-up finds in a tenant. Default: the root tenant. */
  rows<Filter, Row extends Record<keyof Row, Cell>>(
    lookup: Lookup<Filter, Row>,
    filter: Filter,
    tenantId?: string,
  ): Promise<Row[]>;
  /** Routes that were called since the last call of this function, without those for tokens. */
  calls(): string[];
  close(): Promise<void>;
}

export async function startCloud(fixture: Fixture = {}): Promise<Cloud> {
  const simulator = await startSimulator({ fixture });
  const { url: baseUrl, clientId, clientSecret, rootTenantId } = simulator;
  const acronis = createAcronis({ baseUrl, clientId, clientSecret, version: '1.0.0' });
  let seen = 0;
  return {
    simulator,
    acronis,
    async rows(lookup, filter, tenantId = rootTenantId) {
      const scope = { acronis, tenant: await acronis.tenants.get(tenantId) };
      seen = simulator.journal.calls().length;
      const rows = [];
      for await (const row of lookup.find(scope, filter)) rows.push(row);
      return rows;
    },
    calls() {
      const fresh = simulator.journal.calls().slice(seen);
      seen += fresh.length;
      return fresh.map(({ route }) => route).filter((route) => route !== 'POST /idp/token');
    },
    async close() {
      const { unknownRoutes } = simulator;
      await simulator.close();
      if (unknownRoutes.length > 0) throw new Error(`unknown routes were called: ${unknownRoutes.join(', ')}`);
    },
  };
}
