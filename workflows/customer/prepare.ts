import type { ExistingTenant, FoundTenant, IntendedOperation } from '../../contract/customers.js';
import { OFFBOARD_CUSTOMER } from '../offboard-customer/contract.js';
import { PROVISION_CUSTOMER } from '../provision-customer/contract.js';
import { RESTORE_CUSTOMER } from '../restore-customer/contract.js';
import { CHANGE_ENTITLEMENT } from '../change-entitlement/contract.js';
import { LESS } from './entitlement.js';
import type { ReadableSubscription } from './ledger.js';
import { takesAway, type Progress } from './progress.js';
import { withoutSwitchedOff } from './switched-off.js';
import { asksWhoseTenant, isOf, readContents, readTenant, tenantsLike, whyNotOurs } from './tenants.js';
import { confirmTruth } from './truth.js';
import { isPatched } from './patches.js';

/** However many customers wait for the brake, a worker lists the tenants for them once a minute. */
const MINUTE_MS = 60_000;

/** The input with which an operation starts, or why it does not start now. */
export type Prepared =
  /** No input: nothing of it can be done now. `seen`: the tenant as it is. */
  | { input: object | undefined; seen?: FoundTenant }
  | { existing: ExistingTenant[] }
  /** It is tried again later. */
  | { failed: string }
  /** A person must act. */
  | { refused: string };

interface Surroundings {
  cloud: string;
  ref: string;
  progress: Progress;
  /** True when the brake has granted the operation, so that it begins at once. */
  isGranted: boolean;
  /** Those that can be read from their sources. */
  subscriptions: readonly ReadableSubscription[];
}

/**
 * Looks before an operation starts, where that is needed: for a tenant that may be the new customer already; for the
 * present name of a tenant that the operation must confirm; and at the sources, before something is taken away.
 */
export async function prepare(
  { operation, input, why }: IntendedOperation,
  { cloud, ref, progress, isGranted, subscriptions }: Surroundings,
): Promise<Prepared> {
  const { tenant } = progress;
  const takesSomething = takesAway.has(operation) || why === LESS;
  const late = lateBefore(operation, { progress, subscriptions });
  if (takesSomething || late.length > 0) {
    const untrue = await confirmTruth(ref, takesSomething ? subscriptions : late);
    if (untrue !== undefined)
      return 'unread' in untrue ? { failed: untrue.unread } : { refused: byHand(operation, untrue.unclear) };
  }
  if ((takesSomething || operation === RESTORE_CUSTOMER) && asksWhoseTenant()) {
    const notOurs = await whyNotOurs((input as { tenant: { id: string } }).tenant.id);
    if (notOurs !== undefined) return { refused: notOurs };
  }
  if (operation === PROVISION_CUSTOMER) return await lookForExisting(input, { cloud, ref, progress, isGranted });
  if (tenant === undefined) return { input };
  const place = { cloud, tenantId: tenant.tenantId };
  if (operation === CHANGE_ENTITLEMENT && isPatched(LOOKS_FIRST)) {
    const read = await readTenant(place, progress);
    if ('failed' in read) return read;
    const { name, deletedAt } = read.tenant;
    if (deletedAt !== undefined) return { refused: `${name} was deleted at ${deletedAt}: "converge" restores it` };
    return { input: withoutSwitchedOff(input, tenant, read.tenant), seen: read.tenant };
  }
  if (!('confirm' in input)) return { input };
  const read = await readTenant(place, progress);
  if ('failed' in read) return read;
  const confirmed = { ...input, confirm: read.tenant.name };
  if (operation !== OFFBOARD_CUSTOMER || !isPatched(NAMES_CONTENTS)) return { input: confirmed };
  // the yes to the end is to all that is in the tenant now; what comes later blocks the deletion
  const contents = await readContents(place, progress);
  return 'failed' in contents ? contents : { input: { ...confirmed, including: contents.including } };
}

/** What a source must confirm before a tenant is made or restored, unless a person has said that it is made. */
function lateBefore(
  operation: string,
  { progress: { agreed }, subscriptions }: Pick<Surroundings, 'progress' | 'subscriptions'>,
): ReadableSubscription[] {
  const makes = operation === PROVISION_CUSTOMER || operation === RESTORE_CUSTOMER;
  return !makes || agreed['create'] !== undefined ? [] : subscriptions.filter(({ isLate }) => isLate);
}

/** A person may have said that a new tenant is created. But not even then does a customer get that of another one. */
async function lookForExisting(
  input: object,
  { cloud, ref, progress, isGranted }: Omit<Surroundings, 'subscriptions'>,
): Promise<Prepared> {
  const isAgreed = progress.agreed['create'] !== undefined;
  if (isAgreed && !asksWhoseTenant()) return { input };
  const { customer } = input as { customer: { name: string; parentTenantId?: string } };
  const { name, parentTenantId } = customer;
  const like = { cloud, name, customerId: ref, ...(parentTenantId !== undefined && { parentTenantId }) };
  const found = await tenantsLike({ ...like, ...(!isGranted && { maxAgeMs: MINUTE_MS }) }, progress);
  if ('failed' in found) return found;
  const taken = found.tenants.find(({ why }) => why === 'mark');
  if (taken?.customer !== undefined) return { refused: isOf(taken.customer, taken.tenantId) };
  return isAgreed || found.tenants.length === 0 ? { input } : { existing: found.tenants };
}

/** Customers of older releases did not look at the tenant before they changed items. */
const LOOKS_FIRST = 'customer-looks-before-it-changes-items';

/** Customers of older releases named nothing. */
const NAMES_CONTENTS = 'offboarding-names-contents';

function byHand(operation: string, why: string): string {
  if (operation === PROVISION_CUSTOMER || operation === RESTORE_CUSTOMER)
    return `${why}. If it is really sold, say "converge" with "create"`;
  const condition = takesAway.has(operation) ? 'the customer has ended' : 'less is really sold';
  return `${why}. If ${condition}, do it by hand: "tenantry run ${operation}"`;
}
