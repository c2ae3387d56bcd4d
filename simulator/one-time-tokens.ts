import { randomUUID } from 'node:crypto';
import { mayLogIn, sessionId } from './callers.js';
import { badRequest, forbidden, unauthorized } from './errors.js';
import { ok, route, type Call } from './router.js';
import { userView } from './views.js';

/** Issues a token that logs somebody in once as that user. */
function issue({ world, body, caller }: Call) {
  if (caller.clientId === undefined) throw forbidden();
  if (!['user_login', 'verify'].includes(String(body['purpose']))) throw badRequest('unknown purpose');
  const user = world
    .existingUsers()
    .find(({ login, id, external_id }) =>
      [
        login === body['login'],
        id === body['user_id'],
        external_id !== null && external_id === body['external_id'],
      ].includes(true),
    );
  if (user === undefined) throw badRequest('no such user');
  world.accessibleTenant(user.tenant_id, caller.tenantId);
  const ott = randomUUID();
  world.oneTimeTokens.set(ott, user.id);
  return ok({ ott });
}

function logIn({ world, body }: Call) {
  const ott = String(body['ott']);
  const user = world.users.get(world.oneTimeTokens.get(ott) ?? '');
  if (world.oneTimeTokens.delete(ott)) world.spentSecrets.push({ what: 'a one-time token', value: ott });
  if (user === undefined || !mayLogIn(world, user)) throw unauthorized();
  const session = randomUUID();
  world.sessions.set(session, user.id);
  return { ...ok(userView(world, user)), headers: { 'Set-Cookie': `session=${session}; Path=/; HttpOnly` } };
}

function logOut({ world, headers }: Call) {
  const session = sessionId(headers);
  if (world.sessions.delete(session)) world.spentSecrets.push({ what: 'a session', value: session });
  return { status: 200, body: '<html></html>', headers: { 'Content-Type': 'text/html' } };
}

export const oneTimeRoutes = [
  route('POST /idp/ott', issue),
  route('POST /idp/ott/login', logIn, 'open'),
  route('GET /idp/logout', logOut, 'open'),
];
