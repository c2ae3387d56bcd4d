import type { Including } from '../workflows/offboard-customer/contract.js';
import { FailureType } from '../workflows/shared/failures.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { unnamedBelow } from './below.js';
import { refuse } from './failures.js';
import { rejected } from './tenant-refs.js';

interface DeletionSpec {
  cloud: string;
  tenantId: string;
  including: Including;
}

export function createDeletionActivities(dependencies: ActivityDependencies) {
  return {
    /** Looks for what would be destroyed with a tenant. Changes nothing. Fails with `Acronis.Rejected` when not all of it is named. */
    checkBelow: activity(dependencies, patience.look, checkBelow),
    /**
     * Makes sure that a disabled tenant is deleted with all that is in it. Safe to repeat: reads the version where it uses it, and a deleted
     * tenant is what was wanted. Looks once more for what is not named, and whether somebody has enabled the tenant: then it deletes nothing
     * and fails with `Tenantry.Unexpected`.
     */
    deleteTenant: activity(dependencies, patience.change, deleteTenant),
  };
}

const NOT_NAMED = 'this would be destroyed too and is not named; name it if it may be:';

async function checkBelow({ tenantId, including }: DeletionSpec, { acronis }: Attempt): Promise<Found<null>> {
  const unnamed = await unnamedBelow(acronis, tenantId, including);
  if (unnamed.length > 0) throw rejected(`${NOT_NAMED} ${unnamed.join('; ')}`);
  return { result: null };
}

async function deleteTenant(
  { tenantId, including, ...before }: DeletionSpec & { look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<null>> {
  const { acronis } = attempt;
  const { version, enabled, deleted_at } = await acronis.tenants.get(tenantId, { allowDeleted: true });
  if (deleted_at !== null) return { result: null, adopted: true, changed: mayBeDone(before, attempt) };
  if (enabled) throw refuse(FailureType.Unexpected, `somebody has enabled ${tenantId} again, so it is not deleted`);
  const unnamed = await unnamedBelow(acronis, tenantId, including);
  if (unnamed.length > 0) throw refuse(FailureType.Unexpected, `${NOT_NAMED} ${unnamed.join('; ')}`);
  await acronis.tenants.remove(tenantId, version);
  return { result: null };
}
