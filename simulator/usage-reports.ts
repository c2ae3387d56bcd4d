import { badRequest, Refusal } from './errors.js';
import { integer, ok, required, route, type Call, type Json } from './router.js';
import { itemsOf } from './tenant-items.js';

const named = ['tenant_id', 'resource_id', 'usage_type', 'offering_item', 'infra_id'];

/** Takes what a service has measured. An entry that is wrong gets an error of its own; the others count. */
function report(call: Call) {
  const { items } = call.body;
  if (!Array.isArray(items)) throw badRequest('field items is required');
  return ok({ items: (items as Json[]).map((item) => ({ ...only(named, item), ...errorOf(call, item) })) });
}

function only(fields: readonly string[], item: Json): Json {
  return Object.fromEntries(fields.filter((field) => field in item).map((field) => [field, item[field]]));
}

function errorOf(call: Call, item: Json): Json {
  try {
    take(call, item);
    return {};
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { error: error.body() };
  }
}

/** What a tenant uses of an item from now on. */
function take({ world, caller }: Call, item: Json): void {
  if (item['resource_id'] !== undefined) throw badRequest('usage by resource is not imitated');
  const tenant = world.accessibleTenant(required(item, 'tenant_id').toLowerCase(), caller.tenantId);
  const name = required(item, 'offering_item');
  const value = integer(item['usage_value'], 'usage_value');
  if (value < 0) throw badRequest('usage_value must not be negative');
  const row = itemsOf(world, tenant.id).find(
    (one) => one.status === 1 && one.name === name && one.infra_id === item['infra_id'],
  );
  if (row === undefined) throw badRequest(`offering item ${name} is not available`, 1021);
  if (row.type === 'feature') throw badRequest(`offering item ${name} is not accountable`, 1027);
  world.usages.set(tenant.id, new Map([...(world.usages.get(tenant.id) ?? []), [row.usage_name, value]]));
}

export const usageReportRoutes = [{ ...route('PUT /tenants/usages', report), untyped: true }];
