import { expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment({ users: [{ login: 'JohnDoe', email: 'john.doe@example.com' }] });
const order = { user: { login: 'JohnDoe' } };

test('the result says whose account it was, and the session is over', async () => {
  env.calls();

  const status = await env.run('impersonateUser', order);

  expect(status).toMatchObject({
    state: 'completed',
    changed: false,
    login: 'JohnDoe',
    tenantId: env.simulator.rootTenantId,
  });
  expect(env.calls().slice(-4)).toEqual(['POST /idp/ott', 'POST /idp/ott/login', 'GET /users/me', 'GET /idp/logout']);
});

test('the one-time token and the session are among what is looked for in every history', async () => {
  await env.run('impersonateUser', order);

  const known = env.simulator.world.secrets().map(({ what }) => what);
  expect(known).toEqual(expect.arrayContaining(['a one-time token', 'a session']));
});

test('a login that nobody has is refused, and no token is asked for', async () => {
  env.calls();

  expect(await env.run('impersonateUser', { user: { login: 'nobody' } })).toMatchObject({ failureType: 'Refused' });
  expect(env.calls()).not.toContain('POST /idp/ott');
});

test.each<[string, Fault]>([
  ['POST /idp/ott', 'commit-then-drop'],
  ['POST /idp/ott/login', 'commit-then-drop'],
  ['GET /users/me', { refuse: 503 }],
  ['GET /idp/logout', 'drop-before'],
])('it works although %s fails once', async (route, fault) => {
  env.simulator.faults.next(route, fault);

  expect(await env.run('impersonateUser', order)).toMatchObject({ state: 'completed', login: 'JohnDoe' });
});
