import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { activation, commonFields, person, createReader, text, typedName } from './input.js';
import { newTenantFields, newTenantKey } from './new-tenant.js';
import { infraFields, quotas } from './fields.js';
import { ENABLE_BACKUP_USER } from '../workflows/enable-backup-user/contract.js';
import { ONBOARD_CUSTOMER } from '../workflows/onboard-customer/contract.js';
import { PROVISION_CUSTOMER, type ProvisionCustomerOrder } from '../workflows/provision-customer/contract.js';

/** The fields of a new customer. */
export const customer = () =>
  z.strictObject({
    ...newTenantFields('customer'),
    customerId: text(150).optional().describe('Your own id of the customer; searchable in the console'),
    managedByProvider: z
      .boolean()
      .default(true)
      .describe('false removes your own access to its users, as the last step'),
    enhancedSecurity: z.boolean().default(false).describe('Backup encryption mode; can never be switched off'),
  });

/** The input of the operation. */
export const provisionCustomerSchema = z
  .strictObject({
    customer: customer(),
    offeringItems: z
      .array(text())
      .min(1)
      .optional()
      .describe('["workstations","storage"] unless an edition is given; both are combined'),
    edition: text()
      .optional()
      .describe('Every item of this edition that the parent offers, in addition to offeringItems'),
    quotas: quotas().describe('By item or usage name; none means unlimited'),
    ...infraFields(),
    twoFactor: z.boolean().default(true),
    billingMode: z.enum(['trial', 'production']).default('trial').describe('Production cannot be undone'),
    confirm: typedName().optional().describe("The customer's exact name; needed for what cannot be undone"),
    administrator: person().optional().describe('The first user; without one nobody can log in yet'),
    activation: activation()
      .removeDefault()
      .optional()
      .describe('How the administrator gets access; by e-mail unless given'),
    ...commonFields,
  })
  .superRefine(checkConfirmation)
  .superRefine(checkAdministrator);

/** What is about an administrator needs one. */
function checkAdministrator(
  {
    customer: made,
    administrator,
    activation: access,
  }: { customer: { managedByProvider: boolean }; administrator?: object | undefined; activation?: object | undefined },
  context: z.RefinementCtx,
): void {
  if (administrator !== undefined) return;
  const problem = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (access !== undefined)
    problem(['activation'], 'goes with an administrator: add "administrator", or leave "activation" out');
  if (!made.managedByProvider)
    problem(
      ['customer', 'managedByProvider'],
      'can be false only with an administrator, because nobody else could add users then: add "administrator", or leave this out',
    );
}

interface Confirmable {
  customer?: { name: string; enhancedSecurity: boolean } | undefined;
  billingMode?: string;
  confirm?: string | undefined;
}

/** What cannot be undone needs the customer's exact name as `confirm`. A wrong name is always an error. */
export function checkConfirmation(
  { customer: made, billingMode, confirm }: Confirmable,
  context: z.RefinementCtx,
): void {
  const forever = [
    ...(made?.enhancedSecurity ? ['customer.enhancedSecurity'] : []),
    ...(billingMode === 'production' ? ['billingMode: "production"'] : []),
  ];
  if (made === undefined || confirm === made.name || (forever.length === 0 && confirm === undefined)) return;
  const because = forever.length === 0 ? '' : `, because ${forever.join(' and ')} cannot be taken back`;
  context.addIssue({
    code: 'custom',
    path: ['confirm'],
    message: `must be the customer's exact name (${JSON.stringify(made.name)})${because}`,
  });
}

/** The business key: the caller's reference, else the customer id, else a digest of name and parent. */
export function provisionCustomerKey({
  externalRef,
  customer,
}: Pick<ProvisionCustomerOrder, 'externalRef'> & {
  customer: Pick<ProvisionCustomerOrder['customer'], 'name' | 'customerId' | 'parentTenantId'>;
}): string {
  return newTenantKey(externalRef ?? customer.customerId, customer);
}

/** An order before its defaults are filled in. */
export type GivenProvisioning = Omit<ProvisionCustomerOrder, 'activation'> &
  Partial<Pick<ProvisionCustomerOrder, 'activation'>>;

/** The default items are those of the vendor's tutorial. */
export function withDefaults(read: GivenProvisioning): ProvisionCustomerOrder {
  const order = { ...read, activation: read.activation ?? { by: 'email' as const } };
  if (order.offeringItems !== undefined || order.edition !== undefined) return order;
  return { ...order, offeringItems: ['workstations', 'storage'] };
}

export const provisionCustomerEntry: CatalogueEntry = {
  name: PROVISION_CUSTOMER,
  summary:
    'Creates a customer tenant with its offering items and two-factor rule, and its first administrator if given.',
  schema: provisionCustomerSchema,
  read: createReader<ProvisionCustomerOrder>(provisionCustomerSchema, provisionCustomerKey, withDefaults),
  alsoMadeBy: () => [ENABLE_BACKUP_USER, ONBOARD_CUSTOMER],
};
