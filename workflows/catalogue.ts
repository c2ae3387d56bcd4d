import { addUserEntry } from './add-user/schema.js';
import { createApiClientEntry } from './create-api-client/schema.js';
import { createPlanEntry } from './create-plan/schema.js';
import { createResourceGroupEntry } from './create-resource-group/schema.js';
import { disableApplicationsEntry } from './disable-applications/schema.js';
import { enableBackupUserEntry } from './enable-backup-user/schema.js';
import { impersonateUserEntry } from './impersonate-user/schema.js';
import { issueAgentTokenEntry } from './issue-agent-token/schema.js';
import { planApplicationEntries } from './plan-applications/schema.js';
import { offboardCustomerEntry } from './offboard-customer/schema.js';
import { produceReportEntry } from './produce-report/schema.js';
import { provisionCustomerEntry } from './provision-customer/schema.js';
import { provisionPartnerEntry } from './provision-partner/schema.js';
import { restoreCustomerEntry } from './restore-customer/schema.js';
import type { CatalogueEntry } from './shared/catalogue-entry.js';
import { switchEditionEntry } from './switch-edition/schema.js';
import { switchToProductionEntry } from './switch-to-production/schema.js';
import { tenantSwitchEntries } from './tenant-switches/schema.js';
import { updatePartnersEntry } from './update-partners/schema.js';

export type { CatalogueEntry } from './shared/catalogue-entry.js';

const entries: readonly CatalogueEntry[] = [
  addUserEntry,
  createApiClientEntry,
  createPlanEntry,
  createResourceGroupEntry,
  disableApplicationsEntry,
  enableBackupUserEntry,
  impersonateUserEntry,
  issueAgentTokenEntry,
  ...planApplicationEntries,
  offboardCustomerEntry,
  produceReportEntry,
  provisionCustomerEntry,
  provisionPartnerEntry,
  restoreCustomerEntry,
  switchEditionEntry,
  switchToProductionEntry,
  ...tenantSwitchEntries,
  updatePartnersEntry,
];

/** Every operation of this product, by the name of its workflow type; it inherits no other name, such as `constructor`. */
export const catalogue: Readonly<Record<string, CatalogueEntry>> = Object.assign(
  Object.create(null) as object,
  Object.fromEntries(entries.map((entry) => [entry.name, entry])),
);
