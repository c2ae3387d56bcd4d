import type { Lookup } from './lookup.js';

/** A service of the platform, and whether it is enabled for the tenant. */
export interface ApplicationRow {
  type: string;
  name: string | null;
  enabled: boolean;
  id: string;
}

export interface ApplicationsFilter {
  /** Includes services that are not enabled. */
  all?: boolean;
}

/** The services that are enabled for the tenant; with `all`, the others too. */
export const applications: Lookup<ApplicationsFilter, ApplicationRow> = {
  fields: ['type', 'name', 'enabled', 'id'],
  async *find({ acronis, tenant }, { all = false }) {
    const [catalogue, ids] = await Promise.all([acronis.applications.list(), acronis.applications.idsOf(tenant.id)]);
    const enabled = new Set(ids);
    for (const { id, type, name } of catalogue)
      if (all || enabled.has(id)) yield { type, name, enabled: enabled.has(id), id };
  },
};
