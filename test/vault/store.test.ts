import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
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

  expect((await store.read('customer-1'))?.value).toBe('new');
  expect(await store.names()).toEqual(['customer-1']);
  expect(await store.remove('customer-1')).toBe(true);
  expect(await store.remove('customer-1')).toBe(false);
  expect(await store.read('customer-1')).toBeUndefined();
});

test('a secret is kept with where it comes from, and an earlier version reads its value', async () => {
  const store = openSecretStore(folder, keys);
  const owner = { kind: 'api-client', cloud: 'default', tenantId: 't-1', name: 'Billing' } as const;
  const origin = { owner, id: 'client-1', mark: 'tenantry:test:acme:run-1' };
  await store.put('customer-1', 'p4ssword', origin);
  await store.put('plain', 'by hand');

  expect(await store.read('customer-1')).toEqual({ value: 'p4ssword', origin });
  expect((await store.read('customer-1'))?.value).toBe('p4ssword');
  expect(await store.read('plain')).toEqual({ value: 'by hand' });
  const file = join(folder, 'customer-1.secret');
  const [key, sealed, about] = (await readFile(file, 'utf8')).trim().split(':');
  expect(about).not.toContain('Billing');
  await writeFile(file, `${key}:${sealed}\n`);
  expect(await store.read('customer-1')).toEqual({ value: 'p4ssword' });
});

test('an origin that was put beside another secret is refused', async () => {
  const store = openSecretStore(folder, keys);
  const owner = { kind: 'agent-token', cloud: 'default', tenantId: 't-1' } as const;
  await store.put('mine', 'one', { owner, id: 'token-1' });
  const file = join(folder, 'mine.secret');
  const [, , about] = (await readFile(file, 'utf8')).trim().split(':');
  await store.put('mine', 'another');

  await writeFile(file, `${(await readFile(file, 'utf8')).trim()}:${about}\n`);

  await expect(store.read('mine')).rejects.toThrow('cannot be decrypted');
});

test('what would replace a secret sees it first, and may leave it', async () => {
  const store = openSecretStore(folder, keys);
  await store.put('mine', 'one');
  const refuse = () => {
    throw new Error('somebody else’s');
  };

  await expect(store.put('mine', 'two', undefined, refuse)).rejects.toThrow('somebody else’s');

  expect([(await store.read('mine'))?.value, await readdir(folder)]).toEqual(['one', ['mine.secret']]);
});

test('of many that put at once each succeeds, one value remains, and nothing half-written does', async () => {
  const store = openSecretStore(folder, keys);
  const values = Array.from({ length: 20 }, (_, nth) => `value-${nth}`);

  await Promise.all(values.map((value) => store.put('customer-1', value)));

  expect(values).toContain((await store.read('customer-1'))?.value);
  expect(await readdir(folder)).toEqual(['customer-1.secret']);
});

test('what a killed writer has left is removed by a later one, but not what another one is writing', async () => {
  const store = openSecretStore(folder, keys);
  await store.put('customer-1', 'p4ssword');
  const leave = async (name: string, minutes: number) => {
    const path = join(folder, name);
    await writeFile(path, 'x');
    const written = new Date(Date.now() - minutes * 60_000);
    await utimes(path, written, written);
  };
  await leave(`customer-1.secret.${randomUUID()}.new`, 90);
  await leave('customer-2.secret.new', 5);
  await leave('notes.txt', 90);

  await store.put('customer-3', 'p4ssword');

  expect((await readdir(folder)).toSorted()).toEqual([
    'customer-1.secret',
    'customer-2.secret.new',
    'customer-3.secret',
    'notes.txt',
  ]);
});

test('a file under another name, or without its key, is refused', async () => {
  const store = openSecretStore(folder, keys);
  await store.put('mine', 'p4ssword');
  await expect(openSecretStore(folder, others).read('mine')).rejects.toThrow('needs the key k1');

  await rename(join(folder, 'mine.secret'), join(folder, 'yours.secret'));

  await expect(store.read('yours')).rejects.toThrow('cannot be decrypted');
});

test.each(['../outside', '.hidden', 'a/b', ''])('%j is no name of a secret', async (name) => {
  await expect(openSecretStore(folder, keys).put(name, 'x')).rejects.toThrow('cannot be the name of a secret');
  await expect(openSecretStore(folder, keys).read(name)).rejects.toThrow('cannot be the name of a secret');
});

test('the refusal of an input that names a missing secret says how to store one', async () => {
  const read = secretReader({
    secretsDir: undefined,
    secretFromEnvironment: () => undefined,
    secretStore: folder,
    keys,
  });

  await expect(read('store:absent')).rejects.toThrow('"tenantry secret put absent"');
});

test('a folder that can be written passes the check, and a file in its place does not', async () => {
  await writeFile(join(parent, 'file'), '');

  await expect(openSecretStore(folder, keys).check()).resolves.toBeUndefined();
  await expect(openSecretStore(join(parent, 'file', 'secrets'), keys).check()).rejects.toThrow(/ENOTDIR/);
});
