import type { Client, Token, User } from './entities.js';
import { unauthorized } from './errors.js';
import type { Call } from './router.js';
import type { World } from './world.js';

/** Finds the caller by bearer token, Basic login or session cookie; throws 401 if there is none. */
export function authenticate(world: World, headers: Call['headers']): Token {
  const [scheme = '', credentials = ''] = String(headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return findToken(world, credentials);
  const user =
    scheme.toLowerCase() === 'basic'
      ? findUserByPassword(world, ...parseBasic(credentials))
      : findUserOfSession(world, headers);
  // Basic authentication has no place for a second factor
  if (user === undefined || (scheme !== '' && world.needsSecondFactor(user))) throw unauthorized();
  return {
    value: '',
    id: scheme === '' ? 'session' : 'basic',
    tenantId: user.tenant_id,
    userId: user.id,
    expiresOn: Infinity,
  };
}

/** Whether the call has a token, or a login, that is refused: it has expired, for example. */
export function isRefused(world: World, headers: Call['headers']): boolean {
  if (headers.authorization === undefined) return false;
  try {
    authenticate(world, headers);
    return false;
  } catch {
    return true;
  }
}

function findToken(world: World, value: string): Token {
  const token = world.tokens.get(value);
  if (token === undefined || token.expiresOn * 1000 <= world.time()) throw unauthorized();
  const client = token.clientId === undefined ? undefined : world.clients.get(token.clientId);
  if (client !== undefined && !world.isEnabled(client.tenant_id)) throw unauthorized();
  if (token.userId !== undefined && !mayLogIn(world, world.users.get(token.userId))) throw unauthorized();
  return token;
}

/** The user with this login and password, if they may log in. */
export function findUserByPassword(world: World, login: string, password: string): User | undefined {
  const user = world.existingUsers().find((one) => one.login === login && one.password === password);
  return mayLogIn(world, user) ? user : undefined;
}

/** False if the user, its tenant or a tenant above is disabled or deleted. */
export function mayLogIn(world: World, user: User | undefined): boolean {
  return user !== undefined && user.deleted_at === null && user.enabled && world.isEnabled(user.tenant_id);
}

/** False if the client, its tenant or a tenant above is disabled or deleted. */
export function mayGetToken(world: World, client: Client | undefined): client is Client {
  return client !== undefined && !client.deleted && client.status === 'enabled' && world.isEnabled(client.tenant_id);
}

function findUserOfSession(world: World, headers: Call['headers']): User | undefined {
  const user = world.users.get(world.sessions.get(sessionId(headers)) ?? '');
  return mayLogIn(world, user) ? user : undefined;
}

export function sessionId({ cookie }: Call['headers']): string {
  return /session=([^;]+)/.exec(String(cookie ?? ''))?.[1] ?? '';
}

/** Name and secret of a Basic header. */
export function parseBasic(credentials: string): [name: string, secret: string] {
  const text = Buffer.from(credentials, 'base64').toString();
  const at = text.indexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
}
