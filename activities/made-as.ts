import type { Tenant } from '../acronis/index.js';
import { plain } from './tenant-adoption.js';

/** By what a tenant is known to be this run's, beside its mark: people copy tags. Absent in runs of older versions. */
export interface MadeAs {
  name?: string;
  /** The contract number that was ordered; null for none. */
  customerId?: string | null;
  /** The e-mail address that was ordered for contact. */
  email?: string;
  /** When the run was started, in ISO 8601. */
  since?: string;
  /** True when this run has switched it to production, or may have. */
  production?: boolean;
}

/** Clocks differ, and the vendor's times have no zone in some forms. */
const CLOCKS_DIFFER_MS = 24 * 3_600_000;

/** Why a tenant that carries the whole mark of this run was not made by it for sure; undefined when nothing speaks against it. */
export function whyNotMade(tenant: Tenant, made: MadeAs): string | undefined {
  const { created_at } = tenant;
  const early = made.since !== undefined && Date.parse(created_at ?? '') < Date.parse(made.since) - CLOCKS_DIFFER_MS;
  // this run goes on with the tenant that it knows, so it is that one that it switches to production
  return early ? `it was made at ${created_at}` : whyTakenUp(tenant, { ...made, production: false });
}

/** Why people go on with a tenant that this run has made; undefined when nobody has touched it. What the cloud leaves out is not counted. */
export function whyTakenUp(
  { kind, name, customer_id, contact, pricing_mode }: Tenant,
  made: MadeAs,
): string | undefined {
  if (made.name !== undefined && plain(name) !== plain(made.name)) return `it is called ${JSON.stringify(name)}`;
  if (made.customerId !== undefined && customer_id && customer_id !== made.customerId)
    return `it has the contract number ${JSON.stringify(customer_id)}`;
  if (made.email !== undefined && contact?.email && contact.email.toLowerCase() !== made.email.toLowerCase())
    return 'its contact was changed';
  // partners are in production from the beginning
  const charged = kind === 'customer' && pricing_mode === 'production';
  return charged && made.production !== true ? 'it is in production' : undefined;
}
