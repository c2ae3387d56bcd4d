import type { Client, Token, User } from './entities.js';
import { unauthorized } from './errors.js';
import type { Call } from './router.js';
import type { World } from './world.js';

/** Who calls: by bearer token, by a user's Basic login, or by a session cookie. Refused with 401. */
export function authenticate(world: World, headers: Call['headers']): Token {
  const [scheme = '', credentials = ''] = String(headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return bearer(world, credentials);
  const user = scheme.toLowerCase() === 'basic' ? userOf(world, ...basic(credentials)) : userOfSession(world, headers);
  // a login by name and password cannot carry a second factor
  if (user === undefined || (scheme !== '' && world.needsSecondFactor(user))) throw unauthorized();
  return {
    value: '',
    id: scheme === '' ? 'session' : 'basic',
    tenantId: user.tenant_id,
    userId: user.id,
    expiresOn: Infinity,
  };
}

function bearer(world: World, value: string): Token {
  const token = world.tokens.get(value);
  if (token === undefined || token.expiresOn * 1000 <= world.time()) throw unauthorized();
  const client = token.clientId === undefined ? undefined : world.clients.get(token.clientId);
  if (client !== undefined && !world.isOn(client.tenant_id)) throw unauthorized();
  if (token.userId !== undefined && !mayLogIn(world, world.users.get(token.userId))) throw unauthorized();
  return token;
}

/** The user with this login and password, if it may log in. */
export function userOf(world: World, login: string, password: string): User | undefined {
  const user = world.livingUsers().find((one) => one.login === login && one.password === password);
  return mayLogIn(world, user) ? user : undefined;
}

/** False for a user that is disabled or deleted, and for all users of a tenant that is, or of one below it. */
export function mayLogIn(world: World, user: User | undefined): boolean {
  return user !== undefined && user.deleted_at === null && user.enabled && world.isOn(user.tenant_id);
}

/** A client gets no token once it, its tenant, or a tenant above is disabled or deleted. */
export function mayConnect(world: World, client: Client | undefined): client is Client {
  return client !== undefined && !client.deleted && client.status === 'enabled' && world.isOn(client.tenant_id);
}

function userOfSession(world: World, headers: Call['headers']): User | undefined {
  const user = world.users.get(world.sessions.get(sessionOf(headers)) ?? '');
  return mayLogIn(world, user) ? user : undefined;
}

export function sessionOf({ cookie }: Call['headers']): string {
  return /session=([^;]+)/.exec(String(cookie ?? ''))?.[1] ?? '';
}

/** Name and secret of a Basic header. */
export function basic(credentials: string): [name: string, secret: string] {
  const text = Buffer.from(credentials, 'base64').toString();
  const at = text.indexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
}
