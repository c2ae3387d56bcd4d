import type { Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse, reject } from './failures.js';
import { findUnnamedContents } from './unnamed-contents.js';

interface CheckedDeletion extends DeletionSpec, StepTries {
  confirmed?: Confirmed;
  look: boolean;
  /** The version that a person has looked at since, before the step was tried again. */
  shown?: number;
}

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
  /** As the run has left the tenant disabled; absent in tasks of earlier versions. */
  version?: number;
}

export function createDeletionActivities(dependencies: ActivityDependencies) {
  return {
    /** Changes nothing. Fails with `Acronis.Rejected` when the order does not name all that would be destroyed. */
    checkBelow: activity.look(dependencies, checkBelow),
    /**
     * Deletes a disabled tenant with everything in it. Safe to repeat: it reads the version before it uses it, and a
     * deleted tenant counts as success. Deletes nothing and fails with `Tenantry.Unexpected` when something in the
     * tenant is not named, when somebody has enabled it, or when it is no longer as it was confirmed. The failure
     * carries the version of the tenant: given back as `shown`, that version may be deleted too.
     */
    deleteTenant: activity.change(dependencies, deleteTenant),
  };
}

const NO_LONGER = 'so it is not deleted; put it back and retry, or abort and order again';
const LOOK =
  'perhaps enabled and disabled it again, so it is not deleted: look at it; then retry, which deletes it, or abort';
const NOT_NAMED = 'this would be destroyed too and is not named; name it if it may be:';

async function checkBelow({ tenantId, including }: DeletionSpec, { acronis }: Attempt): Promise<Outcome<null>> {
  const unnamed = await findUnnamedContents(acronis, await acronis.tenants.get(tenantId), including);
  if (unnamed.length > 0) throw reject(`${NOT_NAMED} ${unnamed.join('; ')}`);
  return { result: null };
}

async function deleteTenant(
  { tenantId, including, confirmed, shown, ...before }: CheckedDeletion,
  attempt: Attempt,
): Promise<Outcome<null>> {
  const { acronis } = attempt;
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  const { version, enabled, deleted_at } = tenant;
  if (deleted_at !== null)
    return { result: null, adopted: true, changed: earlierTries(before, attempt) === 'maybeDone' };
  const unexpected = (message: string) => refuse(FailureType.Unexpected, message, { shown: version });
  if (enabled) throw unexpected(`somebody has enabled ${tenantId} again, so it is not deleted`);
  const others = confirmed === undefined ? [] : differences(tenant, confirmed);
  if (others.length > 0)
    throw unexpected(`${tenantId} is no longer what was confirmed, ${NO_LONGER}: ${others.join('; ')}`);
  const seen = [confirmed?.version ?? version, shown];
  // a single change that came just before our call cannot have enabled and disabled it
  const touched = !seen.includes(version) && !(attempt.memory.failures['conflict'] && seen.includes(version - 1));
  const unnamed = await findUnnamedContents(acronis, tenant, including);
  const problems = [
    ...(touched ? [`somebody has changed ${tenantId} since this run left it disabled, ${LOOK}`] : []),
    ...(unnamed.length > 0 ? [`${NOT_NAMED} ${unnamed.join('; ')}`] : []),
  ];
  if (problems.length > 0) throw unexpected(problems.join('; '));
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
