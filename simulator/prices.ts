import { badRequest, staleVersion } from './errors.js';
import { checkLock } from './locks.js';
import { rowsOf } from './offering-items.js';
import { idOf, integer, ok, required, type Call, type Json } from './router.js';

/** What each item that is switched on costs; a price is decimal text. */
export function listPrices(call: Call) {
  const { id } = call.world.reach(idOf(call), call.caller.tenantId);
  const prices = call.world.prices.get(id);
  const items = rowsOf(call.world, id)
    .filter((row) => row.status === 1)
    .map(({ application_id, name, infra_id }) => {
      const price = prices?.get(keyOf(name, infra_id)) ?? { price: '0', version: 0 };
      return { application_id, name, infra_id, ...price };
    });
  return ok({ items });
}

/** Changes the prices that are listed; each has a version of its own. */
export function setPrices(call: Call) {
  const { world, body, caller } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  if (!Array.isArray(body['items'])) throw badRequest('field items is required');
  const prices = new Map(world.prices.get(tenant.id));
  for (const item of body['items'] as Json[]) {
    const key = keyOf(required(item, 'name'), item['infra_id']);
    const price = required(item, 'price');
    if (!/^\d+(\.\d+)?$/.test(price)) throw badRequest(`${price} is no price`);
    const [sent, stored] = [integer(item['version'], 'version'), prices.get(key)?.version ?? 0];
    if (sent !== stored) throw staleVersion(sent, stored);
    prices.set(key, { price, version: world.timestamp() });
  }
  world.prices.set(tenant.id, prices);
  return listPrices(call);
}

const keyOf = (name: string, infra: unknown) => `${name}/${typeof infra === 'string' ? infra : ''}`;
