import type { Tenant } from './entities.js';
import { badRequest } from './errors.js';
import { checkLock } from './locks.js';
import { flag, idOf, ok, route, type Call } from './router.js';
import { findUser } from './users.js';
import type { World } from './world.js';

/** Whether the users of a tenant must prove themselves twice; units and folders do as what they lie in. */
export function twoFactorOf(world: World, { id, kind, parent_id }: Tenant): string {
  const parent = world.tenants.get(parent_id);
  if (['unit', 'folder'].includes(kind) && parent !== undefined && parent_id !== id) return twoFactorOf(world, parent);
  return world.mfa.get(id) ?? 'disabled';
}

function status(call: Call) {
  const { world } = call;
  const tenant = world.reach(idOf(call), call.caller.tenantId);
  const users = world.livingUsers().filter((user) => user.tenant_id === tenant.id).length;
  const mfa_status = twoFactorOf(world, tenant);
  return ok({ mfa_status, users_count: users, users_with_totp_enabled_count: 0, update_allowed: true });
}

function put(call: Call) {
  const { world, caller } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  if (['folder', 'unit'].includes(tenant.kind)) throw badRequest(`not applicable to a ${tenant.kind}`, 1027);
  const enabled = flag(call.body['enabled']);
  if (enabled === undefined) throw badRequest('field enabled is required');
  world.mfa.set(tenant.id, enabled ? 'enabled' : 'disabled');
  return status(call);
}

export const twoFactorRoutes = [
  route('GET /tenants/{id}/mfa/status', status),
  route('PUT /tenants/{id}/mfa/status', put),
  route('PUT /users/{id}/mfa/status', (call) => {
    findUser(call);
    return { status: 200 };
  }),
];
