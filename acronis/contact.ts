import { z } from 'zod';
import { optional } from './shapes.js';

const text = optional(z.string());

/** The parts of a contact that this product reads. */
export const contactShape = z.object({
  email: text,
  firstname: text,
  lastname: text,
  title: text,
  phone: text,
  fax: text,
  website: text,
  address1: text,
  address2: text,
  city: text,
  state: text,
  zipcode: text,
  country: text,
  industry: text,
  organization_size: text,
});

/** The contact of a tenant or user, as the cloud returns it. */
export type Contact = z.output<typeof contactShape>;

/** The contact of a tenant or user, as sent. Fields left out stay unchanged, or empty; null empties. */
export type NewContact = { [Field in Exclude<keyof Contact, 'email'>]?: string | null | undefined } & {
  email?: string | undefined;
};
