export { turnQueue } from './turn-queue/workflow.js';
export { tenantTurn } from './tenant-turn/workflow.js';
export { brake } from './brake/workflow.js';
export { callBudget } from './call-budget/workflow.js';
export { addUser } from './add-user/workflow.js';
export { createPlan } from './create-plan/workflow.js';
export { createResourceGroup } from './create-resource-group/workflow.js';
export { changeEntitlement } from './change-entitlement/workflow.js';
export { changedObject } from './changed-object/workflow.js';
export { cloudTrouble } from './cloud-trouble/workflow.js';
export { customer } from './customer/workflow.js';
export { createApiClient } from './create-api-client/workflow.js';
export { disableApplications } from './disable-applications/workflow.js';
export { eventDelivery } from './event-delivery/workflow.js';
export { enableBackupUser } from './enable-backup-user/workflow.js';
export { impersonateUser } from './impersonate-user/workflow.js';
export { issueAgentToken } from './issue-agent-token/workflow.js';
export { applyPlan, revokePlan, runPlan } from './plan-applications/workflow.js';
export { listTenants } from './list-tenants/workflow.js';
export { noticeQueue } from './notice-queue/workflow.js';
export { offboardCustomer } from './offboard-customer/workflow.js';
export { outgoingEvents } from './outgoing-events/workflow.js';
export { onboardCustomer } from './onboard-customer/workflow.js';
export { produceReport } from './produce-report/workflow.js';
export { provisionCustomer } from './provision-customer/workflow.js';
export { protectCustomer } from './protect-customer/workflow.js';
export { provisionPartner } from './provision-partner/workflow.js';
export { lookUp, planOperation } from './questions/workflow.js';
export { resendActivation } from './resend-activation/workflow.js';
export { restoreCustomer } from './restore-customer/workflow.js';
export { rollout } from './rollout/workflow.js';
export { subscriptionOwner } from './subscription-owner/workflow.js';
export { syncSource } from './sync-source/workflow.js';
export { switchEdition } from './switch-edition/workflow.js';
export { switchToProduction } from './switch-to-production/workflow.js';
export { updateContact } from './update-contact/workflow.js';
export { updatePartner } from './update-partners/partner.js';
export { updatePartners } from './update-partners/workflow.js';
export {
  allowAdministratorAccess,
  disableTenant,
  enableTenant,
  limitAdministratorAccess,
  lockTenant,
  unlockTenant,
} from './tenant-switches/workflow.js';
