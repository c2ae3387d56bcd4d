import { checkLock, checkName } from './checks.js';
import type { Tenant, User } from './entities.js';
import { badRequest, notFound, Refusal, staleVersion } from './errors.js';
import { empty, idOf, integer, type Call } from './router.js';
import { deleteUser, restoreUser } from './user-changes.js';
import { now, type World } from './world.js';

/** Deletes a disabled tenant with all that is below it: hidden from now on, names and logins free again. */
export function removeTenant(call: Call) {
  const { world, caller, query } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  const version = integer(query.get('version') ?? undefined, 'version');
  checkLock(tenant, caller.tenantId);
  if (version !== tenant.version) throw staleVersion(version, tenant.version);
  if (tenant.owner_id !== null) throw badRequest('a personal tenant goes with its user', 1027);
  if (tenant.enabled) throw badRequest('tenant must be disabled before deletion', 1006);
  deleteTree(world, tenant);
  return empty;
}

/** Hides a tenant and all that is below it; what services keep of them is gone for good. */
export function deleteTree(world: World, tenant: Tenant): void {
  const at = now();
  const gone = new Set(world.subtree(tenant.id));
  for (const one of gone) Object.assign(one, { deleted_at: at, updated_at: at });
  const ids = new Set([...gone].map(({ id }) => id));
  for (const user of world.livingUsers()) if (ids.has(user.tenant_id)) deleteUser(world, user, at);
  const { agents, resources, plans, assignments, reports, registrationTokens, alerts } = world;
  for (const kept of [agents, resources, plans, assignments, reports, registrationTokens, alerts])
    for (const [key, { tenantId }] of kept) if (ids.has(tenantId)) (kept as Map<unknown, unknown>).delete(key);
  for (const id of ids) world.usages.delete(id);
}

/** Brings back a deleted tenant and all that was deleted with it. It stays disabled, as it was. */
export function restoreTenant(call: Call) {
  const { world, caller, query } = call;
  const tenant = world.reach(idOf(call), caller.tenantId, true);
  if (tenant.deleted_at === null) return empty;
  if (world.tenants.get(tenant.parent_id)?.deleted_at !== null) throw notFound('tenant');
  const { tenants, users } = deletedTogether(world, tenant);
  if (query.get('force') !== 'true') refuseTaken(world, tenants, users);
  for (const one of tenants) {
    if (world.uniqueNames && world.isNameTaken(one.name)) one.name = `${one.name} (restored)`;
    Object.assign(one, { deleted_at: null, updated_at: now() });
  }
  for (const user of users) restoreUser(world, user);
  return empty;
}

function deletedTogether(world: World, { id, deleted_at }: Tenant): { tenants: Tenant[]; users: User[] } {
  const tenants = world.subtree(id, () => true, true).filter((one) => one.deleted_at === deleted_at);
  const ids = new Set(tenants.map((one) => one.id));
  const users = [...world.users.values()].filter((user) => ids.has(user.tenant_id) && user.deleted_at === deleted_at);
  return { tenants, users };
}

function refuseTaken(world: World, tenants: readonly Tenant[], users: readonly User[]): void {
  for (const { name } of tenants) checkName(world, name);
  for (const { login } of users)
    if (world.isLoginTaken(login)) throw new Refusal(409, 409, `login "${login}" already exists`, { login });
}
