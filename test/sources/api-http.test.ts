import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openApi } from '../../sources/api/http.js';
import type { ApiAnswer, Ask } from '../../sources/api/source-api.js';
import { imitateStripe, STRIPE_KEY } from '../support/senders/stripe.js';

let stripe: Awaited<ReturnType<typeof imitateStripe>>;
beforeAll(async () => {
  stripe = await imitateStripe();
  stripe.set({ id: 'sub_1', customer: 'cus_1' });
});
afterAll(async () => await stripe.close());

const PATH = 'v1/subscriptions/sub_1';
const open = (more: Partial<Parameters<typeof openApi>[0]> = {}): Ask =>
  openApi({
    address: stripe.url,
    headers: { authorization: `Bearer ${STRIPE_KEY}` },
    fetch: globalThis.fetch,
    ...more,
  });
const ask = async (): Promise<ApiAnswer> => await open()({ path: PATH });

test('a wrong key is no end', async () => {
  const wrong = open({ headers: { authorization: 'Bearer x' } });
  await expect(wrong({ path: PATH })).rejects.toMatchObject({ kind: 'credentials' });
});

test.each([
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: {} }, 'unreadable'],
  ['a page instead of JSON', { body: '<html>' }, 'unreadable'],
  ['a 404 that is not the word of the sender', { status: 404, body: '<html>' }, 'unreadable'],
  ['the word of the sender', { status: 404, body: {} }, 'gone'],
  ['more than 8 MiB', { body: `"${'x'.repeat(9 * 1024 * 1024)}"` }, 'unreadable'],
  ['a refusal', { status: 400, body: {} }, 'rejected'],
  ['a failure', { status: 500, body: {} }, 'unavailable'],
])('%s fails, and nothing else is called', async (_, reply, kind) => {
  const calls = stripe.calls.length;
  stripe.fail(reply);
  await expect(ask()).rejects.toMatchObject({ kind });
  expect(stripe.calls).toHaveLength(calls + 1);
});

test('a pause that it asks for is named, in seconds or as a date, and is at most an hour', async () => {
  stripe.fail({ status: 429, headers: { 'retry-after': '7' }, body: {} });
  await expect(ask()).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 7000 });
  stripe.fail({ status: 503, headers: { 'retry-after': 'Wed, 01 Jan 2098 00:00:00 GMT' }, body: {} });
  await expect(ask()).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
});

test('a host that does not answer, or not in time', async () => {
  await expect(open({ address: 'http://127.0.0.1:1' })({ path: PATH })).rejects.toMatchObject({ kind: 'unavailable' });
  const hanging: typeof fetch = async (input) =>
    await new Promise((_, reject) =>
      (input as Request).signal.addEventListener('abort', () => reject(new Error('cut'))),
    );
  const slow = open({ fetch: hanging, timeoutMs: 50 });
  await expect(slow({ path: PATH })).rejects.toMatchObject({ message: expect.stringContaining('50 ms') });
});

test('a call that is cancelled ends with its reason', async () => {
  const reason = new Error('the worker stops');
  const cancelled = open({ signal: AbortSignal.abort(reason) });
  await expect(cancelled({ path: PATH })).rejects.toBe(reason);
});

test("an answer counts as of the sender's clock; a clock that is far from ours does not count", async () => {
  const at = async () => Date.parse((await ask()).at);
  stripe.setDate(() => new Date(Date.now() - 120_000).toUTCString());
  expect(Date.now() - (await at())).toBeGreaterThan(100_000);
  stripe.setDate(() => new Date(Date.now() + 3_600_000).toUTCString());
  expect(await at()).toBeLessThanOrEqual(Date.now());
});
