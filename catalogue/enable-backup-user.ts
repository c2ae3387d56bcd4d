import { z } from 'zod';
import { ONBOARD_CUSTOMER } from '../workflows/onboard-customer/contract.js';
import { PROVISION_CUSTOMER } from '../workflows/provision-customer/contract.js';
import { checkConfirmation, customer, provisionCustomerKey } from './provision-customer.js';
import type { CatalogueEntry } from './entry.js';
import {
  activation,
  commonFields,
  toKeyPart,
  person,
  createReader,
  role,
  tenantKey,
  tenantRef,
  text,
  typedName,
} from './input.js';
import { infraFields } from './fields.js';
import { ENABLE_BACKUP_USER, type EnableBackupUserOrder } from '../workflows/enable-backup-user/contract.js';

const schema = z
  .strictObject({
    customer: customer().optional().describe('A new customer; or name an existing one as tenant'),
    tenant: tenantRef().optional(),
    user: person(),
    activation: activation(),
    offeringItems: z.array(text()).min(1).default(['workstations', 'storage']),
    ...infraFields(),
    role: role().default('backup_user'),
    confirm: typedName().optional().describe("A new customer's exact name; needed for what cannot be undone"),
    ...commonFields,
  })
  .superRefine((order, context) => {
    checkConfirmation(order, context);
    if ((order.customer === undefined) === (order.tenant === undefined))
      context.addIssue({ code: 'custom', path: ['tenant'], message: 'name either a tenant or a new customer' });
    if (order.customer === undefined && order.confirm !== undefined)
      context.addIssue({ code: 'custom', path: ['confirm'], message: 'goes with customer only: leave it out' });
  });

/** A new customer has the same key as in `provisionCustomer`, so that both find the same tenant. */
function keyOf(order: EnableBackupUserOrder): string {
  if ('customer' in order) return provisionCustomerKey(order);
  return tenantKey(order, toKeyPart(order.user));
}

export const enableBackupUserEntry: CatalogueEntry = {
  name: ENABLE_BACKUP_USER,
  summary: 'Enables backup for one user, in an existing or a new customer.',
  schema,
  read: createReader<EnableBackupUserOrder>(schema, keyOf),
  alsoMadeBy: (order) => ('customer' in order ? [PROVISION_CUSTOMER, ONBOARD_CUSTOMER] : undefined),
};
