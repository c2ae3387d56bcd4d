import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, tenantKey, tenantRef } from './input.js';
import { RESTORE_CUSTOMER, type RestoreCustomerOrder } from '../workflows/restore-customer/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  force: z
    .boolean()
    .default(false)
    .describe('Let the cloud change a name or login of the deleted customer that somebody has taken meanwhile'),
  ...commonFields,
});

export const restoreCustomerEntry: CatalogueEntry = {
  name: RESTORE_CUSTOMER,
  summary: 'Restores a customer that is disabled, being offboarded, or deleted, as far as the cloud still can.',
  schema,
  read: createReader<RestoreCustomerOrder>(schema, tenantKey),
};
