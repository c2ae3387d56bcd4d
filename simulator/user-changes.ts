import { businessTypes, checkFreeLogin } from './checks.js';
import type { User } from './entities.js';
import { staleVersion, notFound, badRequest, Refusal } from './errors.js';
import { flag, integer, ok, type Call, type Json, idOf, noContent } from './router.js';
import { userView } from './views.js';
import { now, type World } from './world.js';

/** Changes a user. Needs the current version; absent fields stay; the version grows even if nothing changes. */
export function changeUser(call: Call) {
  const { world, body } = call;
  const user = findUser(call);
  const version = integer(body['version'], 'version');
  if (version !== user.version) throw staleVersion(version, user.version);
  const login = typeof body['login'] === 'string' ? body['login'].trim() : user.login;
  if (login.toLowerCase() !== user.login.toLowerCase()) checkFreeLogin(world, login);
  user.login = login;
  user.enabled = flag(body['enabled']) ?? user.enabled;
  for (const field of ['language', 'idp_id'] as const) if (typeof body[field] === 'string') user[field] = body[field];
  for (const field of ['external_id', 'disable_after'] as const)
    if (field in body) user[field] = body[field] as string | null;
  if ('business_types' in body) user.business_types = businessTypes(body['business_types']);
  if (Array.isArray(body['notifications'])) user.notifications = body['notifications'] as string[];
  if (typeof body['contact'] === 'object') user.contact = { ...user.contact, ...(body['contact'] as Json) };
  user.version += 1;
  user.updated_at = now();
  return ok(userView(world, user));
}

/** The user in the path, if the caller can see it. */
export function findUser(call: Call, allowDeleted = false): User {
  const user = call.world.users.get(idOf(call));
  if (user === undefined || (user.deleted_at !== null && !allowDeleted)) throw notFound('user');
  if (user.deleted_at === null) call.world.accessibleTenant(user.tenant_id, call.caller.tenantId);
  else call.world.visibleTenant(user.tenant_id, call.caller.tenantId, true);
  return user;
}

/** Deletes a disabled user. Its login becomes free. */
export function removeUser(call: Call) {
  const user = findUser(call);
  const version = integer(call.query.get('version') ?? undefined, 'version');
  if (version !== user.version) throw staleVersion(version, user.version);
  if (user.enabled) throw badRequest('user must be disabled before deletion', 1027);
  deleteUser(call.world, user, now());
  return noContent;
}

/** Restores a deleted user. It stays disabled unless the query says `enable`. */
export function handleRestore(call: Call) {
  const { world, query } = call;
  const user = findUser(call, true);
  if (user.deleted_at === null) return noContent;
  if (query.get('force') !== 'true' && world.isLoginTaken(user.login))
    throw new Refusal(409, 409, `login "${user.login}" already exists`, { login: user.login });
  restoreUser(world, user);
  user.enabled = flag(query.get('enable')) ?? user.enabled;
  return noContent;
}

/** Hides a user and its personal tenant. */
export function deleteUser(world: World, user: User, at: string): void {
  user.deleted_at = at;
  user.updated_at = at;
  const personal = world.tenants.get(user.personal_tenant_id ?? '');
  if (personal !== undefined) personal.deleted_at = at;
}

/** Makes a deleted user visible again, with another login if its own is taken. */
export function restoreUser(world: World, user: User): void {
  if (world.isLoginTaken(user.login)) user.login = `${user.login}.restored`;
  user.deleted_at = null;
  user.updated_at = now();
  const personal = world.tenants.get(user.personal_tenant_id ?? '');
  if (personal !== undefined) personal.deleted_at = null;
}
