import type { NewTenant, Tenant } from '../acronis/index.js';
import type { TenantContact } from '../contract/orders.js';

type Contact = NonNullable<Tenant['contact']>;
type NewContact = NonNullable<NewTenant['contact']>;
type Field = keyof Contact;

/** The contact of an order in the vendor's fields. */
export function toContact({ firstName, lastName, organizationSize, ...same }: TenantContact): NewContact {
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

/** True when a contact has all that is wanted. A contact that the cloud does not show counts as equal. */
export function isContact(there: Contact | null, wanted: NewContact): boolean {
  if (there === null) return true;
  const { email, ...others } = wanted;
  return (
    there.email?.toLowerCase() === email?.toLowerCase() &&
    Object.entries(others).every(([field, value]) => there[field as Field] === value)
  );
}
