import type { Tenant, TenantChange } from '../acronis/index.js';
import { contactToSend, hasContact, pickContact } from './contacts.js';
import { normalizedName } from './tenant-traits.js';

/** Name, language and contact of a tenant, as they are sent. */
export type TextChange = Pick<TenantChange, 'name' | 'language' | 'contact'>;

/** What must be sent so that a tenant has these texts: nothing where it has them. Texts that are absent stay. */
export function textsToSend(tenant: Tenant, { name, language, contact }: TextChange): TextChange {
  const sent = contact && contactToSend(tenant.contact, contact);
  return {
    ...(isName(tenant.name, name) ? {} : { name }),
    ...(isLanguage(tenant.language, language) ? {} : { language }),
    ...(sent && { contact: sent }),
  };
}

/** True when a tenant has exactly these texts. */
export function hasTexts(tenant: Tenant, { name, language, contact }: TextChange): boolean {
  if (!isName(tenant.name, name) || (language ?? tenant.language) !== tenant.language) return false;
  return contact === undefined || hasContact(tenant.contact, contact);
}

/** The same fields of a tenant as it has them now, to put them back. */
export function fieldsBefore(
  { name, language, enabled, internal_tag, contact }: Tenant,
  changes: Omit<TenantChange, 'version'>,
): Omit<TenantChange, 'version'> {
  const all = { name, language, enabled, internal_tag, contact: pickContact(contact, changes.contact ?? {}) };
  return Object.fromEntries(Object.entries(all).filter(([field]) => field in changes));
}

function isName(there: string, wanted: string | undefined): boolean {
  return wanted === undefined || normalizedName(there) === normalizedName(wanted);
}

/** The cloud may show a language more exactly than it was ordered, or not at all. */
function isLanguage(there: string | null, wanted: string | undefined): boolean {
  return wanted === undefined || there === null || there === wanted || there.startsWith(`${wanted}-`);
}
