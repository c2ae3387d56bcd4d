import { afterEach, expect, test } from '@jest/globals';
import { createRateLimiter, retryAfterMs } from '../../acronis/rate-limiter.js';
import { aTenant, failureOf, startStandIn, TENANT_ID, type StandIn } from './stand-in.js';

let cloud: StandIn | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

test.each([
  ['7', 7000],
  [' 7 ', 7000],
  ['0', 0],
  ['Thu, 01 Jan 1970 00:01:40 GMT', 40_000],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 0],
  ['3600', 3_600_000],
  ['86400000', 3_600_000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
  ['1.5', undefined],
  ['-5', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['2026', 2_026_000],
  ['1970-01-01T00:01:40Z', undefined],
  ['Jan 1 1970 00:01:40 GMT', undefined],
  ['Thu, 01 Foo 1970 00:01:40 GMT', undefined],
  ['soon', undefined],
  ['', undefined],
])('reads Retry-After %p as %p ms', (header, expected) => {
  expect(retryAfterMs(header, 60_000)).toBe(expected);
});

test('reports the Retry-After of a 429 and sends nothing before it has passed', async () => {
  let time = 1_700_000_000_000;
  let isBusy = true;
  const answer = () => (isBusy ? [429, '', { 'retry-after': '30' }] : [200, aTenant()]) as [number, object];
  cloud = await startStandIn(answer, { monotonic: () => time });
  const { acronis, calls } = cloud;

  const refused = await failureOf(acronis.tenants.get(TENANT_ID));
  isBusy = false;
  time += 10_000;
  const notSent = await failureOf(acronis.forAttempt({}).tenants.get(TENANT_ID));
  time += 20_000;
  const found = await acronis.tenants.get(TENANT_ID);

  expect(refused).toMatchObject({ kind: 'throttled', facts: { status: 429, retryAfterMs: 30_000 } });
  expect(notSent).toMatchObject({ kind: 'throttled', facts: { retryAfterMs: 20_000 } });
  expect((notSent as { facts: object }).facts).not.toHaveProperty('status');
  expect(found.id).toBe(TENANT_ID);
  expect(calls).toHaveLength(2);
});

test.each([
  ['an hour back', -3_600_000],
  ['an hour ahead', 3_600_000],
])('a clock that is set %s holds nothing up and lets nothing out early', async (_words, step) => {
  let time = 0;
  let clock = Date.now();
  let isBusy = true;
  const answer = () => (isBusy ? [429, '', { 'retry-after': '30' }] : [200, aTenant()]) as [number, object];
  cloud = await startStandIn(answer, { now: () => clock, monotonic: () => time });
  const { acronis, calls } = cloud;
  await failureOf(acronis.tenants.get(TENANT_ID));
  isBusy = false;

  clock += step;
  expect(await failureOf(acronis.tenants.get(TENANT_ID))).toMatchObject({ facts: { retryAfterMs: 30_000 } });
  time += 30_000;
  await acronis.tenants.get(TENANT_ID);

  expect(calls).toHaveLength(2);
});

test('reads a Retry-After that is a date by the clock of whoever sent it', async () => {
  const date = 'Tue, 02 Jul 2024 10:00:00 GMT';
  cloud = await startStandIn(() => [429, '', { date, 'retry-after': 'Tue, 02 Jul 2024 10:00:40 GMT' }]);

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({ facts: { retryAfterMs: 40_000 } });
});

test('reports the Retry-After of a 503 too, and sends other calls meanwhile', async () => {
  let isBusy = true;
  cloud = await startStandIn(() => (isBusy ? [503, '', { 'retry-after': '30' }] : [200, aTenant()]));

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({
    kind: 'unavailable',
    facts: { status: 503, retryAfterMs: 30_000 },
  });
  isBusy = false;
  expect((await cloud.acronis.tenants.get(TENANT_ID)).id).toBe(TENANT_ID);
});

test('waits out a short Retry-After within the call', async () => {
  let isBusy = true;
  cloud = await startStandIn(() => (isBusy ? [429, '', { 'retry-after': '1' }] : [200, aTenant()]));
  await failureOf(cloud.acronis.tenants.get(TENANT_ID));
  isBusy = false;

  const startedAt = Date.now();
  await cloud.acronis.tenants.get(TENANT_ID);

  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(250);
});

test('stops waiting at once when the attempt is aborted, with its reason', async () => {
  cloud = await startStandIn(() => [429, '', { 'retry-after': '4' }]);
  await failureOf(cloud.acronis.tenants.get(TENANT_ID));
  const attempt = new AbortController();
  const reason = new Error('cancelled');

  const startedAt = Date.now();
  const waiting = failureOf(cloud.acronis.forAttempt({ signal: attempt.signal }).tenants.get(TENANT_ID));
  setTimeout(() => attempt.abort(reason), 20);

  expect(await waiting).toBe(reason);
  expect(Date.now() - startedAt).toBeLessThan(1500);
  expect(cloud.calls).toHaveLength(1);
});

test('honours a 429 of the token endpoint too', async () => {
  cloud = await startStandIn(() => [200, aTenant()], { answerToken: () => [429, '', { 'retry-after': '60' }] });

  await failureOf(cloud.acronis.tenants.get(TENANT_ID));
  const second = await failureOf(cloud.acronis.tenants.get(TENANT_ID));

  expect(second).toMatchObject({ kind: 'throttled', operation: 'idp.token' });
  expect(cloud.tokenCalls).toHaveLength(1);
});

test('doubles the gap with each 429, up to 5 s', async () => {
  const limiter = createRateLimiter(() => 1000);
  for (let each = 0; each < 8; each += 1) limiter.onThrottled(1000, 0);

  await limiter.acquire();
  const second = limiter.acquire(AbortSignal.timeout(5)).then(
    () => 'sent',
    () => 'waits',
  );
  const third = await limiter.acquire();

  expect(await second).toBe('waits');
  expect(third).toEqual({ refusedForMs: 10_000 });
});

test('loses the gap again with successes', async () => {
  const limiter = createRateLimiter(() => 1000);
  limiter.onThrottled(1000, 0);
  for (let each = 0; each < 10; each += 1) limiter.onServed();

  const permits = await Promise.all([limiter.acquire(), limiter.acquire(), limiter.acquire()]);

  expect(permits).toEqual([{ grantedAt: 1000 }, { grantedAt: 1000 }, { grantedAt: 1000 }]);
});

test('slows down once, not once each, for calls that met a 429 together', async () => {
  let time = 1000;
  const limiter = createRateLimiter(() => time);

  time = 2000;
  for (let each = 0; each < 50; each += 1) limiter.onThrottled(each < 1 ? 2000 : 1000, 0);
  await limiter.acquire();

  const startedAt = performance.now();
  await limiter.acquire();
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(90);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
