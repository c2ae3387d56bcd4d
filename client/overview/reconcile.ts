import { readAmount } from '../../contract/amounts.js';
import type { SubscriptionStatus, TenantState, WantedQuota } from '../../contract/customers.js';
import type { ListedTenant } from '../../contract/tenant-listing.js';
import type { KnownStatus } from './known-customer.js';

/** What does not agree. */
export const mismatchKinds = [
  'soldWithoutTenant',
  'tenantWithoutSale',
  'soldIsNotSet',
  'notSold',
  'suspendedAndBilled',
] as const;
export type MismatchKind = (typeof mismatchKinds)[number];

/** One thing that does not agree. Every field is a text, so that it can be a row of a table. */
export interface Mismatch {
  kind: MismatchKind;
  ref?: string;
  cloud?: string;
  tenantId?: string;
  name?: string;
  /** What the customer is doing: what it has begun may change this by itself. */
  state?: string;
  field?: string;
  sold?: string;
  set?: string;
  why: string;
}

/** The tenants of one cloud. */
export interface TenantsOfCloud {
  cloud: string;
  tenants: readonly ListedTenant[];
}

export interface ReconcileFacts {
  customers: readonly KnownStatus[];
  /** The tenants that customers have, by id in lower case. */
  taken: ReadonlySet<string>;
  /** Clouds that are not known are left out. */
  clouds: readonly TenantsOfCloud[];
}

/** What is sold and what is there, where they differ: first what was sold in vain, then what nobody pays for. */
export function mismatchesIn({ customers, taken, clouds }: ReconcileFacts): Mismatch[] {
  const without = customers.filter(({ tenantId }) => tenantId === undefined);
  const likeOf = ({ customerId }: ListedTenant, cloud: string) =>
    without.find((one) => one.ref === customerId && one.cloud === cloud);
  const free = clouds.flatMap(({ cloud, tenants }) =>
    tenants
      .filter(({ kind, tenantId }) => kind === 'customer' && !taken.has(tenantId))
      .flatMap((tenant) => unknownTenant(tenant, cloud, likeOf(tenant, cloud))),
  );
  const all = [...customers.flatMap(ofCustomer), ...free];
  return all.toSorted((one, other) => rank(one) - rank(other) || compare(one.ref ?? '', other.ref ?? ''));
}

