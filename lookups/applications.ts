import type { Lookup } from './lookup.js';

/** A service of the platform, and whether the tenant has it. */
export interface ApplicationRow {
  type: string;
  name: string | null;
  enabled: boolean;
  id: string;
}

export interface ApplicationsFilter {
  /** With those that the tenant does not have. */
  all?: boolean;
}

/** The services that are switched on for the tenant; with `all`, the others too. */
export const applications: Lookup<ApplicationsFilter, ApplicationRow> = {
  fields: ['type', 'name', 'enabled', 'id'],
  async *find({ acronis, tenant }, { all = false }) {
    const [catalogue, ids] = await Promise.all([acronis.applications.list(), acronis.applications.idsOf(tenant.id)]);
    const has = new Set(ids);
    for (const { id, type, name } of catalogue) if (all || has.has(id)) yield { type, name, enabled: has.has(id), id };
  },
};
