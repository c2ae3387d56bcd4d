import type { World } from './world.js';

/** What nobody but its holder may know. */
export interface Secret {
  /** What it is, in words that may be shown. */
  what: string;
  value: string;
}

/** Every secret that the platform has given out, and those that it was given. */
export function secretsIn(world: World): Secret[] {
  const users = [...world.users.values()].flatMap(({ login, password }) =>
    password === null ? [] : [{ what: `the password of ${login}`, value: password }],
  );
  const called = (what: string, values: Iterable<string>) => [...values].map((value) => ({ what, value }));
  return [
    ...world.spentSecrets,
    ...users,
    ...[...world.clients.values()].map(({ client_id, secret }) => ({
      what: `the secret of client ${client_id}`,
      value: secret,
    })),
    ...called('an access token', world.tokens.keys()),
    ...called('a one-time token', world.otts.keys()),
    ...called('a session', world.sessions.keys()),
    ...called(
      'a registration token',
      [...world.registrationTokens.values()].map(({ token }) => token),
    ),
  ];
}
