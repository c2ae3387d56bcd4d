import { unlessNotFound, type Tenant } from '../acronis/index.js';
import type { OrderedTenant } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { isSameId } from '../contract/ids.js';
import { customerInTag } from '../contract/mark.js';
import type { Attempt, Outcome, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { normalizedName, whyGivenToAnother } from './tenant-traits.js';

/** The tenant that a run means. What is absent is not compared. */
export interface MeantTenant extends TenantSpec {
  parentTenantId?: string;
  /** Its internal tag. */
  tag?: string;
  /** As the run has ordered or found it. */
  orders: readonly OrderedTenant[];
  /** When the run did something at this tenant last, in milliseconds since 1970; absent in tasks of earlier versions. */
  seenAt?: number;
}

/** See the activity of this name. */
export async function checkStillMeant(meant: MeantTenant, { acronis }: Attempt): Promise<Outcome<null>> {
  const { tenantId } = meant;
  const tenant = await unlessNotFound(async () => await acronis.tenants.get(tenantId, { allowDeleted: true }));
  const why = tenant && whyNotMeant(tenant, meant);
  if (why === undefined) return { result: null };
  throw refuse(
    FailureType.Unexpected,
    `the tenant ${JSON.stringify(tenant?.name)} (${tenantId}) seems to be another customer's by now: ${why}. ` +
      'Put this back in the console, then retry; or give this run up (abort), and order again',
  );
}

function whyNotMeant(tenant: Tenant, { parentTenantId, tag, orders }: MeantTenant): string | undefined {
  const { parent_id, internal_tag } = tenant;
  if (parentTenantId !== undefined && !isSameId(parent_id, parentTenantId))
    return `somebody has moved it below ${parent_id}; it was below ${parentTenantId}`;
  const [meant, now] = [customerInTag(tag), customerInTag(internal_tag)];
  if (meant !== undefined && now !== undefined && meant !== now)
    return `it has the internal tag ${JSON.stringify(internal_tag)}, not ${JSON.stringify(tag)}`;
  const isRenamed = orders.every((order) => normalizedName(order.name) !== normalizedName(tenant.name));
  if (isRenamed && tenant.customer_id && orders.every(({ customerId }) => customerId === undefined))
    return `it has another name, and the contract number ${JSON.stringify(tenant.customer_id)}, which it did not have`;
  // where no contact is known, a new name alone is a correction
  return whyGivenToAnother(tenant, orders, { byNumberOnly: orders.every(({ email }) => email === undefined) });
}
