import type { Tenant } from './entities.js';
import { badRequest, Refusal, staleVersion } from './errors.js';
import { flag, idOf, integer, type Call, type Json } from './router.js';
import { checkName } from './tenants.js';
import { now } from './world.js';

/** Changes a tenant as PUT does: the present version is demanded, absent fields stay, the version grows even if nothing changed. */
export function changeTenant(call: Call): Tenant {
  const { world, body, caller } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  const version = integer(body['version'], 'version');
  checkLock(tenant, caller.tenantId);
  if (version !== tenant.version) throw staleVersion(version, tenant.version);
  const enabled = flag(body['enabled']) ?? tenant.enabled;
  const parent = world.tenants.get(tenant.parent_id);
  if (enabled && !tenant.enabled && parent?.enabled === false) throw badRequest('parent tenant is disabled', 1003);
  const access = flag(body['ancestral_access']);
  if (access !== undefined && tenant.kind === 'unit') throw badRequest('not applicable to units', 1027);
  if (typeof body['name'] === 'string' && body['name'] !== tenant.name) {
    checkName(world, body['name'], tenant.id);
    tenant.name = body['name'].trim();
  }
  if (typeof body['parent_id'] === 'string' && body['parent_id'] !== tenant.parent_id)
    move(call, tenant, body['parent_id']);
  tenant.enabled = enabled;
  tenant.ancestral_access = access ?? tenant.ancestral_access;
  setText(tenant, body);
  lock(tenant, body['update_lock'], caller.tenantId);
  tenant.version += 1;
  tenant.updated_at = now();
  return tenant;
}

function setText(tenant: Tenant, body: Json): void {
  for (const field of ['customer_id', 'internal_tag'] as const)
    if (field in body) tenant[field] = body[field] as string | null;
  for (const field of ['language', 'customer_type'] as const)
    if (typeof body[field] === 'string') tenant[field] = body[field];
  if (typeof body['contact'] === 'object') tenant.contact = { ...tenant.contact, ...(body['contact'] as Json) };
}

function checkLock({ update_lock }: Tenant, callerId: string): void {
  if (update_lock.enabled && update_lock.owner_id !== callerId) throw new Refusal(403, 1012, 'tenant is locked');
}

function lock(tenant: Tenant, wanted: unknown, callerId: string): void {
  if (typeof wanted !== 'object' || wanted === null) return;
  const { enabled, owner_id } = wanted as Json;
  const on = flag(enabled) ?? false;
  tenant.update_lock = { enabled: on, owner_id: on ? ((owner_id as string | undefined) ?? callerId) : null };
}

function move({ world, caller }: Call, tenant: Tenant, target: string): void {
  const parent = world.reach(target, caller.tenantId);
  if (tenant.id === parent.id || world.ancestors(parent).some(({ id }) => id === tenant.id))
    throw badRequest('a tenant may not be moved below itself', 1007);
  if (!parent.enabled) throw badRequest('target tenant is disabled', 1013);
  if (!['partner', 'folder'].includes(parent.kind)) throw badRequest(`may not be moved into a ${parent.kind}`, 1008);
  tenant.parent_id = parent.id;
}
