import { checkLock, checkTenantName } from './checks.js';
import type { Tenant, User } from './entities.js';
import { badRequest, notFound, Refusal, staleVersion } from './errors.js';
import { noContent, idOf, integer, type Call } from './router.js';
import { itemsOf } from './tenant-items.js';
import { deleteUser, restoreUser } from './user-changes.js';
import { now, type World } from './world.js';

/** Deletes a disabled tenant with everything below it. Their names and logins become free. */
export function removeTenant(call: Call) {
  const { world, caller, query } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  const version = integer(query.get('version') ?? undefined, 'version');
  checkLock(tenant, caller.tenantId);
  if (version !== tenant.version) throw staleVersion(version, tenant.version);
  if (tenant.owner_id !== null) throw badRequest('a personal tenant goes with its user', 1027);
  if (tenant.enabled) throw badRequest('tenant must be disabled before deletion', 1006);
  deleteTree(world, tenant);
  return noContent;
}

/** Hides a tenant and everything below it. Data of services is deleted for good. */
export function deleteTree(world: World, tenant: Tenant): void {
  const at = now();
  const removed = world.subtree(tenant.id);
  for (const one of removed) Object.assign(one, { deleted_at: at, updated_at: at });
  const ids = new Set(removed.map(({ id }) => id));
  for (const user of world.existingUsers()) if (ids.has(user.tenant_id)) deleteUser(world, user, at);
  const { agents, resources, plans, assignments, reports, registrationTokens, alerts } = world;
  for (const kept of [agents, resources, plans, assignments, reports, registrationTokens, alerts])
    for (const [key, { tenantId }] of kept) if (ids.has(tenantId)) (kept as Map<unknown, unknown>).delete(key);
  for (const id of ids) world.usages.delete(id);
}

/** Restores a deleted tenant and everything that was deleted with it. It stays disabled. */
export function restoreTenant(call: Call) {
  const { world, caller, query } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId, true);
  if (tenant.deleted_at === null) return noContent;
  if (world.tenants.get(tenant.parent_id)?.deleted_at !== null) throw notFound('tenant');
  const { tenants, users } = deletedTogether(world, tenant);
  if (query.get('force') !== 'true') refuseTaken(world, tenants, users);
  for (const one of tenants) {
    if (world.uniqueNames && world.isNameTaken(one.name)) one.name = `${one.name} (restored)`;
    const at = now();
    Object.assign(one, { deleted_at: null, updated_at: at });
    for (const row of itemsOf(world, one.id)) row.updated_at = at;
  }
  for (const user of users) restoreUser(world, user);
  return noContent;
}

function deletedTogether(world: World, { id, deleted_at }: Tenant): { tenants: Tenant[]; users: User[] } {
  const tenants = world.subtree(id, () => true, true).filter((one) => one.deleted_at === deleted_at);
  const ids = new Set(tenants.map((one) => one.id));
  const users = [...world.users.values()].filter((user) => ids.has(user.tenant_id) && user.deleted_at === deleted_at);
  return { tenants, users };
}

function refuseTaken(world: World, tenants: readonly Tenant[], users: readonly User[]): void {
  for (const { name } of tenants) checkTenantName(world, name);
  for (const { login } of users)
    if (world.isLoginTaken(login)) throw new Refusal(409, 409, `login "${login}" already exists`, { login });
}
