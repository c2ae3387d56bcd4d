import { checkLock } from './checks.js';
import { badRequest } from './errors.js';
import { startProgress, advance } from './delays.js';
import { flag, idOf, ok, route, type Call } from './router.js';
import { findUser } from './user-changes.js';
import { now, type World } from './world.js';

function status(call: Call) {
  const { world } = call;
  const tenant = world.visibleTenant(idOf(call), call.caller.tenantId);
  const users = world.existingUsers().filter((user) => user.tenant_id === tenant.id).length;
  const ending = world.twoFactorEnding.get(tenant.id);
  if (ending !== undefined && advance(ending) !== undefined) endTwoFactor(world, tenant.id);
  const mfa_status = world.twoFactorOf(tenant);
  return ok({ mfa_status, users_count: users, users_with_totp_enabled_count: 0, update_allowed: true });
}

function put(call: Call) {
  const { world, caller } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  if (['folder', 'unit'].includes(tenant.kind)) throw badRequest(`not applicable to a ${tenant.kind}`, 1027);
  const enabled = flag(call.body['enabled']);
  if (enabled === undefined) throw badRequest('field enabled is required');
  world.twoFactorEnding.delete(tenant.id);
  tenant.updated_at = now();
  if (enabled) world.mfa.set(tenant.id, 'enabled');
  else if (world.twoFactorOf(tenant) !== 'disabled') {
    world.mfa.set(tenant.id, 'disable_in_progress');
    world.twoFactorEnding.set(tenant.id, startProgress(world.twoFactorOffDelay, 'disabled'));
  }
  return status(call);
}

function endTwoFactor(world: World, tenantId: string): void {
  world.twoFactorEnding.delete(tenantId);
  world.mfa.set(tenantId, 'disabled');
}

/** Sets whether one user needs a second factor; this overrides the tenant's setting. */
function putOfUser(call: Call) {
  const enabled = flag(call.body['enabled']);
  if (enabled === undefined) throw badRequest('field enabled is required');
  Object.assign(findUser(call), { secondFactor: enabled, updated_at: now() });
  return { status: 200 };
}

export const twoFactorRoutes = [
  route('GET /tenants/{id}/mfa/status', status),
  route('PUT /tenants/{id}/mfa/status', put),
  route('PUT /users/{id}/mfa/status', putOfUser),
];
