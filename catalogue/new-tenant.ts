import { z } from 'zod';
import { digest, email, shortKey, tenantId, text } from './input.js';

/** The contact of a tenant, in the vendor's fields. */
export const contact = () =>
  z.strictObject({
    email: email(),
    firstName: text().optional(),
    lastName: text().optional(),
    title: text().optional(),
    phone: text().optional(),
    fax: text().optional(),
    website: text().optional(),
    address1: text().optional(),
    address2: text().optional(),
    city: text().optional(),
    state: text().optional(),
    zipcode: text().optional(),
    country: text().optional(),
    industry: text().optional(),
    organizationSize: text().optional(),
  });

/** The name of a tenant. */
export const tenantName = (kind: string) => text().describe(`Name of the ${kind}; unique among your tenants`);

/** The language in which a tenant is addressed. */
export const language = () => z.string().regex(/^[a-z]{2}(-[A-Za-z]{2,4})?$/, 'must be a language code like "en"');

/** The fields of every new tenant. */
export const newTenantFields = (kind: string) => ({
  name: tenantName(kind),
  parentTenantId: tenantId()
    .optional()
    .describe(`Tenant to create the ${kind} in; the API client's own tenant by default`),
  language: language().default('en'),
  contact: contact().optional().describe(`Whom to reach at the ${kind}; only the e-mail address is required`),
});

/** The business key of a new tenant: the caller's name for it, else a digest of name and parent. */
export function newTenantKey(
  named: string | undefined,
  { name, parentTenantId }: { name: string; parentTenantId?: string },
): string {
  return named === undefined ? digest(JSON.stringify([name, parentTenantId ?? null])) : shortKey(named);
}
