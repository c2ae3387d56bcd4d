import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { confirmation, commonFields, createReader, tenantKey, tenantRef, text } from './input.js';
import { DISABLE_APPLICATIONS, type DisableApplicationsOrder } from '../workflows/disable-applications/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  except: z
    .array(text())
    .default([])
    .describe('Applications that stay, by id or type, such as "backup"; the platform always stays'),
  confirm: confirmation(),
  ...commonFields,
});

export const disableApplicationsEntry: CatalogueEntry = {
  name: DISABLE_APPLICATIONS,
  summary: 'Disables the applications of a tenant for good: their data is destroyed.',
  schema,
  read: createReader<DisableApplicationsOrder>(schema, tenantKey),
};
