import type { ActivityName } from './activity-calls.js';
import { protectedSight, unprotectedSight } from './planned-sights.js';
import type { AnyStepTraits, StepTraits } from './step-traits.js';

const getTenant = 'GET /tenants/{id}';
const agentsOf = ['GET /api/1/groups/{id}', 'GET /api/agent_manager/v2/agents'] as const;
const resourceManager = '/api/resource_management/v4';
const planManager = '/api/policy_management/v4';
const protectionLooks = [
  getTenant,
  'GET /users',
  ...agentsOf,
  `GET ${resourceManager}/resource_statuses`,
  `GET ${planManager}/applications`,
] as const;
/** Which machines there are, and which of them have a plan. */
const machineLooks = [
  getTenant,
  'GET /api/1/groups/{id}',
  `GET ${resourceManager}/resource_statuses`,
  `GET ${planManager}/applications`,
] as const;
const putTenant = [getTenant, 'PUT /tenants/{id}'] as const;

/** Every step of every operation. An activity without a line here does not compile. */
export const stepTable: { readonly [N in ActivityName]: StepTraits<N> } = {
  allowAdministratorAccess: { kind: 'change', calls: putTenant },
  awaitReport: { kind: 'lookUp', calls: ['GET /reports/{id}/stored'], yields: { state: 'saved' } },
  watchProtection: { kind: 'lookUp', calls: protectionLooks, yields: protectedSight },
  awaitRestored: { kind: 'lookUp', calls: [getTenant, 'GET /tenants', 'GET /users'], yields: { enabled: false } },
  checkAbove: { kind: 'lookUp' },
  checkArtefactStore: { kind: 'lookUp' },
  checkBelow: { kind: 'lookUp' },
  checkLogin: { kind: 'lookUp' },
  checkSafe: {
    kind: 'lookUp',
    warn: () => [
      'whether the workers can store secrets is not known here: without TENANTRY_SECRETS_STORE and ' +
        'TENANTRY_CODEC_KEYS a worker refuses at checkSafe, before anything is created',
    ],
  },
  checkSecret: {
    kind: 'lookUp',
    warn: ({ isRead }, { secretRef }) =>
      isRead
        ? []
        : [
            `whether the workers can read ${secretRef} is not known here: if a worker cannot, the run stops at ` +
              'checkSecret, before anything is created',
          ],
  },
  checkSameOrder: { kind: 'lookUp' },
  checkStillMeant: { kind: 'lookUp' },
  checkStillUsable: { kind: 'lookUp' },
  disableTenant: { kind: 'change', calls: putTenant },
  enableTenant: { kind: 'change', calls: putTenant, after: ['restoreDeletedTenant'] },
  findAccount: { kind: 'lookUp' },
  findAgentTokens: {
    kind: 'lookUp',
    calls: ['GET /tenants/{id}/registration_tokens'],
    yields: { usable: undefined },
  },
  findApiClients: { kind: 'lookUp' },
  findApplications: { kind: 'lookUp' },
  findContact: { kind: 'lookUp' },
  findEdition: { kind: 'lookUp', warn: ({ warnings }) => warnings.map((warning) => `the cloud warns: ${warning}`) },
  findHeldItems: { kind: 'lookUp' },
  findInvitee: { kind: 'lookUp' },
  findItemChanges: {
    kind: 'lookUp',
    warn: ({ notDone, unlimited, unlisted }) => [
      ...notDone.map(({ field, why }) => `${field} would not be done: ${why}`),
      ...(unlimited.length === 0 ? [] : [`without a quota, so unlimited: ${unlimited.join(', ')}`]),
      ...unlisted.map((name) => `remove: the tenant has no item called ${JSON.stringify(name)}`),
    ],
  },
  findMember: { kind: 'lookUp' },
  findMissingItems: { kind: 'lookUp' },
  findOfferingItems: {
    kind: 'lookUp',
    warn: ({ items, switches }) => {
      const counted = items.filter(({ name }) => !switches.includes(name));
      const unlimited = counted.filter(({ quota }) => quota === undefined).map(({ name }) => name);
      return unlimited.length === 0 ? [] : [`without a quota, so unlimited: ${unlimited.join(', ')}`];
    },
  },
  findPartnerItems: {
    kind: 'lookUp',
    warn: ({ items, switches }) => {
      const unlimited = items.filter(({ name, quota }) => quota === undefined && !switches.includes(name));
      return unlimited.length === 0 ? [] : [`${unlimited.length} item(s) without a quota, so unlimited`];
    },
  },
  findPartners: {
    kind: 'lookUp',
    warn: ({ partners }) =>
      partners.flatMap(({ name, unfit }) =>
        unfit === undefined ? [] : [`${JSON.stringify(name)} ${unfit}, so skipped`],
      ),
  },
  findPlanPlaces: { kind: 'lookUp' },
  findPricing: {
    kind: 'lookUp',
    warn: ({ trialEnds }) => (trialEnds === undefined ? [] : [`the trial would end by itself at ${trialEnds}`]),
  },
  findProtection: { kind: 'lookUp', calls: protectionLooks, yields: unprotectedSight },
  findReportTenant: { kind: 'lookUp' },
  findReports: { kind: 'lookUp' },
  findSameGroup: { kind: 'lookUp' },
  findSamePlan: { kind: 'lookUp', calls: [`GET ${planManager}/policies`], yields: { planId: undefined } },
  findTenant: {
    kind: 'lookUp',
    warn: ({ name, weight }) => (weight === undefined ? [] : [`${JSON.stringify(name)} is ${weight}`]),
  },
  findTwoFactor: { kind: 'lookUp' },
  limitAdministratorAccess: { kind: 'change', calls: putTenant },
  lockTenant: { kind: 'change', calls: putTenant },
  unlockTenant: { kind: 'change', calls: putTenant },
  applyOfferingItems: { kind: 'change', calls: ['PUT /tenants/{id}/offering_items'] },
  applyPlan: { kind: 'change', calls: [...machineLooks, `POST ${planManager}/applications`], after: ['ensurePlan'] },
  assignRole: { kind: 'change', calls: ['PUT /users/{id}/access_policies'] },
  changeOfferingItems: {
    kind: 'change',
    calls: ['GET /tenants/{id}/offering_items', 'PUT /tenants/{id}/offering_items'],
    yields: { notDone: [] },
  },
  carryOverQuotas: { kind: 'change', calls: ['GET /tenants/{id}/offering_items'], after: ['switchEdition'] },
  deleteTenant: {
    kind: 'change',
    calls: [getTenant, 'GET /tenants', 'GET /users', 'GET /tenants/{id}/usages', ...agentsOf, 'DELETE /tenants/{id}'],
    after: ['disableTenant'],
    irreversible: () => 'backups and other data are deleted with the tenant, its users and the tenants below it',
  },
  disableApiClients: { kind: 'change', calls: ['GET /clients', 'PUT /clients/{id}'] },
  disableApplication: {
    kind: 'change',
    calls: ['DELETE /applications/{id}/bindings/tenants/{id}'],
    irreversible: () => 'the data of the application is destroyed, in the tenant and in all below it',
  },
  discardReport: { kind: 'change', calls: ['GET /reports/{id}', 'DELETE /reports/{id}'] },
  endOffboarding: { kind: 'change', calls: [], asksTemporal: true },
  ensureApiClient: { kind: 'change', calls: ['POST /clients'], yields: { inDoubt: [] } },
  ensureCustomerTenant: {
    kind: 'change',
    calls: ['POST /tenants'],
    yields: { ownership: 'ours', doubted: false, unlike: false },
    irreversible: ({ customer }) =>
      customer.enhancedSecurity ? 'enhanced security can never be switched off' : undefined,
  },
  ensurePartnerTenant: {
    kind: 'change',
    calls: ['POST /tenants'],
    yields: { ownership: 'ours', doubted: false, unlike: false },
  },
  ensurePlan: { kind: 'change', calls: [`POST ${planManager}/policies`] },
  ensureResourceGroup: {
    kind: 'change',
    calls: [`POST ${resourceManager}/resources`, `GET ${resourceManager}/resources`],
    yields: { inDoubt: [] },
  },
  ensureUser: { kind: 'change', calls: ['POST /users'] },
  impersonateUser: {
    kind: 'change',
    calls: ['POST /idp/ott', 'POST /idp/ott/login', 'GET /users/me', 'GET /idp/logout'],
  },
  issueAgentToken: { kind: 'change', calls: ['POST /tenants/{id}/registration_tokens'], yields: { inDoubt: [] } },
  keepReport: { kind: 'change', calls: ['GET /reports/{id}/stored/{id}'] },
  orderReport: { kind: 'change', calls: ['POST /reports'] },
  probeCloud: { kind: 'lookUp' },
  removeDoubles: { kind: 'change', calls: ['GET /tenants'] },
  requireTwoFactor: { kind: 'change', calls: ['PUT /tenants/{id}/mfa/status'] },
  restoreDeletedTenant: {
    kind: 'change',
    calls: [getTenant, 'POST /tenants/{id}/restore'],
    irreversible: () => 'an undo does not delete the tenant again',
  },
  revokePlan: { kind: 'change', calls: [`DELETE ${planManager}/applications`] },
  runPlan: {
    kind: 'change',
    calls: [`PUT ${planManager}/applications/run`],
    irreversible: () => 'a backup that has started is not stopped',
  },
  sendActivationEmail: {
    kind: 'change',
    calls: ['POST /users/{id}/send-activation-email'],
    irreversible: () => 'a mail that was sent cannot be recalled',
  },
  setPassword: { kind: 'change', calls: ['POST /users/{id}/password'] },
  setSecretAside: { kind: 'change', calls: [] },
  switchEdition: { kind: 'change', calls: ['GET /tenants/{id}/offering_items', 'PUT /tenants/{id}/edition'] },
  switchItems: { kind: 'change', calls: ['GET /tenants/{id}/offering_items', 'PUT /tenants/{id}/offering_items'] },
  switchToProduction: {
    kind: 'change',
    calls: ['GET /tenants/{id}/pricing', 'PUT /tenants/{id}/pricing'],
    irreversible: () => 'production cannot be undone, and bills the whole month',
  },
  updateContact: { kind: 'change', calls: putTenant },
  updatePartnerItems: {
    kind: 'change',
    calls: [
      getTenant,
      'GET /tenants/{id}/offering_items/available_for_child',
      'GET /tenants/{id}/offering_items',
      'PUT /tenants/{id}/offering_items',
    ],
  },
  updateTenant: { kind: 'change', calls: putTenant },
  accountForApplication: { kind: 'undo', namesOnly: true },
  accountForMail: { kind: 'undo', namesOnly: true, leaves: 'user' },
  accountForOffboarding: { kind: 'undo', namesOnly: true },
  accountForPlanRun: { kind: 'undo', namesOnly: true },
  accountForProduction: { kind: 'undo', namesOnly: true },
  accountForRestored: { kind: 'undo', namesOnly: true, leaves: 'tenant' },
  bringSecretBack: { kind: 'undo', ofOtherStep: true },
  enableApiClients: { kind: 'undo' },
  putPlanBack: { kind: 'undo' },
  removeApiClients: { kind: 'undo', findsOnlyOwn: true, leaves: 'api-client' },
  removeCustomerTenant: { kind: 'undo', findsOnlyOwn: true, leaves: 'tenant', ofTenant: 'customer' },
  removePartnerTenant: { kind: 'undo', findsOnlyOwn: true, leaves: 'tenant', ofTenant: 'partner' },
  removePlan: { kind: 'undo', findsOnlyOwn: true },
  removeReport: { kind: 'undo', findsOnlyOwn: true, leaves: 'report' },
  removeResourceGroup: { kind: 'undo' },
  removeRole: { kind: 'undo', leaves: 'user' },
  removeUser: { kind: 'undo', leaves: 'user' },
  restoreAdoptedTenant: { kind: 'undo' },
  restoreEdition: { kind: 'undo' },
  restoreItems: { kind: 'undo' },
  restoreTenant: { kind: 'undo' },
  restoreTwoFactor: { kind: 'undo' },
  revokeAgentToken: { kind: 'undo', findsOnlyOwn: true },
  switchItemsOff: { kind: 'undo' },
  takePlanOff: { kind: 'undo' },
};

export function traitsOf(name: ActivityName): AnyStepTraits {
  return (stepTable as unknown as Record<ActivityName, AnyStepTraits>)[name];
}

/** True for a step that undoes something, or reports why it stays. */
export function isUndo(name: string): boolean {
  return Object.hasOwn(stepTable, name) && traitsOf(name as ActivityName).kind === 'undo';
}
