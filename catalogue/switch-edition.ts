import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, keyOfNamed, tenantRef, text } from './input.js';
import { SWITCH_EDITION, type SwitchEditionOrder } from '../workflows/switch-edition/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  to: text().describe('The edition, by the name the vendor gives it, such as "pck_per_workload"'),
  method: z
    .enum(['edition', 'offeringItems'])
    .default('edition')
    .describe('"offeringItems" switches items instead, for clouds without the edition switch'),
  acceptWarnings: z.boolean().default(false).describe("Continue despite warnings of the vendor's dry run"),
  ...commonFields,
});

export const switchEditionEntry: CatalogueEntry = {
  name: SWITCH_EDITION,
  summary: 'Switches a customer to another edition of a service and keeps its quotas.',
  schema,
  read: createReader<SwitchEditionOrder>(schema, (order) => keyOfNamed(order, order.to)),
};
