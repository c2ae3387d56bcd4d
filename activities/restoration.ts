import { isAcronisError, type Acronis, type AcronisError, type Tenant } from '../acronis/index.js';
import type { BroughtBack } from '../workflows/restore-customer/contract.js';
import { FailureType } from '../contract/failures.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { lookAgain } from './looking-again.js';
import { rejected } from './tenant-refs.js';

interface Place {
  cloud: string;
  tenantId: string;
}

export function createRestorationActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Looks whether this tenant and all above it, up to our own, are at work. Changes nothing. Fails with `Acronis.Rejected` when one of them is
     * disabled or deleted: nothing below it can be.
     */
    checkAbove: activity(dependencies, patience.look, checkAbove),
    /**
     * Asks the cloud to take the deletion of a tenant back. Safe to repeat: looks first, and one that is not deleted is what was wanted. Fails
     * with `Acronis.Taken` when a name or login was taken meanwhile, unless `force` lets the cloud change it, and with `Acronis.Rejected` when
     * the cloud no longer knows the tenant.
     */
    restoreDeletedTenant: activity(dependencies, patience.change, restoreDeletedTenant),
    /** Tells what has come back; null as long as the cloud is at it. Changes nothing. */
    awaitRestored: activity(dependencies, patience.look, awaitRestored),
    /** Names a tenant that was restored: its deletion, which destroys, is never repeated to take that back. Changes nothing. */
    accountForRestored: activity(dependencies, patience.undo, accountForRestored),
  };
}

async function checkAbove({ tenantId }: Place, { acronis }: Attempt): Promise<Found<null>> {
  const rootId = await acronis.rootTenantId();
  for (let id = tenantId; id !== rootId;) {
    const above = await acronis.tenants.get(id, { allowDeleted: true });
    const named = `tenant: ${JSON.stringify(above.name)} (${id}) above it`;
    if (above.deleted_at !== null)
      throw rejected(`${named} was deleted at ${above.deleted_at}: have it restored by the cloud's support first`);
    if (!above.enabled) throw rejected(`${named} is disabled: let it work again first, with "enableTenant"`);
    id = above.parent_id;
  }
  return { result: null };
}

/** A deleted tenant that one look shows may be out of another's sight for a moment. */
const SURELY_GONE = 3;

async function restoreDeletedTenant(
  { tenantId, force, ...before }: Place & { force: boolean; look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<null>> {
  const { acronis, memory } = attempt;
  const { deleted_at } = await acronis.tenants.get(tenantId, { allowDeleted: true });
  if (deleted_at === null) return { result: null, adopted: true, changed: mayBeDone(before, attempt) };
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
    throw rejected(
      `${message}: the tenant was deleted at ${deletedAt}, and the cloud does not restore it. For how long it does is not published; ` +
        "ask the cloud's support, or provision the customer anew",
    );
}

async function awaitRestored({ tenantId }: Place, { acronis }: Attempt): Promise<Found<BroughtBack | null>> {
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  if (tenant.deleted_at !== null || tenant.external_operation_status === 'recovering') return { result: null };
  const { name, enabled } = tenant;
  return { result: { name, enabled, ...(await inside(acronis, tenant)) } };
}

async function inside(
  acronis: Acronis,
  { id, ancestral_access }: Tenant,
): Promise<{ tenants: number; users?: number }> {
  let tenants = 0;
  // the personal tenant of a user goes with the user
  for await (const one of acronis.tenants.list({ subtreeRootId: id }))
    if (one.id !== id && one.owner_id === null) tenants += 1;
  if (ancestral_access === false) return { tenants };
  let users = 0;
  for await (const user of acronis.users.list({ tenantId: id })) if (user.id !== undefined) users += 1;
  return { tenants, users };
}

async function accountForRestored(
  { tenantId, unsure }: Place & { unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const living = async () => {
    const tenant = await attempt.acronis.tenants.get(tenantId, { allowDeleted: true });
    return tenant.deleted_at === null ? tenant : undefined;
  };
  const tenant = unsure ? await lookAgain(attempt, living) : await living();
  if (tenant === undefined) return { result: { undone: false, leftovers: [] } };
  const reason = 'it was restored, and is not deleted again to take that back; "offboardCustomer" deletes it';
  return { result: { undone: false, leftovers: [{ kind: 'tenant', id: tenantId, reason }] } };
}
