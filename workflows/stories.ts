import { addingUser } from './add-user/workflow.js';
import { creatingApiClient } from './create-api-client/workflow.js';
import { creatingPlan } from './create-plan/workflow.js';
import { creatingResourceGroup } from './create-resource-group/workflow.js';
import { disablingApplications } from './disable-applications/workflow.js';
import { enablingBackupUser } from './enable-backup-user/workflow.js';
import { impersonating } from './impersonate-user/workflow.js';
import { issuingAgentToken } from './issue-agent-token/workflow.js';
import { applyingPlan, revokingPlan, runningPlan } from './plan-applications/workflow.js';
import { offboarding } from './offboard-customer/workflow.js';
import { producingReport } from './produce-report/workflow.js';
import { provisioning } from './provision-customer/workflow.js';
import { provisioningPartner } from './provision-partner/workflow.js';
import { restoring } from './restore-customer/workflow.js';
import type { Operation } from './kernel/operation.js';
import { switchingEdition } from './switch-edition/workflow.js';
import { switchingToProduction } from './switch-to-production/workflow.js';
import { tenantSwitching } from './tenant-switches/workflow.js';
import { updatingPartners } from './update-partners/workflow.js';

/** How every operation of the catalogue goes, by name; for those who want to know before it is done. */
export const stories: Readonly<Record<string, Operation<never, object>>> = Object.fromEntries(
  [
    addingUser,
    applyingPlan,
    creatingApiClient,
    creatingPlan,
    creatingResourceGroup,
    disablingApplications,
    enablingBackupUser,
    impersonating,
    issuingAgentToken,
    offboarding(),
    producingReport,
    provisioning,
    provisioningPartner,
    restoring,
    revokingPlan,
    runningPlan,
    switchingEdition,
    switchingToProduction,
    ...tenantSwitching,
    updatingPartners,
  ].map((operation) => [operation.name, operation]),
);
