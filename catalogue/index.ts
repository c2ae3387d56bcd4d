import { z } from 'zod';
import { addUserEntry } from './add-user.js';
import { changeEntitlementEntry } from './change-entitlement.js';
import { createApiClientEntry } from './create-api-client.js';
import { createPlanEntry } from './create-plan.js';
import { createResourceGroupEntry } from './create-resource-group.js';
import { disableApplicationsEntry } from './disable-applications.js';
import { enableBackupUserEntry } from './enable-backup-user.js';
import { impersonateUserEntry } from './impersonate-user.js';
import { issueAgentTokenEntry } from './issue-agent-token.js';
import { onboardCustomerEntry } from './onboard-customer.js';
import { planApplicationEntries } from './plan-applications.js';
import { offboardCustomerEntry } from './offboard-customer.js';
import { produceReportEntry } from './produce-report.js';
import { provisionCustomerEntry } from './provision-customer.js';
import { protectCustomerEntry } from './protect-customer.js';
import { provisionPartnerEntry } from './provision-partner.js';
import { resendActivationEntry } from './resend-activation.js';
import { restoreCustomerEntry } from './restore-customer.js';
import type { CatalogueEntry } from './entry.js';
import { switchEditionEntry } from './switch-edition.js';
import { switchToProductionEntry } from './switch-to-production.js';
import { tenantSwitchEntries } from './tenant-switches.js';
import { updateContactEntry } from './update-contact.js';
import { updatePartnersEntry } from './update-partners.js';

export { differingFields } from './differing-fields.js';
export type { CatalogueEntry } from './entry.js';

const entries: readonly CatalogueEntry[] = [
  addUserEntry,
  changeEntitlementEntry,
  createApiClientEntry,
  createPlanEntry,
  createResourceGroupEntry,
  disableApplicationsEntry,
  enableBackupUserEntry,
  impersonateUserEntry,
  issueAgentTokenEntry,
  ...planApplicationEntries,
  offboardCustomerEntry,
  onboardCustomerEntry,
  produceReportEntry,
  provisionCustomerEntry,
  protectCustomerEntry,
  provisionPartnerEntry,
  resendActivationEntry,
  restoreCustomerEntry,
  switchEditionEntry,
  switchToProductionEntry,
  ...tenantSwitchEntries,
  updateContactEntry,
  updatePartnersEntry,
];

/** A deadline and what happens at its end go together. */
// oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a list is no function
const dependentRequired = { decisionDeadline: ['then'], then: ['decisionDeadline'] };

/** The JSON Schema of the input of an operation. */
export function inputSchema({ schema }: Pick<CatalogueEntry, 'schema'>): object {
  return { ...z.toJSONSchema(schema, { io: 'input' }), dependentRequired };
}

/** Every operation, by workflow type. Without a prototype, so that names such as `constructor` find nothing. */
export const catalogue: Readonly<Record<string, CatalogueEntry>> = Object.assign(
  Object.create(null) as object,
  Object.fromEntries(entries.map((entry) => [entry.name, entry])),
);
