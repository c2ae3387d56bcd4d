import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { TenantryError } from '../../contract/errors.js';
import { openSources, type ReadySources } from '../../gateway/ready-sources.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-sources-'));
const path = join(folder, 'sources.json');
afterAll(() => rmSync(folder, { recursive: true }));

const secrets: Record<string, string> = {
  'env:SHOP': 'whsec_0123456789abcdefshop',
  'env:CB': 'user:password',
  'env:BAD': 'whsk_abc',
};
const readSecret = async (reference: string) => {
  const secret = secrets[reference];
  if (secret === undefined) throw new Error(`there is no ${reference}`);
  return secret;
};
const stripe = { kind: 'stripe', secrets: ['env:SHOP'] };
/** At once, as whoever cares writes it: a reader sees the old file or the new one. */
function write(value: unknown): void {
  writeFileSync(`${path}.new`, typeof value === 'string' ? value : JSON.stringify(value));
  renameSync(`${path}.new`, path);
}

let book: ReadySources | undefined;
afterEach(() => book?.close());
const lines: string[] = [];
const open = async (given: string | undefined = path) =>
  (book = await openSources({
    path: given,
    readSecret,
    log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
    rereadMs: 20,
  }));

/** Waits until it is so, for as long as a slow machine needs. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !isSo(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isSo()).toBe(true);
}

async function problemsOf(value: unknown) {
  write(value);
  const error = await open().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TenantryError);
  expect((error as TenantryError).kind).toBe('refused');
  return (error as TenantryError).problems.map((problem) => problem.path);
}

test('a source has what its references stand for', async () => {
  write({ shop: stripe });
  expect((await open()).get('shop')).toMatchObject({
    name: 'shop',
    kind: 'stripe',
    secrets: ['whsec_0123456789abcdefshop'],
  });
  expect(book!.get('other')).toBeUndefined();
});

test('a source of files receives nothing, so the gateway does not know it', async () => {
  write({ shop: stripe, csv: { kind: 'csv' } });
  const { all, get } = await open();

  expect(all().map(({ name }) => name)).toEqual(['shop']);
  expect(get('csv')).toBeUndefined();
});

test('without a path there is no source', async () => {
  const none = await openSources({ path: undefined, readSecret, log: pino({ enabled: false }) });
  expect(none.get('shop')).toBeUndefined();
});

test('nothing starts with a bad file: every problem is named with its path', async () => {
  expect(await problemsOf({ shop: { ...stripe, mode: 'x' } })).toEqual(['shop.mode']);
  expect(await problemsOf('{"shop":')).toEqual(['sources']);
  expect(
    await problemsOf({ a: { ...stripe, secrets: ['env:SHOP', 'env:NONE'] }, b: { ...stripe, secrets: ['env:X'] } }),
  ).toEqual(['a.secrets.1', 'b.secrets.0']);
  expect(await problemsOf(`{"a": ${JSON.stringify(stripe)}, "a": ${JSON.stringify(stripe)}}`)).toEqual(['a']);
  rmSync(path);
  await expect(open()).rejects.toThrow('sources: cannot be read: there is no such file');
});

test('a secret that its kind cannot use is a problem: it would let anybody in', async () => {
  expect(await problemsOf({ own: { kind: 'standard-webhooks', secrets: ['env:BAD'] } })).toEqual(['own.secrets.0']);
  expect(await problemsOf({ cb: { kind: 'chargebee', secrets: ['env:SHOP'] } })).toEqual(['cb.secrets.0']);
});

test('a changed file and a changed secret count without a restart', async () => {
  write({ shop: stripe });
  const { get } = await open();
  write({ shop: { ...stripe, mode: 'test' }, cb: { kind: 'chargebee', secrets: ['env:CB'] } });
  await until(() => get('cb') !== undefined);
  expect(get('shop')).toMatchObject({ mode: 'test' });
  secrets['env:SHOP'] = 'whsec_0123456789abcdefnew';
  await until(() => get('shop')?.secrets[0] === 'whsec_0123456789abcdefnew');
});

test('while the file is bad the version before stays in force, and the log says it once', async () => {
  write({ shop: stripe });
  const { get } = await open();
  lines.length = 0;
  write({ shop: { ...stripe, kind: 'stripes' } });
  const reports = () => lines.filter((line) => line.includes('shop.kind'));
  await until(() => reports().length > 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(reports()).toHaveLength(1);
  expect(get('shop')).toMatchObject({ kind: 'stripe' });
  write({ shop: { ...stripe, mode: 'test' } });
  await until(() => get('shop')?.mode === 'test');
});
