import { createAgents, type Agents } from './agents.js';
import { createAlerts, type Alerts } from './alerts.js';
import { createApplications, type Applications } from './applications.js';
import { createClients, createRootTenant, type Clients } from './clients.js';
import { createEditions, type Editions } from './editions.js';
import { createHttp, type Attempt, type Http } from './http.js';
import { createImpersonation, type Impersonation } from './impersonation.js';
import { createOfferingItems, type OfferingItems } from './offering-items.js';
import { checkOptions, type AcronisOptions } from './options.js';
import { createPace } from './pace.js';
import { createPlanApplications, type PlanApplications } from './plan-applications.js';
import { createPlans, type Plans } from './plans.js';
import { createPricing, type PricingCalls } from './pricing.js';
import { createRedaction } from './redaction.js';
import { createRegistrationTokens, type RegistrationTokens } from './registration-tokens.js';
import { createReports, type Reports } from './reports.js';
import { createResources, type Resources } from './resources.js';
import { createScopedTokens } from './scoped-tokens.js';
import { createSearch, type Search } from './search.js';
import { createTaskActivities, createTasks, type TaskActivities, type Tasks } from './tasks.js';
import { createTenants, type Tenants } from './tenants.js';
import { clientCredentials, createTokens, type Tokens } from './token.js';
import { createTwoFactor, type TwoFactor } from './two-factor.js';
import { createUsages, type Usages } from './usages.js';
import { createUsers, type Users } from './users.js';
import { unlessAborted } from './waiting.js';
import { createWire } from './wire.js';

const TIMEOUT_MS = 20_000;

/** The calls, by noun. Each is made once (twice after a 401) and fails with an AcronisError. */
interface Nouns {
  clients: Clients;
  tenants: Tenants;
  users: Users;
  impersonation: Impersonation;
  offeringItems: OfferingItems;
  editions: Editions;
  applications: Applications;
  twoFactor: TwoFactor;
  pricing: PricingCalls;
  usages: Usages;
  reports: Reports;
  search: Search;
  registrationTokens: RegistrationTokens;
  agents: Agents;
  resources: Resources;
  plans: Plans;
  planApplications: PlanApplications;
  tasks: Tasks;
  taskActivities: TaskActivities;
  alerts: Alerts;
}

/**
 * One API client of one cloud.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/
 */
export interface Acronis extends Nouns {
  /** The same client (same tokens, root tenant and pace) whose calls belong to one attempt. */
  during(attempt: Attempt): Acronis;
  /** The same client acting as if it belonged to the given tenant below it, which some services demand. */
  scopedTo(tenantId: string): Acronis;
  /** Asks for our own API client: fails as any call does while the cloud, or our way to it, is in trouble. Changes nothing. */
  probe(): Promise<void>;
  /**
   * Where people manage this cloud: the management console.
   * @see https://developer.acronis.com/doc/account-management/v2/reference/ (GET /applications: `api_base_url` of the platform)
   */
  readonly consoleUrl: string;
  /** The tenant under which this client acts, whatever the scope. Asked once and remembered; a failure is not. */
  rootTenantId(): Promise<string>;
}

/** Connects to nothing yet: the first call gets a token. Throws at once when an option cannot work. */
export function createAcronis(options: AcronisOptions): Acronis {
  checkOptions(options);
  const { baseUrl, clientId, clientSecret, version, timeoutMs = TIMEOUT_MS } = options;
  const { now = Date.now, monotonic = () => performance.now() } = options;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const redaction = createRedaction([clientSecret, basic]);
  const request = options.fetch ?? (async (input, init) => globalThis.fetch(input, init));
  const wire = createWire({ baseUrl, version, timeoutMs, now, fetch: request, pace: createPace(monotonic) });
  const issuing = { wire, redaction, now, monotonic };
  const own = createTokens(clientCredentials(issuing, { clientId, clientSecret }), monotonic);
  const scoped = createScopedTokens(own, issuing);
  // Shared by all attempts, so bound to none.
  const rootTenant = createRootTenant(createClients(createHttp({ wire, tokens: own, redaction }, {})), clientId);

  function client(tokens: Tokens, attempt: Attempt): Acronis {
    return {
      during: (attempt) => client(tokens, attempt),
      scopedTo: (tenantId) => client(scoped(tenantId), attempt),
      consoleUrl: `${baseUrl}/mc/`,
      rootTenantId: async () => unlessAborted(rootTenant(), attempt.signal),
      probe: async () => {
        await createClients(createHttp({ wire, tokens: own, redaction }, attempt)).get(clientId);
      },
      ...nouns(createHttp({ wire, tokens, redaction }, attempt)),
    };
  }
  return client(own, {});
}

function nouns(http: Http): Nouns {
  return {
    clients: createClients(http),
    tenants: createTenants(http),
    users: createUsers(http),
    impersonation: createImpersonation(http),
    offeringItems: createOfferingItems(http),
    editions: createEditions(http),
    applications: createApplications(http),
    twoFactor: createTwoFactor(http),
    pricing: createPricing(http),
    usages: createUsages(http),
    reports: createReports(http),
    search: createSearch(http),
    registrationTokens: createRegistrationTokens(http),
    agents: createAgents(http),
    resources: createResources(http),
    plans: createPlans(http),
    planApplications: createPlanApplications(http),
    tasks: createTasks(http),
    taskActivities: createTaskActivities(http),
    alerts: createAlerts(http),
  };
}
