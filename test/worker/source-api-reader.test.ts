import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { watchSources } from '../../worker/known-sources.js';
import { SourceApiReader } from '../../worker/source-api-reader.js';
import { imitateStripe, STRIPE_KEY } from '../support/senders/stripe.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-truth-'));
const sourcesFile = join(folder, 'sources.json');
let stripe: Awaited<ReturnType<typeof imitateStripe>>;
beforeAll(async () => (stripe = await imitateStripe()));
afterAll(async () => {
  await stripe.close();
  rmSync(folder, { recursive: true });
});

const keys: Record<string, string> = { 'env:KEY': STRIPE_KEY, 'env:BAD': 'whsec_0123456789abcdef' };
const readSecret = async (reference: string) => {
  const key = keys[reference];
  if (key === undefined) throw new Error(`there is no ${reference}`);
  return key;
};
let watched: Awaited<ReturnType<typeof watchSources>> | undefined;
afterEach(() => watched?.close());
async function open(sources: object): Promise<SourceApiReader> {
  writeFileSync(sourcesFile, JSON.stringify(sources));
  const log = pino({ level: 'silent' });
  watched = await watchSources({ path: sourcesFile, readSecret, log });
  return new SourceApiReader(watched, () => undefined);
}

const shop = (apiKey?: string) => ({
  kind: 'stripe',
  secrets: ['file:not-for-the-worker'],
  apiUrl: stripe.url,
  ...(apiKey && { apiKey }),
});
const read = async (from: SourceApiReader, source: string) => {
  const change = { source, object: { type: 'subscription', id: 'sub_1' }, event: { id: 'evt_1', type: 'x' } };
  return await from.read(change, new AbortController().signal);
};

test('it reads the keys of APIs, and no signing secret', async () => {
  stripe.set({ id: 'sub_1', customer: 'cus_1' });
  expect((await read(await open({ shop: shop('env:KEY') }), 'shop')).facts).toHaveLength(1);
});

test('every key that cannot be used is named with its path, and nothing starts', async () => {
  const refused = open({ one: shop('env:NONE'), two: shop('env:BAD') });
  await expect(refused).rejects.toMatchObject({
    kind: 'refused',
    problems: [
      { path: 'one.apiKey', message: 'there is no env:NONE' },
      { path: 'two.apiKey', message: expect.stringContaining('API key') },
    ],
  });
});

test('a source without a key, or of another worker, is waited for', async () => {
  const sources = await open({ shop: shop() });
  await expect(read(sources, 'shop')).rejects.toThrow('has no apiKey');
  await expect(read(sources, 'nobody')).rejects.toThrow('is not in the sources.json of this worker');
});

test('a sender that asks for a pause is not called before, also about other objects', async () => {
  const sources = await open({ shop: shop('env:KEY') });
  stripe.fail({ status: 429, headers: { 'retry-after': '60' }, body: {} });
  await expect(read(sources, 'shop')).rejects.toMatchObject({ retryAfterMs: 60_000 });
  const calls = stripe.calls.length;
  const again = await read(sources, 'shop').catch((error: unknown) => error as { retryAfterMs: number });
  expect(again).toMatchObject({ name: 'SourceNotReadable' });
  expect(stripe.calls).toHaveLength(calls);
});
