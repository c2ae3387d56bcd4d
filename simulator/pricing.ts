import { checkLock } from './checks.js';
import { badRequest, staleVersion } from './errors.js';
import { idOf, integer, ok, route, type Call, type Json, required } from './router.js';
import { itemsOf } from './tenant-items.js';
import { now } from './world.js';

const modes = ['trial', 'production', 'suspended'];
const currencies = ['AUD', 'BRL', 'CAD', 'EUR', 'CNY', 'GBP', 'JPY', 'KZT', 'NZD', 'RUB', 'USD', 'ZAR'];

function put(call: Call) {
  const { world, body, caller } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  const pricing = world.pricing.get(tenant.id)!;
  const version = integer(body['version'], 'version');
  if (version !== pricing.version) throw staleVersion(version, pricing.version);
  const mode = body['mode'] ?? pricing.mode;
  if (typeof mode !== 'string' || !modes.includes(mode)) throw badRequest(`unknown mode ${JSON.stringify(mode)}`);
  if (pricing.mode === 'production' && mode !== pricing.mode) throw badRequest('production cannot be taken back', 1027);
  if (mode === 'suspended' && mode !== pricing.mode) throw badRequest('a partner cannot suspend', 1027);
  const currency = body['currency'] as string | null | undefined;
  if (typeof currency === 'string' && !currencies.includes(currency))
    throw badRequest(`unknown currency ${JSON.stringify(currency)}`);
  if (currency !== undefined) pricing.currency = currency;
  pricing.mode = mode;
  pricing.version = world.timestamp();
  tenant.updated_at = now();
  return ok({ ...pricing });
}

/** The price of each item that is switched on, as decimal text. */
function listPrices(call: Call) {
  const { id } = call.world.visibleTenant(idOf(call), call.caller.tenantId);
  const prices = call.world.prices.get(id);
  const items = itemsOf(call.world, id)
    .filter((row) => row.status === 1)
    .map(({ application_id, name, infra_id }) => {
      const price = prices?.get(keyOf(name, infra_id)) ?? { price: '0', version: 0 };
      return { application_id, name, infra_id, ...price };
    });
  return ok({ items });
}

/** Changes the listed prices. Each price has its own version. */
function setPrices(call: Call) {
  const { world, body, caller } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  if (!Array.isArray(body['items'])) throw badRequest('field items is required');
  const prices = new Map(world.prices.get(tenant.id));
  for (const item of body['items'] as Json[]) {
    const key = keyOf(required(item, 'name'), item['infra_id']);
    const price = required(item, 'price');
    if (!/^\d+(\.\d+)?$/.test(price)) throw badRequest(`${price} is not a price`);
    const [sent, stored] = [integer(item['version'], 'version'), prices.get(key)?.version ?? 0];
    if (sent !== stored) throw staleVersion(sent, stored);
    prices.set(key, { price, version: world.timestamp() });
  }
  world.prices.set(tenant.id, prices);
  return listPrices(call);
}

const keyOf = (name: string, infra: unknown) => `${name}/${typeof infra === 'string' ? infra : ''}`;

export const pricingRoutes = [
  route('GET /tenants/{id}/pricing', (call) =>
    ok({ ...call.world.pricing.get(call.world.visibleTenant(idOf(call), call.caller.tenantId).id) }),
  ),
  route('PUT /tenants/{id}/pricing', put),
  route('GET /tenants/{id}/offering_items/pricing', listPrices),
  route('PUT /tenants/{id}/offering_items/pricing', setPrices),
];
