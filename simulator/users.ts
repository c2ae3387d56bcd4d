import { createHash } from 'node:crypto';
import { businessTypes, checkFreeLogin, loginPattern } from './checks.js';
import { policiesOf } from './access.js';
import type { Tenant, User } from './entities.js';
import { badRequest, notFound, Refusal } from './errors.js';
import { page, applyCursor } from './paging.js';
import { isVisible } from './delays.js';
import { noContent, flag, listOf, ok, required, route, type Call, type Json } from './router.js';
import { isUpdatedSince } from './times.js';
import { findUser, changeUser, handleRestore, removeUser } from './user-changes.js';
import { shortened, userView, BRAND } from './views.js';
import type { World } from './world.js';

function checkLogin({ world, query }: Call) {
  const login = (query.get('username') ?? '').trim();
  if (!loginPattern.test(login)) throw new Refusal(406, 1033, 'login is not acceptable');
  if (world.isLoginTaken(login)) throw new Refusal(409, 409, 'login is already taken');
  return noContent;
}

function create({ world, body, caller }: Call) {
  const tenant = world.accessibleTenant(required(body, 'tenant_id').toLowerCase(), caller.tenantId);
  if (!world.isEnabled(tenant.id)) throw badRequest('tenant is disabled', 1003);
  const contact = (body['contact'] ?? {}) as Json;
  required(contact, 'email');
  if (!String(contact['email']).includes('@')) throw badRequest('contact.email is not an e-mail address');
  const login = required(body, 'login').trim();
  checkFreeLogin(world, login);
  const text = (field: string) => (body[field] as string | undefined) ?? null;
  const user = world.newUser({
    tenant_id: tenant.id,
    login,
    contact,
    enabled: flag(body['enabled']) ?? true,
    language: text('language') ?? 'en',
    external_id: text('external_id'),
    origin_id: text('origin_id'),
    origin_external_id: text('origin_external_id'),
    disable_after: text('disable_after'),
    idp_id: text('idp_id') ?? tenant.default_idp_id,
    ...(Array.isArray(body['notifications']) ? { notifications: body['notifications'] as string[] } : {}),
    business_types: businessTypes(body['business_types']),
  });
  return ok(userView(world, user));
}

function list(call: Call) {
  const { world, caller } = call;
  const query = applyCursor(call.query);
  const items = selected(world, query, caller.tenantId).filter(isUpdatedSince(query)).filter(isVisible);
  return ok(page(items, query, 2000, (user) => listed(world, user, query)));
}

const origin = ['origin_id', 'origin_external_id', 'disable_after'];
const times = ['created_at', 'updated_at', 'deleted_at'];
const stamps = ['id', 'version', 'tenant_id', ...times, 'access_policies', ...origin];
const basic = [...stamps, 'personal_tenant_id', 'login', 'enabled', 'session_mfa_status'];
const levels: Record<string, readonly string[]> = { stamps, basic };

/** A list can show users in short form, and with their roles. */
function listed(world: World, user: User, query: URLSearchParams): Json {
  const asked = query.get('with_access_policies') === 'true';
  const roles = asked ? policiesOf(world, user, query.get('allow_deleted') === 'true') : [];
  return shortened({ ...userView(world, user), access_policies: roles }, levels[query.get('lod') ?? 'full']);
}

function selected(world: World, query: URLSearchParams, callerId: string): User[] {
  const deleted = query.get('allow_deleted') === 'true';
  const all = [...world.users.values()].filter(
    (user) => (deleted || user.deleted_at === null) && world.isAccessible(user.tenant_id, callerId, deleted),
  );
  const uuids = listOf(query, 'uuids');
  if (uuids !== undefined) return all.filter(({ id }) => uuids.includes(id));
  const external = listOf(query, 'external_ids');
  if (external !== undefined) {
    const tenantId = query.get('tenant_id') ?? '';
    return all.filter((user) => user.tenant_id === tenantId && external.includes(user.external_id ?? ''));
  }
  const origin = query.get('origin_id');
  const top = query.get('subtree_root_tenant_id');
  if (top === null && origin === null)
    throw badRequest("Field validation for 'uuids' failed on the 'required_without_all' tag");
  const tenants = top === null ? undefined : idsBelow(world, world.accessibleTenant(top, callerId, deleted), deleted);
  return all
    .filter((user) => tenants === undefined || tenants.has(user.tenant_id))
    .filter((user) => origin === null || user.origin_id === origin);
}

function idsBelow(world: World, { id }: Tenant, deleted: boolean): ReadonlySet<string> {
  return new Set(world.subtree(id, () => true, deleted).map((one) => one.id));
}

const leaked = ['password', '123456', 'qwerty'].map((one) =>
  createHash('sha1').update(one).digest('hex').toUpperCase(),
);

/** Whether a password, given as its SHA-1, is known from a leak. */
function checkPassword({ body }: Call) {
  const hash = required(body, 'password');
  if (!/^[0-9A-F]{40}$/.test(hash)) throw badRequest('password must be a SHA-1 in capital letters');
  return ok({ compromised: leaked.includes(hash) });
}

/** The caller: a user, or a client. */
function me({ world, caller }: Call) {
  const { kind } = world.tenants.get(caller.tenantId)!;
  const pricing = world.pricing.get(caller.tenantId)?.mode;
  const place = { tenant_kind: kind, tenant_pricing_model: pricing, brand_id: BRAND, login_totp_time: null };
  const user = caller.userId === undefined ? undefined : world.users.get(caller.userId);
  if (user === undefined) return ok({ id: caller.clientId, tenant_id: caller.tenantId, login: null, ...place });
  return ok({ ...userView(world, user), ...place });
}

export const userRoutes = [
  route('GET /users/check_login', checkLogin),
  route('GET /users/me', me),
  route('POST /users', create),
  route('GET /users', list),
  route('GET /users/{id}', (call) => {
    const user = findUser(call, call.query.get('allow_deleted') === 'true');
    if (!isVisible(user)) throw notFound('user');
    return ok(userView(call.world, user));
  }),
  route('PUT /users/{id}', changeUser),
  route('DELETE /users/{id}', removeUser),
  route('POST /users/{id}/restore', handleRestore),
  route('POST /users/check_password', checkPassword, 'open'),
];
