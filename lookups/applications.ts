import { lookup, type LookUpScope } from './lookup.js';

interface ApplicationsFilter {
  /** Includes services that are not enabled. */
  all?: boolean;
}

async function* list({ acronis, tenant }: LookUpScope, { all = false }: ApplicationsFilter) {
  const [catalogue, ids] = await Promise.all([acronis.applications.list(), acronis.applications.idsOf(tenant.id)]);
  const enabled = new Set(ids);
  for (const one of catalogue) if (all || enabled.has(one.id)) yield { ...one, enabled: enabled.has(one.id) };
}

/** The services that are enabled for the tenant; with `all`, the others too. */
export const applications = lookup(list, {
  type: ({ type }) => type,
  name: ({ name }) => name,
  enabled: ({ enabled }) => enabled,
  id: ({ id }) => id,
});
