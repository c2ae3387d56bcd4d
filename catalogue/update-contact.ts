import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, digest, keyOfNamed, tenantRef } from './input.js';
import { contact, language, tenantName } from './new-tenant.js';
import { UPDATE_CONTACT, type ContactOrder, type UpdateContactOrder } from '../workflows/update-contact/contract.js';

const schema = z
  .strictObject({
    tenant: tenantRef(),
    name: tenantName('customer').optional(),
    language: language().optional(),
    contact: contact()
      .partial()
      .refine((fields) => Object.keys(fields).length > 0, 'says nothing: add a field, or leave it out')
      .optional()
      .describe('Whom to reach at the customer; fields that are left out stay as they are'),
    ...commonFields,
  })
  .refine(({ name, language, contact }) => (name ?? language ?? contact) !== undefined, {
    path: ['name'],
    message: 'is missing, and so are language and contact: add at least one of them',
  });

/** A digest of what is ordered, because a key must not show personal data. */
function digestOf({ name, language, contact = {} }: ContactOrder): string {
  const fields = Object.entries(contact).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return digest(JSON.stringify([name ?? null, language ?? null, fields]));
}

export const updateContactEntry: CatalogueEntry = {
  name: UPDATE_CONTACT,
  summary: 'Sets the name, language and contact of a customer; never a login.',
  schema,
  read: createReader<UpdateContactOrder>(schema, (order) => keyOfNamed(order, digestOf(order))),
};
