import { z } from 'zod';
import { absent } from './shapes.js';

const text = absent(z.string());

/** The parts of a contact that this product reads. */
export const contactShape = z.object({ email: text, firstname: text, lastname: text });

/** A person behind a tenant or user, as the cloud tells it. */
export type Contact = z.output<typeof contactShape>;

/** A person behind a tenant or user, as sent. What is left out stays as it is, or empty. */
export interface NewContact {
  email?: string | undefined;
  firstname?: string | undefined;
  lastname?: string | undefined;
  title?: string | undefined;
  phone?: string | undefined;
  website?: string | undefined;
  address1?: string | undefined;
  address2?: string | undefined;
  city?: string | undefined;
  state?: string | undefined;
  zipcode?: string | undefined;
  /** Two letters. */
  country?: string | undefined;
  types?: string[] | undefined;
}
