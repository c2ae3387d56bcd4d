import { originProblem } from '../contract/origin.js';
import { abortable } from './abort.js';
import { createAgents } from './agents.js';
import { createAlerts } from './alerts.js';
import { createApplications } from './applications.js';
import type { CallBucket } from './call-bucket.js';
import { createClients, createRootTenant } from './clients.js';
import { createEditions } from './editions.js';
import { createHttpClient, type AttemptOptions, type HttpClient } from './http-client.js';
import { createImpersonation } from './impersonation.js';
import { createOfferingItems } from './offering-items.js';
import { createPlanApplications } from './plan-applications.js';
import { createPlans } from './plans.js';
import { createPricing } from './pricing.js';
import { fetchThrough } from './proxied-fetch.js';
import { createRateLimiter } from './rate-limiter.js';
import { createRedaction } from './redaction.js';
import { createRegistrationTokens } from './registration-tokens.js';
import { createReports } from './reports.js';
import { createResources } from './resources.js';
import { createScopedTokens } from './scoped-tokens.js';
import { createSearch } from './search.js';
import { createTaskActivities, createTasks } from './tasks.js';
import { createTenants } from './tenants.js';
import { clientCredentialsIssuer, createTokenSource, type TokenSource } from './token.js';
import { createTransport } from './transport.js';
import { createTwoFactor } from './two-factor.js';
import { createUsages } from './usages.js';
import { createUsers } from './users.js';

const TIMEOUT_MS = 20_000;

/** What it takes to talk to one cloud. */
export interface AcronisOptions {
  /** Origin of the cloud without path, e.g. `https://eu2-cloud.acronis.com`. */
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  /** Version of this product; sent to the cloud in the User-Agent. */
  version: string;
  /** Milliseconds for one exchange, from sending to the last byte of the answer. Default: 20 000. */
  timeoutMs?: number | undefined;
  /** Milliseconds since 1970; compared only with dates that the cloud sends. For tests. */
  now?: (() => number) | undefined;
  /** Milliseconds of a clock that nobody can set; measures all durations. For tests. */
  monotonic?: (() => number) | undefined;
  /** HTTP proxy towards the cloud, as `http://login:password@host:port`. Default: none. */
  proxy?: string | undefined;
  /** Holds back calls to keep a budget. Default: none is held back. */
  budget?: CallBucket | undefined;
  /** Instead of Node's own, and of `proxy`. For tests. */
  fetch?: typeof fetch | undefined;
}

/**
 * One API client of one cloud. Each call is sent once (twice after a 401) and fails with an AcronisError.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/
 */
export interface Acronis extends ReturnType<typeof createResourceClients> {
  /** The same client (same tokens, root tenant and rate limit) whose calls belong to one attempt. */
  forAttempt(attempt: AttemptOptions): Acronis;
  /** The same client acting as if it belonged to the given tenant below it. Some services demand that. */
  scopedTo(tenantId: string): Acronis;
  /**
   * Reads our own API client. Fails as any call does while the cloud, or our way to it, is in trouble. Changes nothing.
   */
  probe(): Promise<void>;
  /**
   * Address of this cloud's management console.
   * @see https://developer.acronis.com/doc/account-management/v2/reference/ (GET /applications: `api_base_url` of the platform)
   */
  readonly consoleUrl: string;
  /**
   * The tenant under which this client acts, whatever the scope. Read once and remembered; a failure is not remembered.
   */
  rootTenantId(): Promise<string>;
}

/** Creates a client. Sends nothing yet: the first call gets a token. Throws when an option cannot work. */
export function createAcronis(options: AcronisOptions): Acronis {
  checkOptions(options);
  const { baseUrl, clientId, clientSecret, version, timeoutMs = TIMEOUT_MS } = options;
  const { now = Date.now, monotonic = () => performance.now() } = options;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const redaction = createRedaction([clientSecret, basic]);
  const { fetch = fetchThrough(options.proxy) } = options;
  const rateLimiter = createRateLimiter(monotonic);
  const { budget } = options;
  const transport = createTransport({ baseUrl, version, timeoutMs, now, fetch, rateLimiter, budget });
  const issuing = { transport, redaction, now, monotonic };
  const ownTokens = createTokenSource(clientCredentialsIssuer(issuing, { clientId, clientSecret }), monotonic);
  const scopedTokens = createScopedTokens(ownTokens, issuing);
  const clientsOf = (attempt: AttemptOptions) =>
    createClients(createHttpClient({ transport, tokens: ownTokens, redaction }, attempt));
  // all attempts share it, so it must not end with one of them
  const rootTenant = createRootTenant(clientsOf({ turn: { atOnce: true } }), clientId);

  function create(tokens: TokenSource, attempt: AttemptOptions): Acronis {
    return {
      ...createResourceClients(createHttpClient({ transport, tokens, redaction }, attempt)),
      forAttempt: (attempt) => create(tokens, attempt),
      scopedTo: (tenantId) => create(scopedTokens(tenantId), attempt),
      consoleUrl: `${baseUrl}/mc/`,
      rootTenantId: async () => abortable(rootTenant(), attempt.signal),
      probe: async () => void (await clientsOf(attempt).get(clientId)),
    };
  }
  return create(ownTokens, {});
}

/** One client for each cloud, by name. Sends nothing yet. Throws when the options of a cloud cannot work. */
export function createCloudClients(
  clouds: Readonly<Record<string, Pick<AcronisOptions, 'baseUrl' | 'clientId' | 'clientSecret' | 'proxy'>>>,
  version: string,
): Map<string, Acronis> {
  return new Map(Object.entries(clouds).map(([name, access]) => [name, createAcronis({ ...access, version })]));
}

function createResourceClients(http: HttpClient) {
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

/** Rejects options that cannot work. Names the option and the remedy, never a secret. */
function checkOptions({ baseUrl, clientId, clientSecret, timeoutMs }: AcronisOptions): void {
  if (clientId === '') throw new Error('Acronis option clientId is empty. Give the id of an API client.');
  if (clientSecret === '') throw new Error('Acronis option clientSecret is empty. Give the secret of the API client.');
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new Error('Acronis option timeoutMs must be a positive number of milliseconds.');
  }
  const problem = originProblem(baseUrl);
  if (problem !== undefined) throw new Error(`Acronis option baseUrl ${problem}`);
}
