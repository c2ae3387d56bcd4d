import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { confirmation, commonFields, createReader, tenantKey, tenantRef } from './input.js';
import { SWITCH_TO_PRODUCTION, type SwitchToProductionOrder } from '../workflows/switch-to-production/contract.js';

const schema = z.strictObject({ tenant: tenantRef(), confirm: confirmation(), ...commonFields });

export const switchToProductionEntry: CatalogueEntry = {
  name: SWITCH_TO_PRODUCTION,
  summary: "Ends a customer's trial for good: from then on the customer is billed.",
  schema,
  read: createReader<SwitchToProductionOrder>(schema, tenantKey),
};
