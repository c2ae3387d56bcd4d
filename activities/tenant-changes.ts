import type { Acronis, Tenant, TenantChange } from '../acronis/index.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';

/** The switches of a tenant, as the platform names them. */
export interface TenantSwitches {
  enabled?: boolean;
  ancestral_access?: boolean;
  update_lock?: { enabled: boolean };
}

interface Place {
  cloud: string;
  tenantId: string;
}

/**
 * Each reads the version where it uses it, and leaves a tenant alone that is so already, so a repeat is safe.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (tenants)
 */
export function createTenantChangeActivities(dependencies: ActivityDependencies) {
  const change = (to: TenantSwitches) =>
    activity(
      dependencies,
      patience.change,
      async (spec: Place, attempt: Attempt) => await make(spec.tenantId, to, attempt),
    );
  return {
    /** Stops a tenant: nobody in it or below it can log in, its services stop, its data stay. */
    disableTenant: change({ enabled: false }),
    enableTenant: change({ enabled: true }),
    /** Takes our own access to the tenant's users and children away. */
    limitAdministratorAccess: change({ ancestral_access: false }),
    allowAdministratorAccess: change({ ancestral_access: true }),
    /** From then on only the API client's own tenant may change it. */
    lockTenant: change({ update_lock: { enabled: true } }),
    unlockTenant: change({ update_lock: { enabled: false } }),
    /** Puts switches of a tenant back to what they were; one that is deleted is named as a leftover. Safe to repeat. */
    restoreTenant: activity(dependencies, patience.undo, restoreTenant),
  };
}

async function make(tenantId: string, to: TenantSwitches, { acronis, first }: Attempt): Promise<Found<null>> {
  const changed = await change(acronis, tenantId, to);
  return changed ? { result: null } : { result: null, adopted: true, changed: !first };
}

async function restoreTenant(
  { tenantId, to }: Place & { to: TenantSwitches; unsure: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<Found<UndoOutcome>> {
  const { deleted_at } = await acronis.tenants.get(tenantId, { allowDeleted: true });
  if (deleted_at !== null) {
    const reason = `it was deleted at ${deleted_at}; "restoreCustomer" may bring it back`;
    return { result: { undone: false, leftovers: [{ kind: 'tenant', id: tenantId, reason }] } };
  }
  const changed = await change(acronis, tenantId, to, () => {
    memory.removing = true;
    remember();
  });
  return { result: { undone: changed || memory.removing === true, leftovers: [] } };
}

/** False when all is so already. */
async function change(acronis: Acronis, tenantId: string, to: TenantSwitches, before?: () => void): Promise<boolean> {
  const tenant = await acronis.tenants.get(tenantId);
  if (holds(tenant, to)) return false;
  before?.();
  await acronis.tenants.update(tenantId, { version: tenant.version, ...to } satisfies TenantChange);
  return true;
}

function holds({ enabled, ancestral_access, update_lock }: Tenant, to: TenantSwitches): boolean {
  return (
    (to.enabled ?? enabled) === enabled &&
    (to.ancestral_access ?? ancestral_access !== false) === (ancestral_access !== false) &&
    (to.update_lock?.enabled ?? update_lock?.enabled === true) === (update_lock?.enabled === true)
  );
}
