import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, escapeKeyPart, createReader, shortKey, tenantRef, toTenantKeyPart, text } from './input.js';
import { UPDATE_PARTNERS, type UpdatePartnersOrder } from '../workflows/update-partners/contract.js';

const editions = z.union(
  [z.strictObject({ editions: z.literal('all') }), z.strictObject({ edition: text() })],
  'must be {"editions": "all"} or {"edition"} with the name of one',
);

const schema = z.strictObject({
  root: tenantRef()
    .optional()
    .describe("The tenant directly below which the partners are: a partner or folder; the API client's own by default"),
  to: editions.describe('What each partner gets: every item of all editions that its parent offers, or of one'),
  ...commonFields,
});

export const updatePartnersEntry: CatalogueEntry = {
  name: UPDATE_PARTNERS,
  summary: 'Gives every partner the items of one edition or of all, as far as its parent offers them.',
  schema,
  read: createReader<UpdatePartnersOrder>(schema, updatePartnersKey),
};

function updatePartnersKey({ externalRef, root, to }: UpdatePartnersOrder): string {
  return shortKey(externalRef ?? [escapeKeyPart(toTenantKeyPart(root)), ...Object.values(to)].join(' '));
}
