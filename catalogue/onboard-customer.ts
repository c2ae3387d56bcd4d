import { z } from 'zod';
import { workflowId } from '../contract/ids.js';
import { ENABLE_BACKUP_USER } from '../workflows/enable-backup-user/contract.js';
import { ONBOARD_CUSTOMER, type OnboardCustomerOrder } from '../workflows/onboard-customer/contract.js';
import { PROVISION_CUSTOMER } from '../workflows/provision-customer/contract.js';
import type { CatalogueEntry } from './entry.js';
import { createReader, shortKey } from './input.js';
import { protectionFields, toProtection, type GivenProtection } from './protect-customer.js';
import {
  provisionCustomerKey,
  provisionCustomerSchema,
  withDefaults,
  type GivenProvisioning,
} from './provision-customer.js';

const schema = provisionCustomerSchema.safeExtend({
  protect: z.strictObject(protectionFields()).prefault({}).describe('How its machines are protected'),
});

type ParsedInput = GivenProvisioning & { protect: GivenProtection };

/** The key is that of `provisionCustomer`, so that both find the same tenant. */
function complete({ protect, ...given }: ParsedInput): OnboardCustomerOrder {
  const order = withDefaults(given);
  return { ...order, protect: toProtection(protect, provisionCustomerKey(order)) };
}

export const onboardCustomerEntry: CatalogueEntry = {
  name: ONBOARD_CUSTOMER,
  summary: 'Creates a customer and sees to it that its machines are protected, from the tenant to the first backups.',
  schema,
  read: createReader<OnboardCustomerOrder>(schema, provisionCustomerKey, complete),
  alsoMadeBy: () => [PROVISION_CUSTOMER, ENABLE_BACKUP_USER],
};

/** The id of the run that onboards a customer, by the reference or customer id of its order, or by the id itself. */
export function onboardingRunId({ ref, cloud }: { ref: string; cloud?: string | undefined }): string {
  if (ref.startsWith(`${ONBOARD_CUSTOMER}:`)) return ref;
  return workflowId(ONBOARD_CUSTOMER, cloud, shortKey(ref.normalize('NFC').trim()));
}
