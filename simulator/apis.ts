import { accessRoutes } from './access.js';
import { agentRoutes } from './agents.js';
import { alertRoutes } from './alerts.js';
import { applicationRoutes } from './applications.js';
import { clientRoutes } from './clients.js';
import { editionRoutes } from './editions.js';
import { accountWording, agentWording, alertWording, planWording, taskWording, type Wording } from './errors.js';
import { infraRoutes } from './infra.js';
import { offeringItemRoutes } from './offering-items.js';
import { oneTimeRoutes } from './one-time.js';
import { planApplicationRoutes } from './plan-applications.js';
import { policyRoutes } from './policies.js';
import { pricingRoutes } from './pricing.js';
import { oldRegistrationTokenRoutes, registrationTokenRoutes } from './registration-tokens.js';
import { reportRoutes } from './reports.js';
import { resourceRoutes } from './resources.js';
import { findRoute, type Route, route, ok } from './router.js';
import { searchRoutes } from './search.js';
import { taskRoutes } from './tasks.js';
import { tenantRoutes } from './tenants.js';
import { consoleTokenRoute, tokenRoutes } from './tokens.js';
import { twoFactorRoutes } from './two-factor.js';
import { usageRoutes } from './usages.js';
import { userRoutes } from './users.js';

/** One of the vendor's interfaces. */
export interface Api {
  base: string;
  word: Wording;
  routes: readonly Route[];
  /** True: each answer ends with a line end. */
  endsLines?: boolean;
}

const account: Api = {
  base: '/api/2',
  word: accountWording,
  routes: [
    ...tokenRoutes,
    ...oneTimeRoutes,
    ...clientRoutes,
    ...tenantRoutes,
    ...offeringItemRoutes,
    ...applicationRoutes,
    ...editionRoutes,
    ...infraRoutes,
    ...pricingRoutes,
    ...twoFactorRoutes,
    ...usageRoutes,
    ...reportRoutes,
    ...registrationTokenRoutes,
    ...userRoutes,
    ...accessRoutes,
    ...searchRoutes,
  ],
};
/** Routes of the first interface, below `api/1`. */
const legacyRoutes = [
  route('GET /accounts', ({ query, origin }) => ok({ id: 0, login: query.get('login'), server_url: origin }), 'open'),
  route('GET /groups/{id}', (call) => {
    const { numericId, name, version } = call.world.reach(call.ids[0] ?? '', call.caller.tenantId);
    return ok({ id: numericId, name, version });
  }),
];

const apis: readonly Api[] = [
  account,
  { base: '/api/agent_manager/v2', word: agentWording, routes: agentRoutes },
  { base: '/api/task_manager/v2', word: taskWording, routes: taskRoutes },
  { base: '/api/alert_manager/v1', word: alertWording, routes: alertRoutes, endsLines: true },
  { base: '/api/resource_management/v4', word: planWording, routes: resourceRoutes },
  { base: '/api/policy_management/v4', word: planWording, routes: [...policyRoutes, ...planApplicationRoutes] },
  { base: '/api/1', word: accountWording, routes: legacyRoutes },
  { base: '/bc/api/account_server', word: accountWording, routes: oldRegistrationTokenRoutes, endsLines: true },
  { base: '/bc/idp', word: accountWording, routes: [consoleTokenRoute] },
];

export interface Located {
  api: Api;
  route: Route;
  /** Verb and path with ids as `{id}`; the path is whole but for account management, whose base is left out. */
  name: string;
  ids: string[];
}

/** Finds out which call of which interface is meant. */
export function locate(method: string, pathname: string): Located | undefined {
  // the vendor's own scripts put two slashes where their base address ends and a path begins
  const path = pathname.replace(/^\/+/, '/');
  const api = apis.find(({ base }) => path.startsWith(`${base}/`));
  const found = api && findRoute(api.routes, method, path.slice(api.base.length));
  if (api === undefined || found === undefined) return undefined;
  const { route, ids } = found;
  const [verb, below] = route.pattern.split(' ');
  return { api, route, ids, name: api === account ? route.pattern : `${verb} ${api.base}${below}` };
}
