import { afterEach, expect, test } from '@jest/globals';
import { aTenant, failureOf, ROOT_ID, startStandIn, TENANT_ID, type Answer, type StandIn } from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const authorizations = () => cloud.calls.map(({ headers }) => headers.authorization);

test('asks for a token with Basic client authentication and a form, and sends it as Bearer', async () => {
  cloud = await startStandIn(() => [200, aTenant()]);

  await cloud.acronis.tenants.get(TENANT_ID);

  const [asked] = cloud.tokenCalls;
  expect(asked?.method).toBe('POST');
  expect(asked?.body).toBe('grant_type=client_credentials');
  expect(asked?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  expect(asked?.headers.authorization).toBe(`Basic ${btoa('client-1:hush-7f3d-secret')}`);
  expect(authorizations()).toEqual(['Bearer token-one']);
});

test('shares one token request among all calls that start together', async () => {
  cloud = await startStandIn(() => [200, aTenant()]);

  await Promise.all(Array.from({ length: 20 }, async () => cloud.acronis.tenants.get(TENANT_ID)));

  expect(cloud.tokenCalls).toHaveLength(1);
  expect(cloud.calls).toHaveLength(20);
});

const HOUR_MS = 3_600_000;
type Life = { expires_in?: number; expires_on?: number };

/** How long a token is used, in seconds, when a call is made every 45. */
async function usedFor(life: Life, { now, date }: { now?: () => number; date?: string } = {}): Promise<number> {
  let time = 0;
  const answerToken = (): Answer => [
    200,
    { access_token: `token at ${time}`, id_token: 'x', ...life },
    date === undefined ? {} : { date },
  ];
  cloud = await startStandIn(() => [200, aTenant()], { monotonic: () => time, answerToken, ...(now && { now }) });
  for (; cloud.tokenCalls.length < 2; time += 45_000) await cloud.acronis.tenants.get(TENANT_ID);
  return time / 1000 - 45;
}

test.each<[string, Life, number]>([
  ['two hours, until 15 minutes before it ends', { expires_in: 7200 }, 6300],
  ['an hour, until 15 minutes before it ends', { expires_in: 3600 }, 2700],
  ['15 minutes, until a quarter is left', { expires_in: 900 }, 675],
  ['two minutes, until a quarter is left', { expires_in: 120 }, 90],
  ['nobody knows how long, as long as usual', {}, 6300],
])('uses a token that lives for %s', async (_words, life, seconds) => {
  expect(await usedFor(life)).toBe(seconds);
});

const minutesFromNow = (minutes: number) => Math.floor(Date.now() / 1000) + minutes * 60;

test.each<[string, number]>([
  ['three hours ahead', 3 * HOUR_MS],
  ['three hours behind', -3 * HOUR_MS],
])('uses a token as long as it lives although our clock is %s', async (_words, skew) => {
  const now = () => Date.now() + skew;

  expect(await usedFor({ expires_in: 900, expires_on: minutesFromNow(15) }, { now })).toBe(675);
  await cloud.close();
  expect(await usedFor({ expires_on: minutesFromNow(15) }, { now })).toBe(675);
});

test('uses a token that seems to have expired before it was issued, until it is refused', async () => {
  const never = { now: () => Date.now() + 3 * HOUR_MS, date: 'never' };

  expect(await usedFor({ expires_on: minutesFromNow(15) }, never)).toBe(6300);
});

test('after a 401 gets a fresh token and repeats the call once', async () => {
  cloud = await startStandIn(({ headers }) =>
    headers.authorization === 'Bearer token-two' ? [201, aTenant()] : [401],
  );

  const made = await cloud.acronis.tenants.create({ name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' });

  expect(made.id).toBe(TENANT_ID);
  expect(authorizations()).toEqual(['Bearer token-one', 'Bearer token-two']);
  expect(new Set(cloud.calls.map(({ body }) => body)).size).toBe(1);
});

test('does not repeat a change when a page answers 401, but gets a fresh token for the next call', async () => {
  const aPage: Answer = [401, '<html>401 Authorization Required</html>'];
  cloud = await startStandIn(({ headers }) => (headers.authorization === 'Bearer token-two' ? [204] : aPage));
  const mail = async () => cloud.acronis.users.sendActivationEmail(TENANT_ID);

  const failure = await failureOf(mail());
  await mail();

  expect(failure).toMatchObject({ kind: 'unreadable', facts: { status: 401 } });
  expect(cloud.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-one', 'Bearer token-two']);
});

test('looks again with a fresh token when a page says 401', async () => {
  cloud = await startStandIn(({ headers }) =>
    headers.authorization === 'Bearer token-two' ? [200, aTenant()] : [401, '<html>'],
  );

  expect((await cloud.acronis.tenants.get(TENANT_ID)).id).toBe(TENANT_ID);
});

test('gets one fresh token, not one each, when many calls meet a 401 together', async () => {
  cloud = await startStandIn(({ headers }) =>
    headers.authorization === 'Bearer token-two' ? [200, aTenant()] : [401],
  );

  await Promise.all(Array.from({ length: 10 }, async () => cloud.acronis.tenants.get(TENANT_ID)));

  expect(cloud.tokenCalls).toHaveLength(2);
});

test('reports credentials when a fresh token is refused too, after exactly two calls', async () => {
  cloud = await startStandIn(() => [401]);

  const failure = await failureOf(cloud.acronis.tenants.get(TENANT_ID));

  expect(failure).toMatchObject({ kind: 'credentials', operation: 'tenants.get', facts: { status: 401 } });
  expect(cloud.calls).toHaveLength(2);
});

test.each([400, 401, 403])('reports credentials when the token endpoint answers %i', async (status) => {
  const answerToken = () =>
    [status, { error: 'invalid_client', error_description: 'no such client' }] as [number, object];
  cloud = await startStandIn(() => [200, aTenant()], { answerToken });

  const failure = await failureOf(cloud.acronis.tenants.get(TENANT_ID));

  expect(failure).toMatchObject({
    kind: 'credentials',
    operation: 'idp.token',
    message: `POST /idp/token was refused (${status}): no such client`,
    facts: { code: 'invalid_client' },
  });
  expect(cloud.calls).toHaveLength(0);
});

test.each<[number, unknown]>([
  [400, '<html>'],
  [401, '<html>'],
  [403, ''],
  [403, { message: 'Forbidden' }],
  [404, '<html>'],
  [200, '<html>'],
])('says unavailable, not credentials, when a proxy answers %i for the token endpoint with %j', async (...answer) => {
  cloud = await startStandIn(() => [200, aTenant()], { answerToken: () => answer });

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({
    kind: 'unavailable',
    operation: 'idp.token',
  });
  expect(cloud.calls).toHaveLength(0);
});

test('reports unavailable when the token endpoint is down, and tries again with the next call', async () => {
  let isDown = true;
  const token = { access_token: 'token-one', expires_on: 9_999_999_999 };
  cloud = await startStandIn(() => [200, aTenant()], { answerToken: () => (isDown ? [503, '<html>'] : [200, token]) });

  const failure = await failureOf(cloud.acronis.tenants.get(TENANT_ID));
  isDown = false;
  const found = await cloud.acronis.tenants.get(TENANT_ID);

  expect(failure).toMatchObject({ kind: 'unavailable', operation: 'idp.token' });
  expect(found.id).toBe(TENANT_ID);
});

test('an attempt that is cancelled while waiting for the token does not fail the others', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const token = { access_token: 'token-one', expires_on: 9_999_999_999 };
  cloud = await startStandIn(() => [200, aTenant()], { answerToken: async () => held.then(() => [200, token]) });
  const cancelled = new AbortController();
  const reason = new Error('cancelled by the test');

  const first = failureOf(cloud.acronis.forAttempt({ signal: cancelled.signal }).tenants.get(TENANT_ID));
  const second = cloud.acronis.tenants.get(TENANT_ID);
  cancelled.abort(reason);
  const failure = await first;
  release();

  expect(failure).toBe(reason);
  expect((await second).id).toBe(TENANT_ID);
  expect(cloud.tokenCalls).toHaveLength(1);
});

test('asks for the root tenant once, shares the call, and forgets a failure', async () => {
  let isDown = true;
  cloud = await startStandIn(() => (isDown ? [503] : [200, { client_id: 'client-1', tenant_id: TENANT_ID }]));

  expect(await failureOf(cloud.acronis.rootTenantId())).toMatchObject({ kind: 'unavailable' });
  isDown = false;
  const views = [cloud.acronis, cloud.acronis.forAttempt({}), cloud.acronis.forAttempt({})];
  const roots = await Promise.all(views.map(async (view) => view.rootTenantId()));

  expect(new Set(roots)).toEqual(new Set([TENANT_ID]));
  expect(cloud.calls.map(({ url }) => url)).toEqual(['/api/2/clients/client-1', '/api/2/clients/client-1']);
});
