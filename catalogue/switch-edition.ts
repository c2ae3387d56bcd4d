import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, namedKey, tenantRef, text } from './input.js';
import { SWITCH_EDITION, type SwitchEditionOrder } from '../workflows/switch-edition/contract.js';

const schema = z.strictObject({
  tenant: tenantRef(),
  to: text().describe('The edition, by the name the vendor gives it, such as "pck_per_workload"'),
  method: z
    .enum(['edition', 'offeringItems'])
    .default('edition')
    .describe('"offeringItems" puts items off and on instead, for clouds that know no switch'),
  acceptWarnings: z.boolean().default(false).describe("Go on although the vendor's dry run warns"),
  ...commonFields,
});

export const switchEditionEntry: CatalogueEntry = {
  name: SWITCH_EDITION,
  summary: 'Gives a customer another edition of a service, with the quotas it had.',
  schema,
  read: createReader<SwitchEditionOrder>(schema, (order) => namedKey(order, order.to)),
};
