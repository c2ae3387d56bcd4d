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
  /** What the order names it by, where that can change: then it must still have this. */
  by?: 'name' | 'customerId';
  /** When the run has read last whose this tenant is, in milliseconds since 1970; absent when it has not. */
  seenAt?: number;
  /** The step that an undo takes back. */
  undoOf?: string;
}

const REMEDY =
  'Put this back in the console, then retry; or give this run up (abort), which changes nothing there, and order again';

/** See the activity of this name. */
export async function checkStillMeant(meant: MeantTenant, attempt: Attempt): Promise<Outcome<null>> {
  const other = await seenAsAnother(meant, attempt);
  if (other !== undefined) throw refuse(FailureType.Unexpected, `${other}. ${REMEDY}`);
  return { result: null, seen: meant.tenantId };
}

/** The same for a tenant that was just read. */
export function checkSeenAsMeant(tenant: Tenant, meant: MeantTenant): void {
  const other = whyAnother(tenant, meant);
  if (other !== undefined) throw refuse(FailureType.Unexpected, `${other}. ${REMEDY}`);
}

/** The same for an undo: what the run has done there belongs to the other customer now, and a person decides about it. */
export async function checkUndoStillMeant(meant: MeantTenant, attempt: Attempt): Promise<Outcome<null>> {
  const other = await seenAsAnother(meant, attempt);
  if (other === undefined) return { result: null };
  const done = meant.undoOf === undefined ? '' : ` of ${meant.undoOf}`;
  throw refuse(FailureType.Unexpected, `the effect${done} is not taken back: ${other}`);
}

/** Why the tenant seems to be another customer's; undefined when it does not. */
async function seenAsAnother(meant: MeantTenant, { acronis }: Attempt): Promise<string | undefined> {
  const tenant = await unlessNotFound(async () => await acronis.tenants.get(meant.tenantId, { allowDeleted: true }));
  return tenant && whyAnother(tenant, meant);
}

function whyAnother(tenant: Tenant, meant: MeantTenant): string | undefined {
  const why = whyNotMeant(tenant, meant);
  if (why === undefined) return undefined;
  return `the tenant ${JSON.stringify(tenant.name)} (${tenant.id}) seems to be another customer's by now: ${why}`;
}

function whyNotMeant(tenant: Tenant, { parentTenantId, tag, orders, by }: MeantTenant): string | undefined {
  const { parent_id, internal_tag } = tenant;
  if (parentTenantId !== undefined && !isSameId(parent_id, parentTenantId))
    return `somebody has moved it below ${parent_id}; it was below ${parentTenantId}`;
  const [customer, now] = [customerInTag(tag), customerInTag(internal_tag)];
  if (customer !== undefined && now !== undefined && customer !== now)
    return `it has the internal tag ${JSON.stringify(internal_tag)}, not ${JSON.stringify(tag)}`;
  if (by === 'customerId' && !tenant.customer_id) return 'it no longer has the contract number of the order';
  const isRenamed = orders.every((order) => normalizedName(order.name) !== normalizedName(tenant.name));
  if (isRenamed && by === 'name') return `it no longer has the name of the order, ${JSON.stringify(orders[0]?.name)}`;
  if (isRenamed && internal_tag && tag === undefined)
    return `it has another name, and the internal tag ${JSON.stringify(internal_tag)}, which it did not have`;
  if (isRenamed && !internal_tag && tag !== undefined)
    return `it has another name, and no longer the internal tag ${JSON.stringify(tag)}`;
  return whyGivenToAnother(tenant, orders);
}
