import { mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSecretStore, parseKeys } from '../../vault/index.js';
import { secretReader } from '../../worker/secrets.js';

const keys = parseKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const others = parseKeys(`k2:${Buffer.alloc(32, 2).toString('base64')}`);
let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'tenantry-store-'));
  folder = join(parent, 'secrets');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

test('a secret is there for every worker that has key and folder, and for nobody who reads the file', async () => {
  await openSecretStore(folder, keys).put('customer-1', 'p4ssword');

  const [file] = (await readdir(folder)) as [string];
  expect(await readFile(join(folder, file), 'utf8')).not.toContain('p4ssword');
  expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
  const read = secretReader({
    secretsDir: undefined,
    secretFromEnvironment: () => undefined,
    secretStore: folder,
    keys,
  });
  expect(await read('store:customer-1')).toBe('p4ssword');
});

test('a newer value replaces the old one, and a removed one is gone', async () => {
  const store = openSecretStore(folder, keys);
  await store.put('customer-1', 'old');
  await store.put('customer-1', 'new');

  expect(await store.get('customer-1')).toBe('new');
  expect(await store.names()).toEqual(['customer-1']);
  expect(await store.remove('customer-1')).toBe(true);
  expect(await store.remove('customer-1')).toBe(false);
  expect(await store.get('customer-1')).toBeUndefined();
});

test('of many that put at once each succeeds, one value remains, and nothing half-written does', async () => {
  const store = openSecretStore(folder, keys);
  const values = Array.from({ length: 20 }, (_, nth) => `value-${nth}`);

  await Promise.all(values.map((value) => store.put('customer-1', value)));

  expect(values).toContain(await store.get('customer-1'));
  expect(await readdir(folder)).toEqual(['customer-1.secret']);
});

test('a file under another name, or without its key, is refused', async () => {
  const store = openSecretStore(folder, keys);
  await store.put('mine', 'p4ssword');
  await expect(openSecretStore(folder, others).get('mine')).rejects.toThrow('needs the key k1');

  await rename(join(folder, 'mine.secret'), join(folder, 'yours.secret'));

  await expect(store.get('yours')).rejects.toThrow('cannot be decrypted');
});

test.each(['../outside', '.hidden', 'a/b', ''])('%j is no name of a secret', async (name) => {
  await expect(openSecretStore(folder, keys).put(name, 'x')).rejects.toThrow('cannot be the name of a secret');
  await expect(openSecretStore(folder, keys).get(name)).rejects.toThrow('cannot be the name of a secret');
});

test('an input that names a secret which is not there is told where to put one', async () => {
  const read = secretReader({
    secretsDir: undefined,
    secretFromEnvironment: () => undefined,
    secretStore: folder,
    keys,
  });

  await expect(read('store:absent')).rejects.toThrow('"tenantry secret put absent"');
});
