import { staleVersion } from './errors.js';
import { flag, integer, ok, type Call, type Json } from './router.js';
import { checkFreeLogin, findUser, userView } from './users.js';
import { now } from './world.js';

/** Changes a user as PUT does: the present version is demanded, absent fields stay, the version grows even if nothing changed. */
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
  if (Array.isArray(body['notifications'])) user.notifications = body['notifications'] as string[];
  if (typeof body['contact'] === 'object') user.contact = { ...user.contact, ...(body['contact'] as Json) };
  user.version += 1;
  user.updated_at = now();
  return ok(userView(world, user));
}
