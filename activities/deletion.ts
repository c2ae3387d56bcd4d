import type { Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse, reject } from './failures.js';
import { findUnnamedContents } from './unnamed-contents.js';

interface DeletionSpec extends TenantSpec {
  including: Including;
}

/** A tenant as it was when a person confirmed its deletion. */
export interface Confirmed {
  name: string;
  kind: string;
  parentTenantId: string;
  /** Absent where the cloud does not show it, and in tasks of earlier versions. */
  pricingMode?: string;
}

export function createDeletionActivities(dependencies: ActivityDependencies) {
  return {
    /** Changes nothing. Fails with `Acronis.Rejected` when the order does not name all that would be destroyed. */
    checkBelow: activity.look(dependencies, checkBelow),
    /**
     * Deletes a disabled tenant with everything in it. Safe to repeat: it reads the version before it uses it, and a
     * deleted tenant counts as success. Deletes nothing and fails with `Tenantry.Unexpected` when something in the
     * tenant is not named, when somebody has enabled it, or when it is no longer as it was confirmed.
     */
    deleteTenant: activity.change(dependencies, deleteTenant),
  };
}

const NO_LONGER = 'so it is not deleted; put it back and retry, or abort, which gives it back, and order again';
const NOT_NAMED = 'this would be destroyed too and is not named; name it if it may be:';

async function checkBelow({ tenantId, including }: DeletionSpec, { acronis }: Attempt): Promise<Outcome<null>> {
  const unnamed = await findUnnamedContents(acronis, await acronis.tenants.get(tenantId), including);
  if (unnamed.length > 0) throw reject(`${NOT_NAMED} ${unnamed.join('; ')}`);
  return { result: null };
}

async function deleteTenant(
  { tenantId, including, confirmed, ...before }: DeletionSpec & StepTries & { confirmed?: Confirmed; look: boolean },
  attempt: Attempt,
): Promise<Outcome<null>> {
  const { acronis } = attempt;
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  const { version, enabled, deleted_at } = tenant;
  if (deleted_at !== null)
    return { result: null, adopted: true, changed: earlierTries(before, attempt) === 'maybeDone' };
  if (enabled) throw refuse(FailureType.Unexpected, `somebody has enabled ${tenantId} again, so it is not deleted`);
  const others = confirmed === undefined ? [] : differences(tenant, confirmed);
  if (others.length > 0)
    throw refuse(
      FailureType.Unexpected,
      `${tenantId} is no longer what was confirmed, ${NO_LONGER}: ${others.join('; ')}`,
    );
  const unnamed = await findUnnamedContents(acronis, tenant, including);
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
  const differing = pairs.filter(([, before, now]) => before !== undefined && now !== null && before !== now);
  return differing.map(
    ([what, before, now]) => `its ${what} was ${JSON.stringify(before)} and is ${JSON.stringify(now)}`,
  );
}
