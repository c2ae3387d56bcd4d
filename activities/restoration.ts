import { collect, isAcronisError, type Acronis, type AcronisError, type Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { BroughtBack } from '../workflows/restore-customer/contract.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse, reject } from './failures.js';
import { lookAgainIf } from './lost-answers.js';
import { leaveAsIs, nothingToUndo, type StepToUndo, type UndoResult } from './undo.js';

export function createRestorationActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Checks that this tenant and all above it, up to our own, are enabled. Changes nothing. Fails with
     * `Acronis.Rejected` when one of them is disabled or deleted: then nothing below it can be restored.
     */
    checkAbove: activity.look(dependencies, checkAbove),
    /**
     * Asks the cloud to restore a deleted tenant. Safe to repeat: looks first, and a tenant that is not deleted counts
     * as success. Fails with `Acronis.Taken` when a name or login was taken meanwhile, unless `force` lets the cloud
     * change it, and with `Acronis.Rejected` when the cloud no longer knows the tenant.
     */
    restoreDeletedTenant: activity.change(dependencies, restoreDeletedTenant),
    /** Reads what was restored; null while the cloud is still restoring. Changes nothing. */
    awaitRestored: activity.look(dependencies, awaitRestored),
    /** Names a tenant that was restored: an undo never deletes it again. Changes nothing. */
    accountForRestored: activity.undo(dependencies, accountForRestored),
  };
}

async function checkAbove({ tenantId }: TenantSpec, { acronis }: Attempt): Promise<Outcome<null>> {
  const rootId = await acronis.rootTenantId();
  for (let id = tenantId; id !== rootId;) {
    const above = await acronis.tenants.get(id, { allowDeleted: true });
    const named = `tenant: ${JSON.stringify(above.name)} (${id}) above it`;
    if (above.deleted_at !== null)
      throw reject(`${named} was deleted at ${above.deleted_at}: have it restored by the cloud's support first`);
    if (!above.enabled) throw reject(`${named} is disabled: let it work again first, with "enableTenant"`);
    id = above.parent_id;
  }
  return { result: null };
}

/** A deleted tenant may be hidden for a moment, so one "not found" is not enough. */
const SURELY_GONE = 3;

async function restoreDeletedTenant(
  { tenantId, force, ...before }: TenantSpec & StepTries & { force: boolean; look: boolean },
  attempt: Attempt,
): Promise<Outcome<null>> {
  const { acronis, memory } = attempt;
  const { deleted_at } = await acronis.tenants.get(tenantId, { allowDeleted: true });
  if (deleted_at === null)
    return { result: null, adopted: true, changed: earlierTries(before, attempt) === 'maybeDone' };
  try {
    await acronis.tenants.restore(tenantId, { force });
  } catch (error) {
    if (isAcronisError(error)) explain(error, deleted_at, memory.failures['not-found'] ?? 0);
    throw error;
  }
  return { result: null };
}

/** Says what a person can do, where the cloud's own words do not. */
function explain({ kind, message }: AcronisError, deletedAt: string, notFound: number): void {
  if (kind === 'taken')
    throw refuse(
      FailureType.Taken,
      `${message}; free it, or amend "force" to true: then the cloud changes what is taken`,
    );
  if (kind === 'not-found' && notFound >= SURELY_GONE)
    throw reject(
      `${message}: the tenant was deleted at ${deletedAt}, and the cloud does not restore it. For how long it does is not published; ` +
        "ask the cloud's support, or provision the customer again",
    );
}

async function awaitRestored({ tenantId }: TenantSpec, { acronis }: Attempt): Promise<Outcome<BroughtBack | null>> {
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  if (tenant.deleted_at !== null || tenant.external_operation_status === 'recovering') return { result: null };
  const { name, enabled } = tenant;
  return { result: { name, enabled, ...(await inside(acronis, tenant)) } };
}

async function inside(
  acronis: Acronis,
  { id, ancestral_access }: Tenant,
): Promise<{ tenants: number; users?: number }> {
  const below = await collect(acronis.tenants.list({ subtreeRootId: id }));
  // the personal tenant of a user goes with the user
  const tenants = below.filter((one) => one.id !== id && one.owner_id === null).length;
  if (ancestral_access === false) return { tenants };
  return { tenants, users: (await collect(acronis.users.list({ tenantId: id }))).length };
}

async function accountForRestored(
  { tenantId, unsure }: TenantSpec & StepToUndo,
  attempt: Attempt,
): Promise<UndoResult> {
  const living = async () => {
    const tenant = await attempt.acronis.tenants.get(tenantId, { allowDeleted: true });
    return tenant.deleted_at === null ? tenant : undefined;
  };
  const tenant = await lookAgainIf(unsure, attempt, living);
  if (tenant === undefined) return { result: nothingToUndo() };
  const reason = 'it was restored, and is not deleted again to take that back; "offboardCustomer" deletes it';
  return { result: leaveAsIs('tenant', tenantId, reason) };
}
