import type { Name, Result, Spec } from '../workflows/kernel/calling.js';
import type { UndoName } from '../workflows/kernel/undos.js';

/** What nobody can find out of a step by trying it, because it is known only once something has been changed. */
export interface StepPlan<N extends Name> {
  /** Verb and path of each call of the happy path, in order; of a look nothing, for it is made. */
  calls?: readonly string[];
  /** Fields of its result on which a story decides. */
  yields?: Partial<Result<N>>;
  /** Why it cannot be taken back, if that is so with this spec. */
  irreversible?: (spec: Spec<N>) => string | undefined;
  /** Steps before it that change what it would meet: after one of them only this list says what it would do. */
  after?: readonly PlannedName[];
  /** It asks Temporal, so what it would do is only known once it is done. */
  asksTemporal?: true;
  /** What a look's result should make people think of. */
  warn?: (result: Result<N>) => string[];
}

/** The activities that a story tells; undos and probes are not planned. */
export type PlannedName = Exclude<Name, UndoName | 'probeCloud'>;

const getTenant = 'GET /tenants/{id}';
const agentsOf = ['GET /api/1/groups/{id}', 'GET /api/agent_manager/v2/agents'] as const;
const resourceManager = '/api/resource_management/v4';
const planManager = '/api/policy_management/v4';
const putTenant = [getTenant, 'PUT /tenants/{id}'] as const;

