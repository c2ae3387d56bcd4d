import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { duration, commonFields, createReader, tenantKey, tenantRef, text, typedName } from './input.js';
import { amount } from './fields.js';
import { OFFBOARD_CUSTOMER, type OffboardCustomerOrder } from '../workflows/offboard-customer/contract.js';

const including = () =>
  z
    .strictObject({
      tenants: z.array(text()).default([]).describe('Ids or exact names of tenants below it'),
      users: z
        .union([z.int().nonnegative(), z.array(text())], 'must be a list of logins, or how many users there may be')
        .default([])
        .describe('Logins of its users, or how many there may be at most'),
      agents: z
        .union(
          [z.int().nonnegative(), z.array(text())],
          'must be a list of host names or ids, or how many agents there may be',
        )
        .optional()
        .describe('Host names or ids of its agents, or how many there may be at most; none unless given'),
      usage: z
        .record(text(), amount())
        .default({})
        .describe('How much may be in use at most, by usage name, such as {"storage": "2 TiB", "workstations": 25}'),
    })
    .prefault({})
    .describe('What may be destroyed with the tenant; anything else that exists prevents the deletion');

const schema = z.strictObject({
  tenant: tenantRef(),
  grace: duration().describe('How long the tenant is disabled before it is deleted, such as "30 days"'),
  confirm: typedName().optional().describe("The tenant's exact name; needed, because deletion cannot be undone"),
  including: including(),
  finalReport: z.boolean().default(true).describe('Store a final usage report before the deletion'),
  ...commonFields,
});

export const offboardCustomerEntry: CatalogueEntry = {
  name: OFFBOARD_CUSTOMER,
  summary: 'Disables a customer, waits, stores a final usage report, and deletes the customer.',
  schema,
  read: createReader<OffboardCustomerOrder>(schema, tenantKey),
};