function rank({ kind }: Mismatch): number {
  return mismatchKinds.indexOf(kind);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function ofCustomer(status: KnownStatus): Mismatch[] {
  const { wanted, applied, tenantId } = status;
  if (tenantId === undefined || applied?.exists !== true)
    return wanted.exists ? [mismatch('soldWithoutTenant', status, { why: whyWithout(status) })] : [];
  if (!wanted.exists)
    return [
      mismatch('tenantWithoutSale', status, { why: `nothing is sold to this customer any more; ${doing(status)}` }),
      ...billed(status, applied),
    ];
  return [...differences(status, applied), ...billed(status, applied)];
}

function mismatch(
  kind: MismatchKind,
  { ref, cloud, tenantId, state, wanted, applied }: KnownStatus,
  more: Pick<Mismatch, 'why'> & Partial<Mismatch>,
): Mismatch {
  const name = applied?.name ?? wanted.name;
  return { kind, ref, cloud, ...(tenantId && { tenantId }), ...(name !== undefined && { name }), state, ...more };
}

function whyWithout({ observed, waitingFor, blocked, running, tenantId, wouldDo }: KnownStatus): string {
  if (tenantId !== undefined) return 'somebody has deleted the tenant in the cloud';
  if (observed) return 'the customer is only observed';
  if (blocked !== undefined) return blocked.message;
  if (waitingFor !== undefined) return `it waits for ${waitingFor}`;
  if (running !== undefined) return `${running.id} is ${running.state}`;
  return wouldDo === undefined ? 'no subscription would be enabled' : `${wouldDo.operation} has not begun yet`;
}

/** What a subscription says is billed, whatever has been paid of it. */
const billedStates: ReadonlySet<SubscriptionStatus['state']> = new Set(['active', 'past_due']);

function billed(status: KnownStatus, { enabled }: TenantState): Mismatch[] {
  if (enabled) return [];
  return status.subscriptions
    .filter(({ state }) => billedStates.has(state))
    .map(({ source, ref, state, since }) =>
      mismatch('suspendedAndBilled', status, {
        field: 'enabled',
        set: 'false',
        why: `the tenant is disabled, and ${source} says that ${ref} is ${state.replace('_', ' ')} since ${since}`,
      }),
    );
}

/** Fields of the tenant that are not as they were sold, with the reason where one is known. */
function differences(status: KnownStatus, set: TenantState): Mismatch[] {
  const { wanted: sold } = status;
  const fields = [...simpleDifferences(sold, set), ...itemDifferences(sold, set), ...quotaDifferences(sold, set)];
  return fields.map(({ kind = 'soldIsNotSet', ...one }) =>
    mismatch(kind, status, { ...one, why: whyOf(one.field, status) }),
  );
}

interface Difference {
  kind?: MismatchKind;
  field: string;
  sold: string;
  set: string;
}

function simpleDifferences(sold: TenantState, set: TenantState): Difference[] {
  const simple = ['enabled', 'billingMode', 'edition'] as const;
  return simple
    .filter((field) => sold[field] !== undefined && sold[field] !== set[field])
    .map((field) => ({ field, sold: String(sold[field]), set: String(set[field] ?? 'none') }));
}

/** An edition brings items of its own. */
function itemDifferences(sold: TenantState, set: TenantState): Difference[] {
  const missing = sold.offeringItems.filter((item) => !set.offeringItems.includes(item));
  const extra =
    sold.edition === undefined ? set.offeringItems.filter((item) => !sold.offeringItems.includes(item)) : [];
  return [
    ...missing.map((item) => ({ field: `offeringItems.${item}`, sold: 'on', set: 'off' })),
    ...extra.map((item) => ({ kind: 'notSold' as const, field: `offeringItems.${item}`, sold: 'off', set: 'on' })),
  ];
}

function quotaDifferences(sold: TenantState, set: TenantState): Difference[] {
  return sold.offeringItems
    .filter((item) => set.offeringItems.includes(item) && !isSameQuota(sold.quotas[item], set.quotas[item]))
    .map((item) => ({ field: `quotas.${item}`, sold: quotaText(sold.quotas[item]), set: quotaText(set.quotas[item]) }));
}

function isSameQuota(one: WantedQuota | undefined, other: WantedQuota | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isSameAmount(one.limit, other.limit) && isSameAmount(one.overage ?? 0, other.overage ?? 0);
}

function isSameAmount(one: string | number, other: string | number): boolean {
  return readAmount(one)?.value === readAmount(other)?.value;
}

function quotaText(quota: WantedQuota | undefined): string {
  if (quota === undefined) return 'unlimited';
  return quota.overage === undefined ? String(quota.limit) : `${quota.limit} and ${quota.overage} more`;
}

function whyOf(field: string, { different = [], notDone = [], observed, state, running }: KnownStatus): string {
  const aside = notDone.find((one) => one.field === field || (field === 'enabled' && one.field === 'suspend'));
  if (aside !== undefined) return aside.why;
  const byHand = different.find((one) => one.field === field);
  if (byHand !== undefined) return `somebody has changed it in the cloud; seen on ${byHand.since}`;
  if (observed) return 'the customer is only observed';
  return doing({ state, running });
}

function doing({ state, running }: Pick<KnownStatus, 'state'> & { running?: KnownStatus['running'] }): string {
  return running === undefined ? `the customer is ${state}` : `${running.id} is ${running.state}`;
}

/** `like`: a customer without a tenant whose reference is the `customer_id`; one that is just being created has it soon. */
function unknownTenant(
  { tenantId, name, customerId }: ListedTenant,
  cloud: string,
  like: KnownStatus | undefined,
): Mismatch[] {
  if (like?.running !== undefined) return [];
  const number = customerId === undefined ? '' : `; its customer_id is ${customerId}`;
  const why = like === undefined ? `no customer has this tenant${number}` : `${like.ref} may adopt it${number}`;
  return [{ kind: 'tenantWithoutSale', ...(like && { ref: like.ref }), cloud, tenantId, name, why }];
}
