import { createApplications, type Applications } from './applications.js';
import { createClients, createRootTenant, type Clients } from './clients.js';
import { createEditions, type Editions } from './editions.js';
import { createHttp, type Attempt } from './http.js';
import { createOfferingItems, type OfferingItems } from './offering-items.js';
import { checkOptions, type AcronisOptions } from './options.js';
import { createPace } from './pace.js';
import { createPricing, type PricingCalls } from './pricing.js';
import { createRedaction } from './redaction.js';
import { createSearch, type Search } from './search.js';
import { createTenants, type Tenants } from './tenants.js';
import { createTokens } from './token.js';
import { createTwoFactor, type TwoFactor } from './two-factor.js';
import { createUsages, type Usages } from './usages.js';
import { createUsers, type Users } from './users.js';
import { unlessAborted } from './waiting.js';
import { createWire } from './wire.js';

const TIMEOUT_MS = 20_000;

/**
 * One API client of one cloud. Every method makes its call once (twice after a 401) and fails with an AcronisError.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/
 */
export interface Acronis {
  /** The same client (same tokens, root tenant and pace) whose calls belong to one attempt. */
  during(attempt: Attempt): Acronis;
  /** Asks for our own API client: fails as any call does while the cloud, or our way to it, is in trouble. Changes nothing. */
  probe(): Promise<void>;
  /**
   * Where people manage this cloud: the management console.
   * @see https://developer.acronis.com/doc/account-management/v2/reference/ (GET /applications: `api_base_url` of the platform)
   */
  readonly consoleUrl: string;
  /** The tenant under which this client acts. Asked once and remembered; a failure is not. */
  rootTenantId(): Promise<string>;
  clients: Clients;
  tenants: Tenants;
  users: Users;
  offeringItems: OfferingItems;
  editions: Editions;
  applications: Applications;
  twoFactor: TwoFactor;
  pricing: PricingCalls;
  usages: Usages;
  search: Search;
}

/** Connects to nothing yet: the first call gets a token. Throws at once when an option cannot work. */
export function createAcronis(options: AcronisOptions): Acronis {
  checkOptions(options);
  const { baseUrl, clientId, clientSecret, version, timeoutMs = TIMEOUT_MS, now = Date.now } = options;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const redaction = createRedaction([clientSecret, basic]);
  const request = options.fetch ?? (async (input, init) => globalThis.fetch(input, init));
  const wire = createWire({ baseUrl, version, timeoutMs, now, fetch: request, pace: createPace(now) });
  const tokens = createTokens({ wire, redaction, clientId, clientSecret, now });
  // Shared by all attempts, so bound to none.
  const rootTenant = createRootTenant(createClients(createHttp({ wire, tokens, redaction }, {})), clientId);

  function during(attempt: Attempt): Acronis {
    const http = createHttp({ wire, tokens, redaction }, attempt);
    const clients = createClients(http);
    return {
      during,
      consoleUrl: `${baseUrl}/mc/`,
      rootTenantId: async () => unlessAborted(rootTenant(), attempt.signal),
      probe: async () => {
        await clients.get(clientId);
      },
      clients,
      tenants: createTenants(http),
      users: createUsers(http),
      offeringItems: createOfferingItems(http),
      editions: createEditions(http),
      applications: createApplications(http),
      twoFactor: createTwoFactor(http),
      pricing: createPricing(http),
      usages: createUsages(http),
      search: createSearch(http),
    };
  }
  return during({});
}
