import { z } from 'zod';
import { optional } from './shapes.js';

const text = optional(z.string());

/** The parts of a contact that this product reads. */
export const contactShape = z.object({ email: text, firstname: text, lastname: text });

/** The contact of a tenant or user, as the cloud returns it. */
export type Contact = z.output<typeof contactShape>;

/** The contact of a tenant or user, as sent. Fields left out stay unchanged, or empty. */
export interface NewContact {
  email?: string | undefined;
  firstname?: string | undefined;
  lastname?: string | undefined;
}
