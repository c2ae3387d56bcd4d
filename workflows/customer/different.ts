import { readAmount } from '../../contract/amounts.js';
import type { Different, FoundTenant, TenantState, WantedQuota } from '../../contract/customers.js';
import { identityAsFound } from './identity.js';
import type { AppliedTenant } from './intention.js';

const simpleFields = ['enabled', 'billingMode', 'edition', 'name', 'language'] as const;

/** The fields in which a tenant is not as it was applied, because somebody has changed them in the cloud. */
export function differentFields(applied: AppliedTenant, tenant: FoundTenant, since: string): Different[] {
  if (tenant.deletedAt !== undefined) return [{ field: 'exists', wanted: true, is: false, since }];
  const found: Different[] = [];
  const compare = (field: string, wanted: unknown, is: unknown) => {
    if (wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(is ?? null))
      found.push({ field, wanted, is: is ?? null, since });
  };
  for (const field of simpleFields) compare(field, applied[field], tenant[field]);
  compare('contact.email', applied.contact?.email, tenant.contact?.email);
  for (const item of applied.offeringItems) compare(`offeringItems.${item}`, true, tenant.offeringItems.includes(item));
  for (const item of quotasOf(applied))
    if (!isSameQuota(applied.quotas[item], tenant.quotas[item]))
      found.push({
        field: `quotas.${item}`,
        wanted: applied.quotas[item] ?? UNLIMITED,
        is: tenant.quotas[item] ?? UNLIMITED,
        since,
      });
  return found;
}

const UNLIMITED = 'unlimited';

/** The applied state with one field as the cloud has it: then what is wanted of it counts as new. */
export function withFieldAsFound(applied: AppliedTenant, tenant: FoundTenant, field: string): AppliedTenant {
  const [kind, item = ''] = field.split('.');
  if (kind === 'quotas') {
    const { [item]: _was, ...others } = applied.quotas;
    const is = tenant.quotas[item];
    return { ...applied, quotas: { ...others, ...(is && { [item]: is }) } };
  }
  if (kind === 'offeringItems')
    return { ...applied, offeringItems: applied.offeringItems.filter((one) => one !== item) };
  if (kind === 'contact') {
    const { contact: _contact, ...rest } = applied;
    return { ...rest, ...(tenant.contact && { contact: tenant.contact }) };
  }
  return { ...applied, [field]: tenant[field as (typeof simpleFields)[number]] };
}

/** What is wanted of a quota or an item. */
export function wantedAt(field: string, { quotas, offeringItems }: TenantState): unknown {
  const [kind, item = ''] = field.split('.');
  return kind === 'quotas' ? quotas[item] : offeringItems.includes(item);
}

/** What a customer compares with from now on, when it adopts a tenant: nothing is changed to match what is sold. */
export function adopted(tenant: FoundTenant, wanted: TenantState): AppliedTenant {
  const { tenantId, name, enabled, offeringItems, quotas, billingMode, edition, language, contact } = tenant;
  // nothing is done to a tenant for which nothing is sold
  const is = { enabled: enabled && wanted.enabled, offeringItems, quotas, billingMode, ...(edition && { edition }) };
  const person = { ...(language && { language }), ...(contact && { contact }) };
  const whose = { tenantId, identity: identityAsFound(tenant) };
  return wanted.exists ? { name, ...person, ...wanted, ...whose } : { ...is, name, ...person, exists: true, ...whose };
}

/** Those of items that are on without a quota are unlimited. */
function quotasOf({ offeringItems, quotas }: AppliedTenant): string[] {
  return [...new Set([...offeringItems, ...Object.keys(quotas)])].toSorted();
}

function isSameQuota(one: WantedQuota | undefined, other: WantedQuota | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isSameAmount(one.limit, other.limit) && isSameAmount(one.overage ?? 0, other.overage ?? 0);
}

function isSameAmount(one: string | number, other: string | number): boolean {
  return readAmount(one)?.value === readAmount(other)?.value;
}
