import type { User } from './entities.js';
import { badRequest, Refusal, staleVersion } from './errors.js';
import { empty, flag, integer, type Call } from './router.js';
import { findUser } from './users.js';
import { now, type World } from './world.js';

/** Deletes a disabled user; its login is free again. */
export function removeUser(call: Call) {
  const user = findUser(call);
  const version = integer(call.query.get('version') ?? undefined, 'version');
  if (version !== user.version) throw staleVersion(version, user.version);
  if (user.enabled) throw badRequest('user must be disabled before deletion', 1027);
  deleteUser(call.world, user, now());
  return empty;
}

/** Brings a deleted user back, disabled as it was unless told otherwise. */
export function bringUserBack(call: Call) {
  const { world, query } = call;
  const user = findUser(call, true);
  if (user.deleted_at === null) return empty;
  if (query.get('force') !== 'true' && world.isLoginTaken(user.login))
    throw new Refusal(409, 409, `login "${user.login}" already exists`, { login: user.login });
  restoreUser(world, user);
  user.enabled = flag(query.get('enable')) ?? user.enabled;
  return empty;
}

/** Hides a user and the tenant of its own. */
export function deleteUser(world: World, user: User, at: string): void {
  user.deleted_at = at;
  user.updated_at = at;
  const personal = world.tenants.get(user.personal_tenant_id ?? '');
  if (personal !== undefined) personal.deleted_at = at;
}

/** Shows a user again; under another login where its own was taken meanwhile. */
export function restoreUser(world: World, user: User): void {
  if (world.isLoginTaken(user.login)) user.login = `${user.login}.restored`;
  user.deleted_at = null;
  user.updated_at = now();
  const personal = world.tenants.get(user.personal_tenant_id ?? '');
  if (personal !== undefined) personal.deleted_at = null;
}
