import { infraById, noQuota } from './catalogue.js';
import { checkLock } from './checks.js';
import type { Item, Tenant } from './entities.js';
import { badRequest, Refusal, staleVersion } from './errors.js';
import { idOf, integer, ok, type Call, type Json } from './router.js';
import { switchOff, itemsAvailableToChild, itemsOf } from './tenant-items.js';
import { now, type World } from './world.js';

/** Changes the listed items only, all or none of them. */
export function changeItems(call: Call) {
  const { world, caller, body } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  const wanted = body['offering_items'];
  if (!Array.isArray(wanted)) throw badRequest('field offering_items is required');
  const before = itemsOf(world, tenant.id);
  // all or nothing: work on a copy
  const rows = before.map((row) => ({ ...row, ...(row.quota ? { quota: { ...row.quota } } : {}) }));
  const changed = (wanted as Json[]).map((item) => apply(world, tenant, rows, item));
  const removed = changed.filter((row) => row.status === 0 && before.some((old) => same(old, row) && old.status === 1));
  checkExclusive(tenant, rows);
  for (const row of removed) checkUnused(world, tenant, rows, row);
  world.items.set(tenant.id, rows);
  tenant.updated_at = now();
  for (const row of removed) switchOffBelow(world, tenant, row);
  return ok({ timestamp: now(), items: changed });
}

type Identity = Pick<Item, 'application_id' | 'name' | 'infra_id'>;

function same(one: Identity, other: Identity): boolean {
  return one.application_id === other.application_id && one.name === other.name && one.infra_id === other.infra_id;
}

function apply(world: World, tenant: Tenant, rows: Item[], item: Json): Item {
  const { application_id, name, infra_id } = item as Partial<Item>;
  if (typeof application_id !== 'string' || typeof name !== 'string')
    throw badRequest('application_id and name are required');
  const identity = { application_id, name, ...(infra_id === undefined ? {} : { infra_id }) };
  const status = item['status'] === undefined ? 1 : integer(item['status'], 'status');
  if (![0, 1].includes(status)) throw badRequest('status must be 0 or 1');
  const present = rows.find((row) => same(row, identity));
  const goesOn = status === 1 && present?.status !== 1;
  checkAllowed(tenant, identity, present, status);
  const offer = itemsAvailableToChild(world, tenant.parent_id, tenant.kind).find((row) => same(row, identity));
  if (goesOn && offer === undefined && tenant.parent_id !== tenant.id)
    throw new Refusal(400, 1021, `offering item ${name} is not available`, { items: [identity] });
  const row = present ?? added(tenant, rows, offer ?? unknownItem(identity));
  row.updated_at = now();
  setQuota(world, row, item['quota'], status);
  row.status = status;
  return row;
}

function checkAllowed({ owner_id }: Tenant, { name }: Identity, present: Item | undefined, status: number): void {
  const now = present?.status ?? 0;
  if (present?.locked === true && now !== status) throw badRequest(`offering item ${name} is locked`, 1027);
  if (owner_id !== null && now !== status) throw badRequest('in a personal tenant only quotas can be changed', 1027);
}

function added({ id }: Tenant, rows: Item[], { quota: _quota, ...offer }: Item): Item {
  const row = { ...offer, tenant_id: id, status: 0 };
  rows.push(row);
  return row;
}

function unknownItem(identity: Identity): Item {
  const kind = { edition: null, usage_name: identity.name, type: 'count', measurement_unit: 'quantity', locked: false };
  return { ...identity, ...kind, tenant_id: '', updated_at: now(), deleted_at: null, status: 0 };
}

function setQuota(world: World, row: Item, quota: unknown, status: number): void {
  if (status === 0) {
    delete row.quota;
    return;
  }
  row.quota ??= noQuota();
  if (typeof quota !== 'object' || quota === null) return;
  const { value, overage, version } = quota as Json;
  const sent = integer(version, 'quota.version');
  if (sent !== row.quota.version) throw staleVersion(sent, row.quota.version, 426);
  const amount = value === null || value === undefined ? null : integer(value, 'quota.value');
  const extra = amount === null || overage === null || overage === undefined ? null : integer(overage, 'quota.overage');
  row.quota = { value: amount, overage: extra, version: amount === null ? 0 : world.timestamp() };
}

/** A customer can have one edition of a service and one storage of each kind. */
function checkExclusive({ kind }: Tenant, rows: readonly Item[]): void {
  if (kind !== 'customer') return;
  const on = rows.filter((row) => row.status === 1);
  const editions = new Set(on.flatMap((row) => (row.edition === null ? [] : [`${row.application_id}/${row.edition}`])));
  const services = new Set([...editions].map((edition) => edition.split('/')[0]));
  if (editions.size > services.size) throw badRequest('a customer may have one edition of a service', 1027);
  const infras = new Set(on.flatMap((row) => (row.type === 'infra' ? (row.infra_id ?? []) : [])));
  const capabilities = new Set([...infras].map((id) => infraById(id).capability));
  if (infras.size > capabilities.size) throw badRequest('a customer may have one storage of each kind', 1027);
}

/** An item in use cannot be switched off, unless another item that counts the same usage is on. */
function checkUnused(world: World, tenant: Tenant, rows: readonly Item[], removed: Item): void {
  const used = world.usages.get(tenant.id)?.get(removed.usage_name) ?? 0;
  const replaced = rows.some((row) => row.status === 1 && row.usage_name === removed.usage_name);
  if (used > 0 && !replaced) throw badRequest(`${removed.name} is in use`, removed.type === 'infra' ? 1009 : 1027);
  const below = world.children(tenant.id).flatMap(({ id }) => itemsOf(world, id));
  if (removed.type === 'infra' && below.some((row) => row.status === 1 && same(row, removed)))
    throw badRequest(`storage ${removed.infra_id} is used by a tenant below`, 1016);
}

function switchOffBelow(world: World, tenant: Tenant, removed: Item): void {
  for (const below of world.subtree(tenant.id).slice(1))
    for (const row of itemsOf(world, below.id).filter((one) => one.status === 1 && same(one, removed))) {
      switchOff(row);
      below.updated_at = now();
    }
}