/** Every step of every operation: an activity without its line here does not compile. */
const stepPlans: { readonly [N in PlannedName]: StepPlan<N> } = {
  allowAdministratorAccess: { calls: putTenant },
  applyPlan: { calls: [`POST ${planManager}/applications`] },
  applyOfferingItems: { calls: ['PUT /tenants/{id}/offering_items'] },
  assignRole: { calls: ['PUT /users/{id}/access_policies'] },
  carryOverQuotas: { calls: ['GET /tenants/{id}/offering_items'], after: ['switchEdition'] },
  awaitRestored: { calls: [getTenant, 'GET /tenants', 'GET /users'], yields: { enabled: false } },
  awaitReport: { calls: ['GET /reports/{id}/stored'], yields: { state: 'saved' } },
  checkAbove: {},
  checkBelow: {},
  checkLogin: {},
  checkSameOrder: {},
  checkStillUsable: {},
  deleteTenant: {
    calls: [getTenant, 'GET /tenants', 'GET /users', 'GET /tenants/{id}/usages', ...agentsOf, 'DELETE /tenants/{id}'],
    after: ['disableTenant'],
    irreversible: () => 'backups and other data go with the tenant, its users and the tenants below it',
  },
  disableApplication: {
    calls: ['DELETE /applications/{id}/bindings/tenants/{id}'],
    irreversible: () => 'what the application keeps is destroyed, in the tenant and in all below it',
  },
  disableTenant: { calls: putTenant },
  enableTenant: { calls: putTenant, after: ['restoreDeletedTenant'] },
  discardReport: { calls: ['GET /reports/{id}', 'DELETE /reports/{id}'] },
  endOffboarding: { calls: [], asksTemporal: true },
  ensureCustomerTenant: {
    calls: ['POST /tenants'],
    yields: { ownership: 'ours', doubted: false, unlike: false },
    irreversible: ({ customer }) =>
      customer.enhancedSecurity ? 'enhanced security can never be switched off' : undefined,
  },
  ensurePartnerTenant: { calls: ['POST /tenants'], yields: { ownership: 'ours', doubted: false, unlike: false } },
  ensurePlan: { calls: [`POST ${planManager}/policies`] },
  ensureResourceGroup: { calls: [`POST ${resourceManager}/resources`, `GET ${resourceManager}/resources`] },
  ensureUser: { calls: ['POST /users'] },
  findHeldItems: {},
  findMember: {},
  findMissingItems: {},
  findApplications: {},
  findEdition: {
    warn: ({ warnings }) => warnings.map((warning) => `the cloud warns: ${warning}`),
  },
  findOfferingItems: {
    warn: ({ items, switches }) => {
      const counted = items.filter(({ name }) => !switches.includes(name));
      const unlimited = counted.filter(({ quota }) => quota === undefined).map(({ name }) => name);
      return unlimited.length === 0 ? [] : [`without a quota, so unlimited: ${unlimited.join(', ')}`];
    },
  },
  findPartnerItems: {
    warn: ({ items, switches }) => [
      `${items.filter(({ name }) => !switches.includes(name)).length} item(s) without a quota, so unlimited`,
    ],
  },
  findPlanPlaces: {},
  findPartners: {
    warn: ({ partners }) =>
      partners.flatMap(({ name, unfit }) =>
        unfit === undefined ? [] : [`${JSON.stringify(name)} ${unfit}, so skipped`],
      ),
  },
  findPricing: {
    warn: ({ trialEnds }) => (trialEnds === undefined ? [] : [`the trial would end by itself at ${trialEnds}`]),
  },
  findSameGroup: {},
  findReportTenant: {},
  findReports: {},
  findSamePlan: {},
  findTwoFactor: {},
  findTenant: {
    warn: ({ name, weight }) => (weight === undefined ? [] : [`${JSON.stringify(name)} is ${weight}`]),
  },
  keepReport: { calls: ['GET /reports/{id}/stored/{id}'] },
  limitAdministratorAccess: { calls: putTenant },
  lockTenant: { calls: putTenant },
  orderReport: { calls: ['POST /reports'] },
  removeDoubles: { calls: ['GET /tenants'] },
  requireTwoFactor: { calls: ['PUT /tenants/{id}/mfa/status'] },
  restoreDeletedTenant: {
    calls: [getTenant, 'POST /tenants/{id}/restore'],
    irreversible: () => 'it is not deleted again to take that back',
  },
  revokePlan: { calls: [`DELETE ${planManager}/applications`] },
  runPlan: {
    calls: [`PUT ${planManager}/applications/run`],
    irreversible: () => 'a backup that has begun is not stopped',
  },
  sendActivationEmail: {
    calls: ['POST /users/{id}/send-activation-email'],
    irreversible: () => 'a mail that was sent cannot be called back',
  },
  setPassword: { calls: ['POST /users/{id}/password'] },
  setSecretAside: { calls: [] },
  switchEdition: { calls: ['PUT /tenants/{id}/edition'] },
  switchItems: { calls: ['GET /tenants/{id}/offering_items', 'PUT /tenants/{id}/offering_items'] },
  switchToProduction: {
    calls: ['GET /tenants/{id}/pricing', 'PUT /tenants/{id}/pricing'],
    irreversible: () => 'production cannot be taken back, and bills the whole month',
  },
  unlockTenant: { calls: putTenant },
  updateTenant: { calls: putTenant },
  checkSafe: {
    warn: () => [
      'whether the workers keep secrets is not known here: without TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS a worker refuses at checkSafe, before anything is made',
    ],
  },
  disableApiClients: { calls: ['GET /clients', 'PUT /clients/{id}'] },
  ensureApiClient: { calls: ['POST /clients'] },
  findApiClients: {},
  findAccount: {},
  findAgentTokens: {},
  impersonateUser: { calls: ['POST /idp/ott', 'POST /idp/ott/login', 'GET /users/me', 'GET /idp/logout'] },
  issueAgentToken: { calls: ['POST /tenants/{id}/registration_tokens'], yields: { inDoubt: [] } },
  updatePartnerItems: {
    calls: [
      'GET /tenants/{id}/offering_items/available_for_child',
      'GET /tenants/{id}/offering_items',
      'PUT /tenants/{id}/offering_items',
    ],
  },
};

/** A step plan whose step is known at run time only. */
interface AnyStepPlan {
  calls?: readonly string[];
  yields?: object;
  after?: readonly Name[];
  asksTemporal?: true;
  irreversible?(spec: object): string | undefined;
  warn?(result: unknown): string[];
}

export function planOf(name: Name): AnyStepPlan {
  return (stepPlans as unknown as Record<Name, AnyStepPlan>)[name];
}
