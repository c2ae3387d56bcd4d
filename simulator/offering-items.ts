import { GOOGLE_DR_INFRA } from './seed.js';
import type { Item, Tenant } from './entities.js';
import { badRequest, Refusal, staleVersion } from './errors.js';
import { idOf, integer, ok, page, resume, route, type Call, type Json } from './router.js';
import { now, type World } from './world.js';

const MODERN_DEFAULT = 'standard';

/** The rows of one tenant; made when first asked for. */
export function rowsOf(world: World, tenantId: string): Item[] {
  const rows = world.items.get(tenantId) ?? [];
  world.items.set(tenantId, rows);
  return rows;
}

/** Without an edition only the legacy standard one is meant; items of no edition are always listed. */
function ofEdition(items: readonly Item[], edition: string | null): Item[] {
  const wanted = edition ?? MODERN_DEFAULT;
  return items.filter((item) => item.edition === null || wanted === '*' || item.edition === wanted);
}

function list(call: Call) {
  const { world, caller, query } = call;
  const { id } = world.reach(idOf(call), caller.tenantId);
  const usages = query.get('usage_names')?.split(',');
  const items = ofEdition(rowsOf(world, id), query.get('edition'))
    .filter((item) => query.get('status') === null || String(item.status) === query.get('status'))
    .filter((item) => query.get('type') === null || item.type === query.get('type'))
    .filter((item) => usages === undefined || usages.includes(item.usage_name));
  return ok({ timestamp: now(), items });
}

function available(call: Call) {
  const { world, caller, query } = call;
  const { id } = world.reach(idOf(call), caller.tenantId);
  const customer = (query.get('kind') ?? 'customer') === 'customer' || query.get('kind') === 'unit';
  const items = ofEdition(rowsOf(world, id), query.get('edition'))
    .filter((item) => item.status === 1 && !(customer && partnersOnly.has(item)))
    .map(({ quota: _quota, ...item }) => ({ ...item, ...(item.type === 'feature' ? {} : { quota: none() }) }));
  return ok({ timestamp: now(), items });
}

/** Rows that are offered to partners only. */
export const partnersOnly = new WeakSet<Item>();

const none = () => ({ value: null, overage: null, version: 0 });

function put(call: Call) {
  const { world, caller, body } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  const wanted = body['offering_items'];
  if (!Array.isArray(wanted)) throw badRequest('field offering_items is required');
  const before = rowsOf(world, tenant.id);
  // all or nothing: work on a copy
  const rows = before.map((row) => ({ ...row, ...(row.quota ? { quota: { ...row.quota } } : {}) }));
  const changed = (wanted as Json[]).map((item) => apply(world, tenant, rows, item));
  checkExclusive(tenant, rows);
  world.items.set(tenant.id, rows);
  tenant.updated_at = now();
  for (const row of changed.filter(({ status }) => status === 0)) switchOffBelow(world, tenant, row);
  return ok({ timestamp: now(), items: changed });
}

function apply(world: World, tenant: Tenant, rows: Item[], item: Json): Item {
  const { application_id, name, infra_id } = item as Partial<Item>;
  if (typeof application_id !== 'string' || typeof name !== 'string')
    throw badRequest('application_id and name are required');
  const same = (row: Item) => row.application_id === application_id && row.name === name && row.infra_id === infra_id;
  const status = item['status'] === undefined ? 1 : integer(item['status'], 'status');
  if (![0, 1].includes(status)) throw badRequest('status must be 0 or 1');
  const offer = rowsOf(world, tenant.parent_id).find((row) => same(row) && row.status === 1);
  let row = rows.find(same);
  if (status === 1 && offer === undefined && tenant.parent_id !== tenant.id)
    throw new Refusal(400, 1021, `offering item ${name} is not available`, {
      items: [{ application_id, name, infra_id }],
    });
  if (row?.locked === true && row.status !== status) throw badRequest(`offering item ${name} is locked`, 1027);
  if (row === undefined) {
    const { quota: _quota, ...template } = offer ?? fresh(application_id, name, infra_id);
    row = { ...template, tenant_id: tenant.id, status: 0 };
    rows.push(row);
  }
  row.updated_at = now();
  setQuota(world, row, item['quota'], status);
  row.status = status;
  return row;
}

function fresh(application_id: string, name: string, infra_id: string | undefined): Item {
  const kind = { edition: null, usage_name: name, type: 'count', measurement_unit: 'quantity', locked: false };
  const infra = infra_id === undefined ? {} : { infra_id };
  return { application_id, name, ...infra, ...kind, tenant_id: '', updated_at: now(), deleted_at: null, status: 0 };
}

function setQuota(world: World, row: Item, quota: unknown, status: number): void {
  if (status === 0) {
    delete row.quota;
    return;
  }
  row.quota ??= none();
  if (typeof quota !== 'object' || quota === null) return;
  const { value, overage, version } = quota as Json;
  const sent = integer(version, 'quota.version');
  if (sent !== row.quota.version) throw staleVersion(sent, row.quota.version, 426);
  const amount = value === null || value === undefined ? null : integer(value, 'quota.value');
  const extra = amount === null || overage === null || overage === undefined ? null : integer(overage, 'quota.overage');
  row.quota = { value: amount, overage: extra, version: amount === null ? 0 : world.timestamp() };
}

/** A customer has one edition of Cyber Protection and one storage of each kind. */
function checkExclusive({ kind }: Tenant, rows: readonly Item[]): void {
  if (kind !== 'customer') return;
  const on = rows.filter((row) => row.status === 1);
  const editions = new Set(on.flatMap((row) => (row.edition === null ? [] : [`${row.application_id}/${row.edition}`])));
  const services = new Set([...editions].map((edition) => edition.split('/')[0]));
  if (editions.size > services.size) throw badRequest('a customer may have one edition of a service', 1027);
  const infras = on.flatMap((row) =>
    row.type === 'infra' && row.infra_id !== undefined ? [`${row.usage_name}/${row.infra_id}`] : [],
  );
  const kinds = new Set(infras.map((one) => one.split('/')[0]));
  const storages = new Set(infras.map((one) => one.split('/')[1]).filter((one) => one !== GOOGLE_DR_INFRA));
  if (new Set(infras).size > kinds.size || storages.size > 1)
    throw badRequest('a customer may have one storage of each kind', 1027);
}

function switchOffBelow(world: World, tenant: Tenant, { application_id, name, infra_id }: Item): void {
  for (const below of world.subtree(tenant.id).slice(1))
    for (const row of rowsOf(world, below.id))
      if (row.application_id === application_id && row.name === name && row.infra_id === infra_id) row.status = 0;
}

function batch(call: Call) {
  const { world, caller } = call;
  const query = resume(call.query);
  const top = query.get('subtree_root_tenant_id');
  if (top === null) throw badRequest('subtree_root_tenant_id is required');
  const names = query.get('usage_names')?.split(',');
  const items = world
    .subtree(world.reach(top, caller.tenantId).id)
    .flatMap(({ id }) => rowsOf(world, id))
    .filter((item) => names === undefined || names.includes(item.usage_name));
  return ok(page(items, query, 5000));
}

export const offeringItemRoutes = [
  route('GET /tenants/{id}/offering_items', list),
  route('GET /tenants/{id}/offering_items/available_for_child', available),
  route('PUT /tenants/{id}/offering_items', put),
  route('GET /tenants/offering_items', batch),
  route('GET /tenants/{id}/offering_items/pricing', (call) => {
    call.world.reach(idOf(call), call.caller.tenantId);
    return ok({ items: [] });
  }),
];
