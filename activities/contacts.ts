import type { NewTenant, Tenant } from '../acronis/index.js';
import type { TenantContact } from '../contract/orders.js';

type Contact = NonNullable<Tenant['contact']>;
type NewContact = NonNullable<NewTenant['contact']>;
type Field = keyof Contact;

/** The contact of an order in the vendor's fields. */
export function toContact({ firstName, lastName, organizationSize, ...same }: Partial<TenantContact>): NewContact {
  return {
    ...same,
    ...(firstName !== undefined && { firstname: firstName }),
    ...(lastName !== undefined && { lastname: lastName }),
    ...(organizationSize !== undefined && { organization_size: organizationSize }),
  };
}

/** These fields of a contact, as they are sent to restore them. */
export function pickContact(there: Contact | null, fields: NewContact): NewContact {
  return Object.fromEntries(
    Object.keys(fields).map((field) => [field, there?.[field as Field] ?? (field === 'email' ? '' : null)]),
  );
}

/** True when each of these fields of a contact is as wanted. An empty text counts as none. */
export function hasContact(there: Contact | null, wanted: NewContact): boolean {
  return Object.entries(wanted).every(([field, value]) => {
    const [is, should] = [there?.[field as Field] ?? '', value ?? ''].map((text) => text.normalize()) as [
      string,
      string,
    ];
    return field === 'email' ? is.toLowerCase() === should.toLowerCase() : is === should;
  });
}

/**
 * The contact to send so that it has the wanted fields; undefined when it has them. The vendor does not say whether
 * fields that are left out stay, so all that are there are sent again.
 */
export function contactToSend(there: Contact | null, wanted: NewContact): NewContact | undefined {
  if (hasContact(there, wanted)) return undefined;
  const kept = Object.entries(there ?? {}).filter(([, value]) => value !== null && value !== '');
  return { ...Object.fromEntries(kept), ...wanted };
}
