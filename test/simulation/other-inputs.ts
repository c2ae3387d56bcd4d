import type { Input } from './subjects.js';

/** The same tenant, by another of its names. */
const byName = () => ({ tenant: { name: 'Customer, Inc' } });

/** How a second order for the same run can differ, by operation. */
export const otherInputs: Readonly<Record<string, (input: Input) => Input>> = {
  addUser: () => ({ role: 'company_admin' }),
  allowAdministratorAccess: byName,
  applyPlan: () => ({ resources: 'all' }),
  changeEntitlement: () => ({ quotas: { storage: { limit: '3 TiB' } } }),
  createApiClient: byName,
  createPlan: () => ({ template: 'servers' }),
  createResourceGroup: () => ({ condition: 'srv-*' }),
  disableApplications: () => ({ except: [] }),
  disableTenant: byName,
  enableBackupUser: () => ({ offeringItems: ['workstations'] }),
  enableTenant: byName,
  impersonateUser: () => ({ user: { login: 'NoSuchUser' } }),
  issueAgentToken: () => ({ expiresIn: '2 hours' }),
  limitAdministratorAccess: byName,
  lockTenant: byName,
  offboardCustomer: () => ({ grace: '20 days' }),
  onboardCustomer: () => ({ protect: { template: 'servers' } }),
  produceReport: ({ level }) => ({ level: level === 'accounts' ? 'direct_partners' : 'accounts' }),
  protectCustomer: () => ({ template: 'servers' }),
  provisionCustomer: () => ({ offeringItems: ['workstations'], quotas: {} }),
  provisionPartner: ({ administrator }) => ({ administrator: { ...(administrator as object), login: 'Another' } }),
  resendActivation: () => ({ user: { login: 'NoSuchUser' } }),
  restoreCustomer: () => ({ tenant: { name: 'Nobody, Inc' } }),
  revokePlan: () => ({ resources: [{ name: 'WS-SEEDED' }] }),
  runPlan: () => ({ resources: [{ name: 'WS-SEEDED' }] }),
  switchEdition: () => ({ to: 'pck_per_workload' }),
  switchToProduction: byName,
  unlockTenant: byName,
  updateContact: () => ({ language: 'fr' }),
  updatePartners: () => ({ to: { edition: 'pck_per_gigabyte' } }),
};
