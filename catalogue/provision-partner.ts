import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { amount } from './fields.js';
import { activation, commonFields, person, createReader, text } from './input.js';
import { newTenantFields, newTenantKey } from './new-tenant.js';
import { PROVISION_PARTNER, type ProvisionPartnerOrder } from '../workflows/provision-partner/contract.js';

const schema = z
  .strictObject({
    partner: z.strictObject(newTenantFields('partner')),
    edition: text().optional().describe('Every item of this edition that the parent offers to partners'),
    editions: z.literal('all').optional().describe('Every item that the parent offers to partners'),
    quotas: z
      .record(text(), z.strictObject({ limit: amount() }))
      .optional()
      .describe('By item or usage name; none means unlimited. Quotas of a partner only warn, so they have no overage'),
    administrator: person().optional(),
    activation: activation().describe('How the administrator gets access'),
    ...commonFields,
  })
  .superRefine(({ edition, editions, administrator, activation: { by } }, context) => {
    if (administrator === undefined && by === 'password')
      context.addIssue({ code: 'custom', path: ['activation'], message: 'goes with an administrator: name one' });
    if ((edition === undefined) === (editions === undefined))
      context.addIssue({ code: 'custom', path: ['edition'], message: 'name either one edition, or editions: "all"' });
  });

export const provisionPartnerEntry: CatalogueEntry = {
  name: PROVISION_PARTNER,
  summary: 'Creates a partner tenant with the items of one edition or of all, and its administrator.',
  schema,
  read: createReader<ProvisionPartnerOrder>(schema, ({ externalRef, partner }) => newTenantKey(externalRef, partner)),
  alsoMadeBy: () => [],
};
