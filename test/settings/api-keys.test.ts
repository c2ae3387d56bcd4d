import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createKey, digestOf, readKeys, revokeKey } from '../../settings/api-keys.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  path = join(folder, 'api-keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = async () => (await readKeys(path)).map(({ name }) => name).toSorted();

test('a file that is not there has no keys', async () => {
  expect(await readKeys(path)).toEqual([]);
});

test('the file has the digest of a key, not the key, and only its owner can read it', async () => {
  const secret = await createKey(path, { name: 'shop', role: 'operate' });

  expect(await readKeys(path)).toMatchObject([{ name: 'shop', role: 'operate', sha256: digestOf(secret) }]);
  expect(readFileSync(path, 'utf8')).not.toContain(secret);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('keys that several programs make at the same time are all there', async () => {
  const wanted = Array.from({ length: 8 }, (_none, nth) => `key-${nth}`);

  await Promise.all(wanted.map(async (name) => await createKey(path, { name, role: 'read' })));

  expect(await names()).toEqual(wanted);
});

test('a name is given once, and a revoked key is gone', async () => {
  await createKey(path, { name: 'shop', role: 'read' });
  await expect(createKey(path, { name: 'shop', role: 'decide' })).rejects.toThrow(/key shop already/);

  await revokeKey(path, 'shop');

  expect(await names()).toEqual([]);
  await expect(revokeKey(path, 'shop')).rejects.toThrow(/no key shop/);
});

test.each([
  ['no JSON', '{"keys":[', /line 1/],
  [
    'an unknown role',
    '{"keys":[{"name":"a","role":"lord","sha256":"00","createdAt":"2026-01-01T00:00:00Z"}]}',
    /keys.0.role/,
  ],
  ['a field twice', '{"keys":[],"keys":[]}', /twice/],
])('a file with %s is refused and stays as it is', async (_what, text, message) => {
  writeFileSync(path, text);

  await expect(createKey(path, { name: 'shop', role: 'read' })).rejects.toThrow(message);

  expect(readFileSync(path, 'utf8')).toBe(text);
  await expect(readKeys(path)).rejects.toThrow(message);
});
