import type { User } from './entities.js';
import { badRequest, notFound, Refusal, staleVersion } from './errors.js';
import { empty, flag, idOf, integer, ok, page, required, resume, route, type Call, type Json } from './router.js';
import { inSight } from './tenants.js';
import { now, type World } from './world.js';

const loginForm = /^[A-Za-z0-9.@_\-+:!#$%^*={}/?']+$/;

export function userView({ password: _password, hiddenReads: _hidden, ...user }: User): Json {
  return {
    ...user,
    contact: { email: '', firstname: null, lastname: null, ...user.contact },
    idp_id: '11111111-1111-1111-1111-111111111111',
    mfa_status: 'disabled',
    session_mfa_status: 'passed_or_not_required',
    disable_after: null,
    terms_accepted: false,
    external_operation_status: null,
  };
}

function taken(world: World, login: string): boolean {
  const wanted = login.trim().toLowerCase();
  return world.livingUsers().some((user) => user.login.toLowerCase() === wanted);
}

function checkLogin({ world, query }: Call) {
  const login = (query.get('username') ?? '').trim();
  if (!loginForm.test(login)) throw new Refusal(406, 1033, 'login is not acceptable');
  if (taken(world, login)) throw new Refusal(409, 409, 'login is already taken');
  return empty;
}

function create({ world, body, caller }: Call) {
  const tenant = world.enter(required(body, 'tenant_id').toLowerCase(), caller.tenantId);
  if (!tenant.enabled) throw badRequest('tenant is disabled', 1003);
  const contact = (body['contact'] ?? {}) as Json;
  required(contact, 'email');
  if (!String(contact['email']).includes('@')) throw badRequest('contact.email is not an e-mail address');
  const login = required(body, 'login').trim();
  if (!loginForm.test(login)) throw badRequest('invalid login', 1033);
  if (taken(world, login)) throw new Refusal(409, 409, `login "${login}" already exists`, { login });
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
  });
  return ok(userView(user));
}

function list(call: Call) {
  const { world, caller } = call;
  const query = resume(call.query);
  const visible = (user: User) => world.enter(user.tenant_id, caller.tenantId) !== undefined;
  const items = selected(world, query, caller.tenantId).filter(inSight).filter(visible);
  return ok(page(items.map(userView), query, 2000));
}

function selected(world: World, query: URLSearchParams, callerId: string): User[] {
  const all = world.livingUsers();
  const uuids = query.get('uuids')?.split(',');
  if (uuids !== undefined) return all.filter(({ id }) => uuids.includes(id));
  const external = query.get('external_ids')?.split(',');
  if (external !== undefined) {
    const tenantId = query.get('tenant_id') ?? '';
    return all.filter((user) => user.tenant_id === tenantId && external.includes(user.external_id ?? ''));
  }
  const origin = query.get('origin_id');
  const top = query.get('subtree_root_tenant_id');
  if (top === null) {
    if (origin === null) throw badRequest("Field validation for 'uuids' failed on the 'required_without_all' tag");
    return all.filter((user) => user.origin_id === origin);
  }
  const tenants = new Set(world.subtree(world.enter(top, callerId).id).map(({ id }) => id));
  return all.filter((user) => tenants.has(user.tenant_id) && (origin === null || user.origin_id === origin));
}

/** The user of the path, if the caller may see it. */
export function find(call: Call, allowDeleted = false): User {
  const user = call.world.users.get(idOf(call));
  if (user === undefined || (user.deleted_at !== null && !allowDeleted)) throw notFound('user');
  call.world.enter(user.tenant_id, call.caller.tenantId);
  return user;
}

function change(call: Call) {
  const { world, body } = call;
  const user = find(call);
  const version = integer(body['version'], 'version');
  if (version !== user.version) throw staleVersion(version, user.version);
  const { login } = body;
  if (typeof login === 'string' && login.toLowerCase() !== user.login.toLowerCase()) {
    if (taken(world, login)) throw new Refusal(409, 409, `login "${login}" already exists`);
    user.login = login.trim();
  }
  user.enabled = flag(body['enabled']) ?? user.enabled;
  if (typeof body['language'] === 'string') user.language = body['language'];
  if ('external_id' in body) user.external_id = body['external_id'] as string | null;
  if (Array.isArray(body['notifications'])) user.notifications = body['notifications'] as string[];
  if (typeof body['contact'] === 'object') user.contact = { ...user.contact, ...(body['contact'] as Json) };
  user.version += 1;
  user.updated_at = now();
  return ok(userView(user));
}

function remove(call: Call) {
  const user = find(call);
  const version = integer(call.query.get('version') ?? undefined, 'version');
  if (version !== user.version) throw staleVersion(version, user.version);
  if (user.enabled) throw badRequest('user must be disabled before deletion', 1027);
  user.deleted_at = now();
  return empty;
}

function restore(call: Call) {
  const user = find(call, true);
  if (taken(call.world, user.login)) throw new Refusal(409, 409, `login "${user.login}" already exists`);
  user.deleted_at = null;
  return empty;
}

function me({ world, caller }: Call) {
  const user = caller.userId === undefined ? undefined : world.users.get(caller.userId);
  if (user === undefined) return ok({ id: caller.clientId, tenant_id: caller.tenantId, login: null });
  return ok({ ...userView(user), tenant_kind: world.tenants.get(user.tenant_id)?.kind });
}

export const userRoutes = [
  route('GET /users/check_login', checkLogin),
  route('GET /users/me', me),
  route('POST /users', create),
  route('GET /users', list),
  route('GET /users/{id}', (call) => {
    const user = find(call, call.query.get('allow_deleted') === 'true');
    if (!inSight(user)) throw notFound('user');
    return ok(userView(user));
  }),
  route('PUT /users/{id}', change),
  route('DELETE /users/{id}', remove),
  route('POST /users/{id}/restore', restore),
  route('POST /users/check_password', () => ok({ compromised: false }), 'open'),
];
