import { randomUUID } from 'node:crypto';
import { parseBasic, mayGetToken, findUserByPassword } from './callers.js';
import type { Client, Token } from './entities.js';
import { TokenRefusal } from './errors.js';
import { ok, route, type Call, type Json, type Reply } from './router.js';
import type { World } from './world.js';

type Owner = Pick<Token, 'tenantId' | 'clientId' | 'userId'>;

function issue(world: World, owner: Owner, latest = Infinity): Json {
  const value = `sim.${randomUUID().replaceAll('-', '')}.${randomUUID().replaceAll('-', '')}`;
  const now = Math.floor(world.time() / 1000);
  const expiresOn = Math.min(now + world.tokenTtlSeconds, latest);
  world.tokens.set(value, { value, id: randomUUID().slice(0, 8), expiresOn, ...owner });
  return {
    access_token: value,
    token_type: 'bearer',
    expires_on: expiresOn,
    expires_in: expiresOn - now,
    id_token: value,
  };
}

const grants: Record<string, (call: Call) => Json> = {
  client_credentials: (call) => {
    const { tenant_id, client_id } = clientOf(call);
    return issue(call.world, { tenantId: tenant_id, clientId: client_id });
  },
  password: ({ world, body }) => {
    const user = findUserByPassword(world, String(body['username']), String(body['password']));
    if (user === undefined) throw new TokenRefusal(401, 'invalid_client', 'unknown user or password');
    if (world.needsSecondFactor(user)) throw new TokenRefusal(401, 'totp_setup_required', 'a second factor is needed');
    return issue(world, { tenantId: user.tenant_id, userId: user.id });
  },
  'urn:ietf:params:oauth:grant-type:jwt-bearer': scoped,
};

function token(call: Call): Reply {
  const grant = grants[String(call.body['grant_type'])];
  if (grant === undefined) throw new TokenRefusal(400, 'invalid_request', 'unknown grant_type');
  return { ...ok(grant(call)), headers: { 'Cache-Control': 'no-store' } };
}

function clientOf({ world, body, headers }: Call): Client {
  const [, credentials] = /^Basic (.+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  const [id, secret] = credentials === undefined ? [body['client_id'], body['client_secret']] : parseBasic(credentials);
  const client = world.clients.get(String(id));
  if (!mayGetToken(world, client) || client.secret !== secret)
    throw new TokenRefusal(401, 'invalid_client', 'Client authentication failed');
  client.last_access_at = new Date().toISOString();
  return client;
}

/** Issues a token for one tenant below. It expires no later than the token that it comes from. */
function scoped({ world, body }: Call): Json {
  const base = world.tokens.get(String(body['assertion']));
  if (base === undefined || base.expiresOn * 1000 <= world.time())
    throw new TokenRefusal(401, 'invalid_client', 'unknown assertion');
  const [, tenantId = ''] = /^urn:acronis\.com:tenant-id:(.+)$/.exec(String(body['scope'])) ?? [];
  if (!world.isAccessible(tenantId, base.tenantId))
    throw new TokenRefusal(403, 'access_denied', 'the requested scope is not allowed');
  const client = base.clientId === undefined ? {} : { clientId: base.clientId };
  return issue(world, { tenantId, ...client }, base.expiresOn);
}

/** Revokes a token. No login is needed, and an unknown token counts as revoked. */
function revoke({ world, body }: Call): Reply {
  world.tokens.delete(String(body['token']));
  return { status: 200 };
}

function introspect({ world, body }: Call): Reply {
  const found = world.tokens.get(String(body['token']));
  if (found === undefined || found.expiresOn * 1000 <= world.time()) return ok({ active: false });
  const { numericId, id } = world.tenants.get(found.tenantId)!;
  const sub = found.clientId ?? found.userId;
  return ok({
    active: true,
    token_type: 'access_token',
    exp: found.expiresOn,
    jti: found.id,
    sub,
    sub_type: found.clientId === undefined ? 'user' : 'api_client',
    client_id: found.clientId ?? null,
    owner_tuid: id,
    scope: [{ tid: String(numericId), tuid: id, role: 'partner_admin' }],
  });
}

export const tokenRoutes = [
  route('POST /idp/token', token, 'form'),
  route('POST /idp/revoke_token', revoke, 'form'),
  route('POST /idp/introspect_token', introspect, 'form'),
];

/** The older address, below `bc/idp`, where the vendor's script gets a token for one customer. */
export const consoleTokenRoute = route('POST /token', token, 'form');
