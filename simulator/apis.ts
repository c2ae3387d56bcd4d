import { accessRoutes } from './access.js';
import { agentRoutes } from './agents.js';
import { alertRoutes } from './alerts.js';
import { applicationRoutes } from './applications.js';
import { clientRoutes } from './clients.js';
import { editionRoutes } from './editions.js';
import { accountError, agentError, alertError, planError, taskError, type ErrorFormat } from './errors.js';
import { infraRoutes } from './infra.js';
import { offeringItemRoutes } from './offering-items.js';
import { oneTimeRoutes } from './one-time-tokens.js';
import { planApplicationRoutes } from './plan-applications.js';
import { platformRoutes } from './platform.js';
import { policyRoutes } from './policies.js';
import { pricingRoutes } from './pricing.js';
import { oldRegistrationTokenRoutes, registrationTokenRoutes } from './registration-tokens.js';
import { reportRoutes } from './reports.js';
import { resourceRoutes } from './resources.js';
import { roleRoutes } from './roles.js';
import { findRoute, type Route, route, ok } from './router.js';
import { searchRoutes } from './search.js';
import { taskRoutes } from './tasks.js';
import { tenantRoutes } from './tenants.js';
import { consoleTokenRoute, tokenRoutes } from './tokens.js';
import { twoFactorRoutes } from './two-factor.js';
import { usageReportRoutes } from './usage-reports.js';
import { usageRoutes } from './usages.js';
import { userRoutes } from './users.js';

/** One of the vendor's APIs. */
export interface Api {
  base: string;
  toReply: ErrorFormat;
  routes: readonly Route[];
  /** True: each answer ends with a newline. */
  trailingNewline?: boolean;
}

const account: Api = {
  base: '/api/2',
  toReply: accountError,
  routes: [
    ...tokenRoutes,
    ...oneTimeRoutes,
    ...clientRoutes,
    ...tenantRoutes,
    ...offeringItemRoutes,
    ...applicationRoutes,
    ...editionRoutes,
    ...infraRoutes,
    ...platformRoutes,
    ...pricingRoutes,
    ...twoFactorRoutes,
    ...usageRoutes,
    ...usageReportRoutes,
    ...reportRoutes,
    ...registrationTokenRoutes,
    ...userRoutes,
    ...accessRoutes,
    ...roleRoutes,
    ...searchRoutes,
  ],
};
/** Routes of the first API, below `api/1`. */
const legacyRoutes = [
  route('GET /accounts', ({ query, origin }) => ok({ id: 0, login: query.get('login'), server_url: origin }), 'open'),
  route('GET /groups/{id}', (call) => {
    const { numericId, name, version } = call.world.visibleTenant(call.ids[0] ?? '', call.caller.tenantId);
    return ok({ id: numericId, name, version });
  }),
];

const apis: readonly Api[] = [
  account,
  { base: '/api/agent_manager/v2', toReply: agentError, routes: agentRoutes },
  { base: '/api/task_manager/v2', toReply: taskError, routes: taskRoutes },
  { base: '/api/alert_manager/v1', toReply: alertError, routes: alertRoutes, trailingNewline: true },
  { base: '/api/resource_management/v4', toReply: planError, routes: resourceRoutes },
  { base: '/api/policy_management/v4', toReply: planError, routes: [...policyRoutes, ...planApplicationRoutes] },
  { base: '/api/1', toReply: accountError, routes: legacyRoutes },
  { base: '/bc/api/account_server', toReply: accountError, routes: oldRegistrationTokenRoutes, trailingNewline: true },
  { base: '/bc/idp', toReply: accountError, routes: [consoleTokenRoute] },
];

export interface Match {
  api: Api;
  route: Route;
  /** Method and path with ids as `{id}`. The path contains the base, except in account management. */
  name: string;
  ids: string[];
}

/** Finds the API and the route of a call. */
export function findCall(method: string, pathname: string): Match | undefined {
  // the vendor's own scripts send two slashes between base address and path
  const path = pathname.replace(/^\/+/, '/');
  const api = apis.find(({ base }) => path.startsWith(`${base}/`));
  const found = api && findRoute(api.routes, method, path.slice(api.base.length));
  if (api === undefined || found === undefined) return undefined;
  const { route, ids } = found;
  const [verb, below] = route.pattern.split(' ');
  return { api, route, ids, name: api === account ? route.pattern : `${verb} ${api.base}${below}` };
}
