import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import {
  aRefusal,
  aUser,
  failureOf,
  startStandIn,
  TENANT_ID,
  USER_ID,
  type Answer,
  type Seen,
  type StandIn,
} from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const OTT = 'one-time-5f2e';
const SESSION = 'session-9c1d';
const cookies = { 'set-cookie': `sid=${SESSION}; Path=/; HttpOnly` };
const answers: Record<string, Answer> = {
  'POST /api/2/idp/ott': [200, { ott: OTT }],
  'POST /api/2/idp/ott/login': [200, aUser(), cookies],
  'GET /api/2/users/me': [200, aUser({ tenant_kind: 'customer' })],
  'GET /api/2/idp/logout': [200, '<html>', { 'content-type': 'text/html' }],
};
const route = ({ method, url }: Seen) => `${method} ${url}`;
const start = async (changed: Record<string, Answer> = {}) => {
  cloud = await startStandIn((seen) => ({ ...answers, ...changed })[route(seen)]);
  return cloud;
};

test('logs in by a one-time token, asks who that is by the session alone, and logs out', async () => {
  await start();

  const me = await cloud.acronis.impersonation.whoIs({ login: 'jane' });

  expect(me).toEqual({
    id: USER_ID,
    tenant_id: TENANT_ID,
    login: 'jane',
    personal_tenant_id: null,
    tenant_kind: 'customer',
  });
  expect(cloud.calls.map(route)).toEqual(Object.keys(answers));
  expect(cloud.calls.map(({ headers }) => headers.authorization ?? headers.cookie)).toEqual([
    'Bearer token-one',
    'Bearer token-one',
    `sid=${SESSION}`,
    `sid=${SESSION}`,
  ]);
  // the page after the logout is no JSON
  expect(cloud.calls.map(({ headers }) => headers.accept === '*/*')).toEqual([false, false, false, true]);
  expect(cloud.calls.slice(0, 2).map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { purpose: 'user_login', login: 'jane' },
    { ott: OTT },
  ]);
});

test('names the user by id where only that is known', async () => {
  await start();

  await cloud.acronis.impersonation.whoIs({ userId: USER_ID });

  expect(JSON.parse(cloud.calls[0]?.body ?? '')).toEqual({ purpose: 'user_login', user_id: USER_ID });
});

test('logs out although the call failed, and reports the failure of the call', async () => {
  await start({ 'GET /api/2/users/me': [503], 'GET /api/2/idp/logout': [500] });

  const failure = await failureOf(cloud.acronis.impersonation.whoIs({ login: 'jane' }));

  expect(failure).toMatchObject({ kind: 'unavailable', operation: 'impersonation.whoIs' });
  expect(cloud.calls.map(route)).toContain('GET /api/2/idp/logout');
});

test('logs out although the attempt was aborted in between', async () => {
  const attempt = new AbortController();
  cloud = await startStandIn((seen) => {
    if (route(seen) === 'GET /api/2/users/me') attempt.abort('CANCELLED');
    return answers[route(seen)];
  });

  const failure = await failureOf(
    cloud.acronis.forAttempt({ signal: attempt.signal }).impersonation.whoIs({ login: 'jane' }),
  );

  expect(failure).toBe('CANCELLED');
  expect(cloud.calls.map(route).at(-1)).toBe('GET /api/2/idp/logout');
});

test('reports when the session may still be open', async () => {
  await start({ 'GET /api/2/idp/logout': [503] });

  expect(await failureOf(cloud.acronis.impersonation.whoIs({ login: 'jane' }))).toMatchObject({
    kind: 'unavailable',
    operation: 'impersonation.logOut',
  });
});

test('reports unreadable when the login returns no session', async () => {
  await start({ 'POST /api/2/idp/ott/login': [200, aUser()] });

  expect(await failureOf(cloud.acronis.impersonation.whoIs({ login: 'jane' }))).toMatchObject({ kind: 'unreadable' });
});

test('does not blame our own credentials for a refused session', async () => {
  await start({ 'GET /api/2/users/me': [401, aRefusal(401, 'Unauthorized')] });

  expect(await failureOf(cloud.acronis.impersonation.whoIs({ login: 'jane' }))).toMatchObject({ kind: 'forbidden' });
  expect(cloud.tokenCalls).toHaveLength(1);
});

test.each(Object.keys(answers))(
  'lets nothing secret that %s carried into the error when it is refused',
  async (refused) => {
    await start({ [refused]: [400, aRefusal(400, `no: ${OTT} ${SESSION} token-one`)] });

    const failure = await failureOf(cloud.acronis.impersonation.whoIs({ login: 'jane' }));

    const told = inspect(failure, { depth: 9, showHidden: true });
    const sent = JSON.stringify(cloud.calls.find((seen) => route(seen) === refused));
    expect(failure).toMatchObject({ kind: 'rejected' });
    expect([OTT, SESSION, 'token-one'].filter((secret) => sent.includes(secret) && told.includes(secret))).toEqual([]);
  },
);
