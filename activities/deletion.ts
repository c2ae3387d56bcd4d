import type { Tenant } from '../acronis/index.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { FailureType } from '../contract/failures.js';
import { activity, mayBeDone, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { unnamedBelow } from './below.js';
import { refuse } from './failures.js';
import { rejected } from './tenant-refs.js';

interface DeletionSpec {
  cloud: string;
  tenantId: string;
  including: Including;
}

/** What a tenant was when its deletion was confirmed. */
export interface Confirmed {
  name: string;
  kind: string;
  parentTenantId: string;
  /** Absent where the cloud has not told it, and in a task that an earlier version gave out. */
  pricingMode?: string;
}

export function createDeletionActivities(dependencies: ActivityDependencies) {
  return {
    /** Looks for what would be destroyed with a tenant. Changes nothing. Fails with `Acronis.Rejected` when not all of it is named. */
    checkBelow: activity(dependencies, patience.look, checkBelow),
    /**
     * Makes sure that a disabled tenant is deleted with all that is in it. Safe to repeat: reads the version where it uses it, and a deleted
     * tenant is what was wanted. Looks once more for what is not named, whether somebody has enabled the tenant, and whether it still is what was
     * confirmed: else it deletes nothing and fails with `Tenantry.Unexpected`.
     */
    deleteTenant: activity(dependencies, patience.change, deleteTenant),
  };
}

const NO_LONGER = 'so it is not deleted; put it back and retry, or abort, which gives it back, and order again';
const NOT_NAMED = 'this would be destroyed too and is not named; name it if it may be:';

async function checkBelow({ tenantId, including }: DeletionSpec, { acronis }: Attempt): Promise<Found<null>> {
  const unnamed = await unnamedBelow(acronis, await acronis.tenants.get(tenantId), including);
  if (unnamed.length > 0) throw rejected(`${NOT_NAMED} ${unnamed.join('; ')}`);
  return { result: null };
}

async function deleteTenant(
  {
    tenantId,
    including,
    confirmed,
    ...before
  }: DeletionSpec & { confirmed?: Confirmed; look: boolean; unsure?: boolean },
  attempt: Attempt,
): Promise<Found<null>> {
  const { acronis } = attempt;
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  const { version, enabled, deleted_at } = tenant;
  if (deleted_at !== null) return { result: null, adopted: true, changed: mayBeDone(before, attempt) };
  if (enabled) throw refuse(FailureType.Unexpected, `somebody has enabled ${tenantId} again, so it is not deleted`);
  const others = confirmed === undefined ? [] : differences(tenant, confirmed);
  if (others.length > 0)
    throw refuse(
      FailureType.Unexpected,
      `${tenantId} is no longer what was confirmed, ${NO_LONGER}: ${others.join('; ')}`,
    );
  const unnamed = await unnamedBelow(acronis, tenant, including);
  if (unnamed.length > 0) throw refuse(FailureType.Unexpected, `${NOT_NAMED} ${unnamed.join('; ')}`);
  await acronis.tenants.remove(tenantId, version);
  return { result: null };
}

function differences(tenant: Tenant, { name, kind, parentTenantId, pricingMode }: Confirmed): string[] {
  const pairs = [
    ['name', name.trim(), tenant.name.trim()],
    ['kind', kind, tenant.kind],
    ['parent', parentTenantId.toLowerCase(), tenant.parent_id.toLowerCase()],
    ['pricing mode', pricingMode, tenant.pricing_mode],
  ] as const;
  const told = pairs.filter(([, before, now]) => before !== undefined && now !== null && before !== now);
  return told.map(([what, before, now]) => `its ${what} was ${JSON.stringify(before)} and is ${JSON.stringify(now)}`);
}
