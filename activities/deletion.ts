import type { Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { customerInTag } from '../contract/mark.js';
import { nameKey } from '../contract/names.js';
import type { Including } from '../workflows/offboard-customer/contract.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse, reject } from './failures.js';
import {
  announceDeletion,
  deleteAndSee,
  isTenantThere,
  PERHAPS_RESTORED,
  whyNotDeletedAgain,
} from './seen-deletions.js';
import { normalizedName } from './tenant-traits.js';
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
  /** These are absent where the tenant had none, and in tasks of earlier versions. */
  pricingMode?: string | undefined;
  customerId?: string | undefined;
  /** Its internal tag. */
  tag?: string | undefined;
  /** As the run has left the tenant disabled; absent in tasks of earlier versions. */
  version?: number;
}

export function createDeletionActivities(dependencies: ActivityDependencies) {
  return {
    /** Changes nothing. Fails with `Acronis.Rejected` when the order does not name all that would be destroyed. */
    checkBelow: activity.look(dependencies, checkBelow),
    /**
     * Deletes a disabled tenant with everything in it, and looks until it is gone. Safe to repeat: a deleted tenant
     * counts as success, and one that somebody may have restored after a deletion without an answer stays. Deletes
     * nothing and fails with `Tenantry.Unexpected` when something in the tenant is not named, when somebody has enabled
     * or changed it, when it is no longer as it was confirmed, or when a deletion that was answered has no effect. The
     * failure carries the version of the tenant: given back as `shown`, that version may be deleted too.
     * @see https://developer.acronis.com/doc/account-management/v2/reference/ (tenants)
     */
    deleteTenant: activity.change(dependencies, deleteTenant),
  };
}

const NO_LONGER = 'so it is not deleted; put it back and retry, or abort and order again';
const LOOK =
  'perhaps enabled and disabled it again, so it is not deleted: look at it; then retry, which deletes it, or abort';
const LOOK_AT_IT = 'look at it in the console; then retry, which deletes it, or abort';
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
  const touched = ![confirmed?.version ?? version, shown].includes(version);
  const read = async () => await acronis.tenants.get(tenantId);
  const doubt =
    (await whyNotDeletedAgain(attempt, tenant, read)) ??
    (wasLostBefore(before) && shown !== version && PERHAPS_RESTORED);
  const changes = [
    ...(touched ? [`somebody has changed ${tenantId} since this run left it disabled, ${LOOK}`] : []),
    ...(doubt ? [`${tenantId}: ${doubt}; ${LOOK_AT_IT}`] : []),
  ];
  if (changes.length === 0) await announceDeletion(attempt, tenant, read);
  const unnamed = await findUnnamedContents(acronis, tenant, including);
  const problems = [...changes, ...(unnamed.length > 0 ? [`${NOT_NAMED} ${unnamed.join('; ')}`] : [])];
  if (problems.length > 0) throw unexpected(problems.join('; '));
  const stays = await deleteAndSee(attempt, tenant, {
    send: async () => await acronis.tenants.remove(tenantId, version),
    isThere: async () => await isTenantThere(acronis, tenantId),
  });
  if (stays !== undefined) throw unexpected(`${tenantId}: ${stays}; ${LOOK_AT_IT}`);
  return { result: null };
}

/** True when an earlier call of the step may have deleted the tenant. What it knew is lost with its attempts. */
function wasLostBefore({ look = false, unsure }: StepTries): boolean {
  return look && unsure !== false;
}

function differences(tenant: Tenant, { name, kind, parentTenantId, ...more }: Confirmed): string[] {
  const pairs = [
    ['name', normalizedName(name), normalizedName(tenant.name)],
    ['kind', kind, tenant.kind],
    ['parent', parentTenantId.toLowerCase(), tenant.parent_id.toLowerCase()],
    ['pricing mode', more.pricingMode, tenant.pricing_mode],
    ['contract number', more.customerId && nameKey(more.customerId), tenant.customer_id && nameKey(tenant.customer_id)],
    ['internal tag', customerInTag(more.tag), customerInTag(tenant.internal_tag)],
  ] as const;
  const differing = pairs.filter(([, before, now]) => before !== undefined && now != null && before !== now);
  return differing.map(
    ([what, before, now]) => `its ${what} was ${JSON.stringify(before)} and is ${JSON.stringify(now)}`,
  );
}
