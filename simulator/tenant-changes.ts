import { checkLock, checkTenantName } from './checks.js';
import type { Tenant } from './entities.js';
import { badRequest, staleVersion } from './errors.js';
import { flag, idOf, integer, required, type Call, type Json } from './router.js';
import { itemsAvailableToChild, itemsOf } from './tenant-items.js';
import { now, type World } from './world.js';

/** Changes a tenant. Needs the current version; absent fields stay; the version grows even if nothing changes. */
export function changeTenant(call: Call): Tenant {
  const { world, body, caller } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  checkVersion(call, tenant);
  const enabled = flag(body['enabled']) ?? tenant.enabled;
  if (enabled && !tenant.enabled && tenant.parent_id !== tenant.id && !world.isEnabled(tenant.parent_id))
    throw badRequest('parent tenant is disabled', 1003);
  const access = flag(body['ancestral_access']);
  if (access !== undefined && tenant.kind === 'unit') throw badRequest('not applicable to units', 1027);
  const name = typeof body['name'] === 'string' ? body['name'].trim() : tenant.name;
  if (name !== tenant.name) checkTenantName(world, name, tenant.id);
  const kind = kindOf(tenant, body['kind']);
  if (typeof body['parent_id'] === 'string' && body['parent_id'] !== tenant.parent_id)
    move(call, tenant, body['parent_id']);
  Object.assign(tenant, { name, kind, enabled, ancestral_access: access ?? tenant.ancestral_access });
  setText(tenant, body);
  setLock(tenant, body['update_lock'], caller.tenantId);
  return grown(tenant);
}

/** Changes the identity provider of a tenant, on request also of all tenants below it. */
export function changeIdentityProvider(call: Call): Tenant {
  const { world, body } = call;
  const tenant = world.visibleTenant(idOf(call), call.caller.tenantId);
  checkVersion(call, tenant);
  const provider = required(body, 'idp_id');
  const all = flag(body['apply_to_children']) === true ? world.subtree(tenant.id) : [tenant];
  for (const one of all) one.default_idp_id = provider;
  return grown(tenant);
}

function checkVersion({ body, caller }: Call, tenant: Tenant): void {
  const version = integer(body['version'], 'version');
  checkLock(tenant, caller.tenantId);
  if (version !== tenant.version) throw staleVersion(version, tenant.version);
}

function grown(tenant: Tenant): Tenant {
  tenant.version += 1;
  tenant.updated_at = now();
  return tenant;
}

function kindOf(tenant: Tenant, wanted: unknown): string {
  if (wanted === undefined || wanted === tenant.kind) return tenant.kind;
  const fits = ['partner', 'folder'];
  if (typeof wanted !== 'string' || !fits.includes(tenant.kind) || !fits.includes(wanted))
    throw badRequest(`a ${tenant.kind} cannot become ${JSON.stringify(wanted)}`, 1027);
  return wanted;
}

const texts = ['language', 'customer_type', 'default_idp_id', 'external_operation_status'] as const;

function setText(tenant: Tenant, body: Json): void {
  for (const field of ['customer_id', 'internal_tag'] as const)
    if (field in body) tenant[field] = body[field] as string | null;
  for (const field of texts) if (typeof body[field] === 'string') tenant[field] = body[field];
  if (tenant.external_operation_status === 'no_operation') tenant.external_operation_status = null;
  if (typeof body['contact'] === 'object') tenant.contact = { ...tenant.contact, ...(body['contact'] as Json) };
}

function move({ world, caller }: Call, tenant: Tenant, target: string): void {
  const parent = world.accessibleTenant(target, caller.tenantId);
  if (tenant.id === parent.id || world.ancestors(parent).some(({ id }) => id === tenant.id))
    throw badRequest('a tenant may not be moved below itself', 1007);
  if (tenant.kind === 'unit') throw badRequest('units may not be moved', 1027);
  if (!world.isEnabled(parent.id)) throw badRequest('target tenant is disabled', 1013);
  if (!['partner', 'folder'].includes(parent.kind)) throw badRequest(`may not be moved into a ${parent.kind}`, 1008);
  checkOffered(world, tenant, parent);
  world.putUnder(tenant, parent.id);
}

/** The new parent must offer every item that the tenant has. */
function checkOffered(world: World, { id, kind }: Tenant, parent: Tenant): void {
  const offered = new Set(
    itemsAvailableToChild(world, parent.id, kind).map((row) => `${row.name}/${row.infra_id ?? ''}`),
  );
  const missing = itemsOf(world, id).find(
    (row) => row.status === 1 && !offered.has(`${row.name}/${row.infra_id ?? ''}`),
  );
  if (missing !== undefined) throw badRequest(`the target does not offer ${missing.name}`, 1014);
}

/** Locks or unlocks a tenant. The caller owns the lock unless the body names another owner. */
function setLock(tenant: Tenant, wanted: unknown, callerTenantId: string): void {
  if (typeof wanted !== 'object' || wanted === null) return;
  const { enabled, owner_id } = wanted as Json;
  const on = flag(enabled) ?? false;
  tenant.update_lock = { enabled: on, owner_id: on ? ((owner_id as string | undefined) ?? callerTenantId) : null };
}
