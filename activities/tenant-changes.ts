import type { Acronis, Tenant, TenantChange } from '../acronis/index.js';
import { hasSign, markIn } from '../contract/mark.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain } from './looking-again.js';
import { isRenewed } from './renewal.js';

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

/** The version of a tenant that a change has brought. */
interface Changed {
  version: number;
}

interface Former extends Place {
  to: TenantSwitches;
  /** The version in which the run has found the tenant, where that is known. */
  since?: number;
  /** Absent where it does not matter what others have changed since a change that was answered. */
  came?: Changed | null;
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
    /**
     * Puts switches of a tenant back to what they were, while the tenant is as this run has left it: in the version that the change has brought,
     * or after a lost answer in the one that the change would have brought. A tenant that others have changed since, or deleted, is named as a
     * leftover. After a lost answer a tenant that is as it was is brought to a new version, so that a change on its way comes too late; where that cannot
     * be, it is looked at for a minute, and then named. Safe to repeat.
     */
    restoreTenant: activity(dependencies, patience.undo, restoreTenant),
  };
}

async function make(
  tenantId: string,
  to: TenantSwitches,
  { acronis, unsure }: Attempt,
): Promise<Found<Changed | null>> {
  const changed = await change(acronis, tenantId, to);
  return changed ? { result: changed } : { result: null, adopted: true, changed: unsure };
}

async function restoreTenant(
  spec: Former & { doubted?: boolean; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { tenantId, to, doubted = false } = spec;
  const { acronis, memory } = attempt;
  const outcome = await putBack(spec, attempt);
  if (!('asBefore' in outcome)) return { result: outcome };
  const undone = memory.removing === true;
  if (undone || !doubted || (await isRenewed(acronis, outcome.asBefore, to)))
    return { result: { undone, leftovers: [] } };
  const late = await lookAgain(attempt, async () => {
    const seen = await putBack(spec, attempt);
    return 'asBefore' in seen ? undefined : seen;
  });
  const reason = `a call that was never answered may still change ${JSON.stringify(to)}`;
  return { result: late ?? left('setting', tenantId, reason) };
}

/** Puts the switches back, or answers with the tenant in which they are as they were before. */
async function putBack(
  { tenantId, to, since, came, doubted = false }: Former & { doubted?: boolean },
  { acronis, memory, remember }: Attempt,
): Promise<UndoOutcome | { asBefore: Tenant }> {
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  const { deleted_at, version } = tenant;
  if (deleted_at !== null)
    return left('tenant', tenantId, `it was deleted at ${deleted_at}; "restoreCustomer" may bring it back`);
  if (holds(tenant, to)) return { asBefore: tenant };
  const expected = came?.version ?? (doubted && since !== undefined ? since + 1 : version);
  if (memory.removing !== true && version !== expected) {
    const reason = `others have changed it since, so it is not known who wants it as it is; before, it was ${JSON.stringify(to)}`;
    return left('setting', tenantId, reason);
  }
  memory.removing = true;
  remember();
  await acronis.tenants.update(tenantId, { version, ...to } satisfies TenantChange);
  return { undone: true, leftovers: [] };
}

function left(kind: 'tenant' | 'setting', id: string, reason: string): UndoOutcome {
  return { undone: false, leftovers: [{ kind, id, reason }] };
}

/** The version that the change has brought; null when all is so already. */
async function change(acronis: Acronis, tenantId: string, to: TenantSwitches): Promise<Changed | null> {
  const tenant = await acronis.tenants.get(tenantId);
  if (holds(tenant, to)) return null;
  const { version } = await acronis.tenants.update(tenantId, {
    version: tenant.version,
    ...to,
    // whoever switches it now decides: it is no longer as an undo of ours has left it
    ...(to.enabled !== undefined && hasSign(tenant.internal_tag) ? { internal_tag: markIn(tenant.internal_tag) } : {}),
  } satisfies TenantChange);
  return { version };
}

function holds(
  { enabled, ancestral_access, update_lock }: Pick<Tenant, 'enabled' | 'ancestral_access' | 'update_lock'>,
  to: TenantSwitches,
): boolean {
  return (
    (to.enabled ?? enabled) === enabled &&
    (to.ancestral_access ?? ancestral_access !== false) === (ancestral_access !== false) &&
    (to.update_lock?.enabled ?? update_lock?.enabled === true) === (update_lock?.enabled === true)
  );
}
