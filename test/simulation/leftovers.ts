import type { OperationStatus } from '../../contract/status.js';
import type { EndedRun } from './find-problems.js';
import type { Snapshot } from './snapshot.js';

/** The beginning of the id of a tenant that may exist but was never found. */
const UNKNOWN = 'unknown, marked for ';

/** Snapshots show these together with others of their tenant. */
const ofTenants = new Set(['setting', 'api-client', 'report', 'group']);

/**
 * The world without what the status names as leftover: a tenant with everything in it, or one object. What was deleted
 * together with a named tenant counts as existing.
 */
export function withoutLeftovers({ memory, before, formerNames, status }: EndedRun, world: Snapshot): Snapshot {
  const { leftovers = [] } = status as Extract<OperationStatus, { state: 'failed' }>;
  const named = leftovers.flatMap(({ id }) => {
    const fits = (user: { id: string; tenant_id: string; login: string }) =>
      user.tenant_id === id || user.id === id || id.endsWith(` ${user.login}`);
    const users = [...memory.users.values()].filter(fits);
    const marked = id.startsWith(UNKNOWN) ? tenantsMadeBy(memory, before) : [];
    return [
      ...marked,
      memory.tenants.get(id)?.name,
      formerNames.get(id),
      memory.clients.get(id)?.tenant_id,
      memory.tenants.get(memory.resources.get(id)?.tenantId ?? '')?.name,
      memory.tenants.get(memory.plans.get(id)?.tenantId ?? '')?.name,
      ...users.map(({ login }) => login),
    ];
  });
  const belongs = (label: string) => named.some((name) => name !== undefined && label.endsWith(` ${name}`));
  // a tenant that existed before is named because its settings may differ
  const setting = leftovers.some(({ kind, id }) => ofTenants.has(kind) || formerNames.has(id));
  const deleted = leftovers.some(({ id }) => typeof memory.tenants.get(id)?.deleted_at === 'string');
  // a setting can differ or be missing; what is deleted is missing
  const settled = setting || deleted ? Object.entries(before).filter(([label]) => belongs(label)) : [];
  const rest = Object.entries({ ...world, ...Object.fromEntries(settled) });
  return Object.fromEntries(rest.filter(([label]) => label in before || !belongs(label))) as Snapshot;
}

/** Tenants with a mark of Tenantry that did not exist before. */
function tenantsMadeBy({ tenants }: EndedRun['memory'], before: Snapshot): string[] {
  const ours = [...tenants.values()].filter(({ internal_tag }) => internal_tag?.startsWith('tenantry:'));
  return ours.map(({ name }) => name).filter((name) => !(`tenants ${name}` in before));
}
