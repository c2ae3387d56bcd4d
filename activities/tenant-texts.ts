import type { Tenant, TenantChange } from '../acronis/index.js';
import type { TenantContact } from '../contract/orders.js';
import { contactToSend, hasContact, pickContact } from './contacts.js';
import { normalizedName } from './tenant-traits.js';

/**
 * The parts of an order that are brought to an existing tenant. Every list of them names all, or it does not compile: see
 * "A field of a customer" in docs/architecture.md.
 */
export interface ReconciledFields {
  name: string;
  language: string;
  contact?: TenantContact;
}

/** None of them forgotten. */
export type EveryReconciledField = { [Field in keyof Required<ReconciledFields>]: ReconciledFields[Field] };

/** The same as they are sent. */
export type ReconciledChange = Pick<TenantChange, keyof ReconciledFields>;

/** What the update of an adopted tenant may change. */
export type AdoptionChange = ReconciledChange & Pick<TenantChange, 'enabled' | 'internal_tag'>;

/** What must be sent so that a tenant has these texts: nothing where it has them. Texts that are absent stay. */
export function textsToSend(tenant: Tenant, { name, language, contact }: ReconciledChange): ReconciledChange {
  const all = {
    name: isName(tenant.name, name) ? undefined : name,
    language: isLanguage(tenant.language, language) ? undefined : language,
    contact: contact && contactToSend(tenant.contact, contact),
  } satisfies Record<keyof ReconciledChange, unknown>;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** True when a tenant has exactly these texts. */
export function hasTexts(tenant: Tenant, { name, language, contact }: ReconciledChange): boolean {
  const isSame: Record<keyof ReconciledChange, boolean> = {
    name: isName(tenant.name, name),
    language: (language ?? tenant.language) === tenant.language,
    contact: contact === undefined || hasContact(tenant.contact, contact),
  };
  return Object.values(isSame).every(Boolean);
}

/** The same fields of a tenant as it has them now, to put them back. */
export function fieldsBefore(tenant: Tenant, changes: AdoptionChange): AdoptionChange {
  const { name, language, enabled, internal_tag } = tenant;
  const contact = pickContact(tenant.contact, changes.contact ?? {});
  const all = { name, language, enabled, internal_tag, contact } satisfies Record<keyof AdoptionChange, unknown>;
  return Object.fromEntries(Object.entries(all).filter(([field]) => field in changes));
}

function isName(there: string, wanted: string | undefined): boolean {
  return wanted === undefined || normalizedName(there) === normalizedName(wanted);
}

/** The cloud may show a language more exactly than it was ordered, or not at all. */
function isLanguage(there: string | null, wanted: string | undefined): boolean {
  return wanted === undefined || there === null || there === wanted || there.startsWith(`${wanted}-`);
}
