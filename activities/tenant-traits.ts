import type { Tenant } from '../acronis/index.js';
import type { OrderedTenant } from '../contract/earlier-runs.js';
import { nameKey } from '../contract/names.js';
import { CLOCKS_DIFFER_MS } from './user-traits.js';

/** Besides its mark, these show that a tenant is this run's: people copy tags. Absent in runs of earlier versions. */
export interface TenantTraits {
  name?: string;
  /** The ordered contract number; null for none. */
  customerId?: string | null;
  /** The ordered e-mail address of the contact. */
  email?: string;
  /** When the run was started, in ISO 8601. */
  since?: string;
  /** True when this run has switched it to production, or may have. */
  production?: boolean;
}

/** Why a tenant with the whole mark of this run may not be its own; undefined when nothing speaks against it. */
export function whyNotOurs(tenant: Tenant, made: TenantTraits): string | undefined {
  const { created_at } = tenant;
  const early = made.since !== undefined && Date.parse(created_at ?? '') < Date.parse(made.since) - CLOCKS_DIFFER_MS;
  // this run switches only the tenant that it uses to production
  return early ? `it was made at ${created_at}` : whyChanged(tenant, { ...made, production: false });
}

/**
 * What shows that a tenant was given to another customer than these orders name; undefined when nothing does. One
 * change of a name or a contact is a correction. A new name together with another contact or none, with a contract number
 * where there was none, or without the one that there was, is not.
 */
export function whyGivenToAnother(
  { name, customer_id, contact }: Tenant,
  orders: readonly OrderedTenant[],
  { byNumberOnly = false, ofSeveralRuns = false } = {},
): string | undefined {
  const numbers = orders.flatMap(({ customerId }) => (customerId === undefined ? [] : nameKey(customerId)));
  if (customer_id && numbers.length > 0 && !numbers.includes(nameKey(customer_id)))
    return `it has the contract number ${JSON.stringify(customer_id)}, not ${JSON.stringify(numbers[0])}`;
  const isNamed = orders.some((order) => normalizedName(order.name) === normalizedName(name));
  if (byNumberOnly || isNamed) return undefined;
  if (customer_id && numbers.length === 0)
    return `it has another name, and the contract number ${JSON.stringify(customer_id)}, which it did not have`;
  // what only some of several runs have ordered, it may never have had
  const isLost = (had: readonly string[]) => had.length > 0 && (!ofSeveralRuns || had.length === orders.length);
  if (!customer_id && isLost(numbers))
    return `it has another name, and no longer the contract number ${JSON.stringify(numbers[0])}`;
  const emails = orders.flatMap((order) => order.email?.toLowerCase() ?? []);
  const email = contact?.email?.toLowerCase();
  if (!email) return isLost(emails) ? 'it has another name, and its contact has no e-mail address any more' : undefined;
  return emails.includes(email) ? undefined : 'both its name and its contact were changed';
}

/** What people have changed in a tenant of this run. Fields that the cloud leaves out count as equal. */
export function whyChanged(
  { kind, name, customer_id, contact, pricing_mode, update_lock }: Tenant,
  made: TenantTraits,
): string | undefined {
  if (made.name !== undefined && normalizedName(name) !== normalizedName(made.name))
    return `it is called ${JSON.stringify(name)}`;
  if (made.customerId !== undefined && customer_id && nameKey(customer_id) !== nameKey(made.customerId ?? ''))
    return `it has the contract number ${JSON.stringify(customer_id)}`;
  if (made.email !== undefined && contact?.email && contact.email.toLowerCase() !== made.email.toLowerCase())
    return 'its contact was changed';
  if (update_lock?.enabled) return 'it is locked';
  // partners are in production from the start
  const inProduction = kind === 'customer' && pricing_mode === 'production';
  return inProduction && made.production !== true ? 'it is in production' : undefined;
}

/** The name without differences in spaces and Unicode form, which the cloud may change. */
export function normalizedName(name: string): string {
  return name.normalize().replaceAll(/\s+/g, ' ').trim();
}
