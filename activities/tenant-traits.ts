import type { Tenant } from '../acronis/index.js';
import { normalizedName } from './tenant-adoption.js';
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

/** What people have changed in a tenant of this run. Fields that the cloud leaves out count as equal. */
export function whyChanged(
  { kind, name, customer_id, contact, pricing_mode }: Tenant,
  made: TenantTraits,
): string | undefined {
  if (made.name !== undefined && normalizedName(name) !== normalizedName(made.name))
    return `it is called ${JSON.stringify(name)}`;
  if (made.customerId !== undefined && customer_id && customer_id !== made.customerId)
    return `it has the contract number ${JSON.stringify(customer_id)}`;
  if (made.email !== undefined && contact?.email && contact.email.toLowerCase() !== made.email.toLowerCase())
    return 'its contact was changed';
  // partners are in production from the start
  const inProduction = kind === 'customer' && pricing_mode === 'production';
  return inProduction && made.production !== true ? 'it is in production' : undefined;
}
