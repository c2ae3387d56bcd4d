import { badRequest, staleVersion } from './errors.js';
import { checkLock } from './locks.js';
import { idOf, integer, ok, route, type Call } from './router.js';

const modes = ['trial', 'production', 'suspended'];
const currencies = [
  'AUD',
  'BRL',
  'CAD',
  'EUR',
  'CNY',
  'GBP',
  'JPY',
  'KZT',
  'NZD',
  'RUB',
  'USD',
  'ZAR',
  null,
  undefined,
];

function put(call: Call) {
  const { world, body, caller } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  const pricing = world.pricing.get(tenant.id)!;
  const version = integer(body['version'], 'version');
  if (version !== pricing.version) throw staleVersion(version, pricing.version);
  const mode = body['mode'] ?? pricing.mode;
  if (typeof mode !== 'string' || !modes.includes(mode)) throw badRequest(`unknown mode ${JSON.stringify(mode)}`);
  if (pricing.mode === 'production' && mode !== pricing.mode) throw badRequest('production cannot be taken back', 1027);
  if (mode === 'suspended' && mode !== pricing.mode) throw badRequest('a partner cannot suspend', 1027);
  const currency = body['currency'] as string | null | undefined;
  if (!currencies.includes(currency)) throw badRequest(`unknown currency ${JSON.stringify(currency)}`);
  if (currency !== undefined) pricing.currency = currency;
  pricing.mode = mode;
  pricing.version = world.timestamp();
  return ok({ ...pricing });
}

export const pricingRoutes = [
  route('GET /tenants/{id}/pricing', (call) =>
    ok({ ...call.world.pricing.get(call.world.reach(idOf(call), call.caller.tenantId).id) }),
  ),
  route('PUT /tenants/{id}/pricing', put),
];
