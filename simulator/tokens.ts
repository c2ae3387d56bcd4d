import { randomUUID } from 'node:crypto';
import type { Client, Token } from './entities.js';
import { Refusal, TokenRefusal, unauthorized } from './errors.js';
import { ok, route, type Call, type Json } from './router.js';
import type { World } from './world.js';

/** Who calls: by bearer token, by a user's Basic login, or by a session cookie. Refused with 401. */
export function authenticate(world: World, headers: Call['headers']): Token {
  const [scheme = '', credentials = ''] = String(headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') {
    const token = world.tokens.get(credentials);
    if (token === undefined || token.expiresOn * 1000 <= Date.now()) throw unauthorized();
    return token;
  }
  if (scheme.toLowerCase() === 'basic') {
    const [login, password] = basic(credentials);
    const user = world.livingUsers().find((one) => one.login === login && one.password === password && one.enabled);
    if (user === undefined) throw unauthorized();
    return { value: '', id: 'basic', tenantId: user.tenant_id, userId: user.id, expiresOn: Infinity };
  }
  const session = /session=([^;]+)/.exec(String(headers.cookie ?? ''))?.[1];
  const userId = session === undefined ? undefined : world.sessions.get(session);
  const user = userId === undefined ? undefined : world.users.get(userId);
  if (user === undefined) throw unauthorized();
  return { value: '', id: 'session', tenantId: user.tenant_id, userId: user.id, expiresOn: Infinity };
}

function issue(world: World, owner: Pick<Token, 'tenantId' | 'clientId' | 'userId'>): Json {
  const value = `sim.${randomUUID().replaceAll('-', '')}.${randomUUID().replaceAll('-', '')}`;
  const expiresOn = Math.floor(Date.now() / 1000) + world.tokenTtlSeconds;
  world.tokens.set(value, { value, id: randomUUID().slice(0, 8), expiresOn, ...owner });
  return {
    access_token: value,
    token_type: 'bearer',
    expires_on: expiresOn,
    expires_in: world.tokenTtlSeconds,
    id_token: value,
  };
}

function token(call: Call) {
  const { world, body } = call;
  const headers = { 'Cache-Control': 'no-store' };
  switch (body['grant_type']) {
    case 'client_credentials': {
      const client = clientOf(call);
      return { ...ok(issue(world, { tenantId: client.tenant_id, clientId: client.client_id })), headers };
    }
    case 'password': {
      const user = world
        .livingUsers()
        .find((one) => one.login === body['username'] && one.password === body['password']);
      if (user === undefined) throw new TokenRefusal(401, 'invalid_client', 'unknown user or password');
      return { ...ok(issue(world, { tenantId: user.tenant_id, userId: user.id })), headers };
    }
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return { ...ok(issue(world, scoped(call))), headers };
    default:
      throw new TokenRefusal(400, 'invalid_request', 'unknown grant_type');
  }
}

function clientOf({ world, body, headers }: Call): Client {
  const [, credentials] = /^Basic (.+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  const [id, secret] = credentials === undefined ? [body['client_id'], body['client_secret']] : basic(credentials);
  const client = world.clients.get(String(id));
  const tenant = client && world.tenants.get(client.tenant_id);
  const alive = client !== undefined && !client.deleted && client.status === 'enabled' && tenant?.enabled === true;
  if (!alive || client.secret !== secret) throw new TokenRefusal(401, 'invalid_client', 'Client authentication failed');
  return client;
}

function scoped({ world, body }: Call): Pick<Token, 'tenantId' | 'clientId'> {
  const base = world.tokens.get(String(body['assertion']));
  if (base === undefined) throw new TokenRefusal(401, 'invalid_client', 'unknown assertion');
  const [, tenantId] = /^urn:acronis\.com:tenant-id:(.+)$/.exec(String(body['scope'])) ?? [];
  try {
    const { id } = world.reach(tenantId ?? '', base.tenantId);
    return { tenantId: id, ...(base.clientId === undefined ? {} : { clientId: base.clientId }) };
  } catch {
    throw new TokenRefusal(403, 'access_denied', 'the requested scope is not allowed');
  }
}

function basic(credentials: string): [string, string] {
  const text = Buffer.from(credentials, 'base64').toString();
  const at = text.indexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
}

function oneTimeToken({ world, body, caller }: Call) {
  const user = world.livingUsers().find((one) => one.login === body['login'] || one.id === body['user_id']);
  if (user === undefined) throw new Refusal(400, 400, 'no such user');
  world.enter(user.tenant_id, caller.tenantId);
  const ott = randomUUID();
  world.otts.set(ott, user.id);
  return ok({ ott });
}

function oneTimeLogin({ world, body }: Call) {
  const ott = String(body['ott']);
  const userId = world.otts.get(ott);
  if (userId === undefined) throw unauthorized();
  world.otts.delete(ott);
  const session = randomUUID();
  world.sessions.set(session, userId);
  return { ...ok({ id: userId }), headers: { 'Set-Cookie': `session=${session}; Path=/; HttpOnly` } };
}

function introspect({ world, body }: Call) {
  const found = world.tokens.get(String(body['token']));
  if (found === undefined || found.expiresOn * 1000 <= Date.now()) return ok({ active: false });
  return ok({ active: true, token_type: 'bearer', exp: found.expiresOn, client_id: found.clientId ?? null });
}

export const tokenRoutes = [
  route('POST /idp/token', token, 'form'),
  route(
    'POST /idp/revoke_token',
    ({ world, body }) => {
      world.tokens.delete(String(body['token']));
      return { status: 200 };
    },
    'form',
  ),
  route('POST /idp/introspect_token', introspect, 'form'),
  route('POST /idp/ott', oneTimeToken),
  route('POST /idp/ott/login', oneTimeLogin, 'open'),
  route(
    'GET /idp/logout',
    ({ world, headers }) => {
      world.sessions.delete(/session=([^;]+)/.exec(String(headers.cookie ?? ''))?.[1] ?? '');
      return { status: 200, body: '<html></html>', headers: { 'Content-Type': 'text/html' } };
    },
    'open',
  ),
];
