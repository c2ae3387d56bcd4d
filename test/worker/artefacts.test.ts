import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { loadArtefacts } from '../../settings/client.js';
import { openArtefacts } from '../../artefact-store/index.js';
import { openBucket, type Bucket } from '../support/bucket.js';
import type { ArtefactFile } from '../../contract/artefacts.js';
import { inParts } from '../support/file-content.js';
import { problemsOf } from '../support/problems.js';
import { openProxy } from '../support/proxy.js';

const text = 'tenant.id,name\r\n1,ü\r\n';
const named = { name: 'reports/7d1f/usage_current-1.csv', type: 'text/csv' };
/** A file that can be put once. */
const file = (more: Partial<ArtefactFile> = {}) => ({ ...named, content: inParts(text), ...more });
/** A file that breaks off after that many bytes. */
async function* broken(bytes: number) {
  yield* inParts('x'.repeat(bytes));
  throw new Error('the file is not whole');
}

const B = 'TENANTRY_ARTEFACTS_BUCKET';

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a region without a bucket',
    { TENANTRY_ARTEFACTS_REGION: 'eu-central-1' },
    /^TENANTRY_ARTEFACTS_REGION: needs .*_BUCKET/,
  ],
  ['an address without a bucket', { TENANTRY_ARTEFACTS_ENDPOINT: 'http://x' }, /^TENANTRY_ARTEFACTS_ENDPOINT: needs/],
  ['a prefix without a bucket', { TENANTRY_ARTEFACTS_PREFIX: 'x' }, /^TENANTRY_ARTEFACTS_PREFIX: needs/],
  ['a bucket and a folder', { [B]: 'reports', TENANTRY_ARTEFACTS_DIR: '/x' }, /^TENANTRY_ARTEFACTS_DIR: remove it or/],
  ['a bucket that is not a name', { [B]: 's3://reports' }, /^TENANTRY_ARTEFACTS_BUCKET: must be the name/],
  [
    'a region that is none',
    { [B]: 'reports', TENANTRY_ARTEFACTS_REGION: 'Frankfurt, DE' },
    /^TENANTRY_ARTEFACTS_REGION: must/,
  ],
  [
    'an address with a login',
    { [B]: 'reports', TENANTRY_ARTEFACTS_ENDPOINT: 'http://me:pw@x' },
    /ENDPOINT: must be an address/,
  ],
  ['an address with a path', { [B]: 'reports', TENANTRY_ARTEFACTS_ENDPOINT: 'http://x/reports' }, /ENDPOINT: must be/],
  ['a prefix that leads elsewhere', { [B]: 'reports', TENANTRY_ARTEFACTS_PREFIX: '/x//y' }, /PREFIX: must be parts/],
])('%s is refused, with the remedy', (_words, environment, sentence) => {
  expect(problemsOf(() => loadArtefacts(environment))).toEqual([expect.stringMatching(sentence)]);
});

test('a refusal does not show a login', () => {
  const problems = problemsOf(() =>
    loadArtefacts({ [B]: 'reports', TENANTRY_ARTEFACTS_ENDPOINT: 'http://me:hunter2@x' }),
  );

  expect(problems).toHaveLength(1);
  expect(problems.join()).not.toContain('hunter2');
});

test('without settings files are kept in a folder, and read from it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-artefacts-'));
  expect(loadArtefacts({})).toEqual({ folder: 'artefacts' });
  const store = openArtefacts({ folder: join(folder, 'made', 'when needed') });

  const place = await store.put(file());
  await store.put(file());

  expect(readFileSync(fileURLToPath(place), 'utf8')).toBe(text);
  expect(await store.get(place)).toBe(text);
  expect(await store.check()).toMatchObject({ state: 'ok' });
  rmSync(folder, { recursive: true });
});

test('a folder keeps no unfinished file of a writer that failed or was killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-artefacts-'));
  const store = openArtefacts({ folder });
  const left = join(folder, `old.csv.${randomUUID()}.new`);
  const beingWritten = join(folder, `young.csv.${randomUUID()}.new`);
  for (const path of [left, beingWritten]) writeFileSync(path, 'x');
  const before = new Date(Date.now() - 90 * 60_000);
  utimesSync(left, before, before);
  mkdirSync(join(folder, 'taken'));

  await store.put(file({ name: 'report.csv' }));
  await expect(store.put(file({ name: 'taken' }))).rejects.toThrow();

  expect(readdirSync(folder).toSorted()).toEqual(['report.csv', 'taken', basename(beingWritten)]);
  rmSync(folder, { recursive: true });
});

test('a file that breaks off leaves nothing in the folder, and an earlier one as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-artefacts-'));
  const store = openArtefacts({ folder });
  const place = await store.put(file());

  await expect(store.put(file({ content: broken(3_000_000) }))).rejects.toThrow('the file is not whole');

  expect(await store.get(place)).toBe(text);
  expect(readdirSync(join(folder, 'reports/7d1f'))).toEqual(['usage_current-1.csv']);
  rmSync(folder, { recursive: true });
});

describe('a bucket', () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await openBucket();
    Object.assign(process.env, bucket.settings, { AWS_EC2_METADATA_DISABLED: 'true' });
  });
  afterEach(() => {
    bucket.refusing = undefined;
  });
  afterAll(async () => {
    await bucket.close();
  });
  const store = (more: Record<string, string> = {}) => openArtefacts(loadArtefacts({ ...bucket.settings, ...more }));

  test('stores a file under its name with its media type, says where, and returns it', async () => {
    const place = await store().put(file());

    expect(place).toBe(`s3://reports/${named.name}`);
    expect(bucket.objects.get(`reports/${named.name}`)).toEqual({ text, type: 'text/csv' });
    expect(await store().get(place)).toBe(text);
  });

  test('keeps a large file, which it gets in parts', async () => {
    const large = `${'0123456789abcdef'.repeat(1_200_000)}end`;

    const place = await store().put(file({ name: 'reports/large.csv', content: inParts(large) }));

    expect((await store().get(place)) === large).toBe(true);
    expect(bucket.calls.filter((call) => call === 'PUT reports/reports/large.csv')).toHaveLength(3);
  });

  test.each([100, 20_000_000])('keeps nothing of a file that breaks off after %i bytes', async (bytes) => {
    const name = `reports/broken-${bytes}.csv`;

    await expect(store().put(file({ name, content: broken(bytes) }))).rejects.toThrow('the file is not whole');

    expect(bucket.objects.has(`reports/${name}`)).toBe(false);
    expect(bucket.uploads.size).toBe(0);
  });

  test('keeps one file when it is put twice', async () => {
    const before = bucket.objects.size;
    const twice = () => file({ name: 'reports/7d1f/twice.csv' });

    expect(await store().put(twice())).toBe(await store().put(twice()));
    expect(bucket.objects.size).toBe(before + 1);
  });

  test('removes a file; one that is gone is no mistake', async () => {
    const name = 'reports/7d1f/removed.csv';
    const place = await store().put(file({ name }));

    await store().remove(place);
    await store().remove(place);

    expect(bucket.objects.has(`reports/${name}`)).toBe(false);
    await expect(store().remove('file:///etc/passwd')).rejects.toThrow('must be like s3://bucket/name');
  });

  test.each(['tenantry/eu', 'tenantry/eu/'])('puts files below the prefix %s', async (prefix) => {
    const place = await store({ TENANTRY_ARTEFACTS_PREFIX: prefix }).put(file());

    expect(place).toBe(`s3://reports/tenantry/eu/${named.name}`);
    expect(bucket.objects.has(`reports/tenantry/eu/${named.name}`)).toBe(true);
  });

  test('is reached through the proxy', async () => {
    const proxy = await openProxy(bucket.endpoint);
    const elsewhere = { TENANTRY_ARTEFACTS_ENDPOINT: 'http://storage.example:9000', HTTP_PROXY: proxy.url };

    await store(elsewhere).put({ ...file(), name: 'through-a-proxy.csv' });

    expect(bucket.objects.get('reports/through-a-proxy.csv')).toMatchObject({ text });
    expect(proxy.asked).toEqual(['CONNECT storage.example:9000']);
    expect([...proxy.logins]).toEqual(['jane:pa55']);
    await proxy.close();
  });

  test('of Amazon has its proxy by its address', () => {
    const settings = { [B]: 'reports', TENANTRY_ARTEFACTS_REGION: 'eu-central-1', HTTPS_PROXY: 'http://proxy:3128' };

    expect(loadArtefacts(settings)).toMatchObject({ proxy: 'http://proxy:3128' });
    expect(loadArtefacts({ ...settings, NO_PROXY: 'eu-central-1.amazonaws.com' })).toMatchObject({ proxy: undefined });
  });

  test('gets requests that are signed for its region', async () => {
    await store({ TENANTRY_ARTEFACTS_REGION: 'eu-central-1' }).put(file());

    expect(bucket.signedFor).toMatch(/^of-the-test\/\d{8}\/eu-central-1\/s3\//);
  });

  test.each<[number, RegExp]>([
    [403, /^bucket reports: AccessDenied, not here, 403; may these credentials put and get objects there\?$/],
    [503, /^bucket reports: SlowDown, not here, 503$/],
  ])('that answers %i fails once, in one sentence', async (status, sentence) => {
    bucket.refusing = status;
    bucket.calls.length = 0;

    await expect(store().put(file())).rejects.toThrow(sentence);
    expect(bucket.calls).toHaveLength(1);
  });

  test('that does not answer fails in one sentence', async () => {
    const away = store({ TENANTRY_ARTEFACTS_ENDPOINT: 'http://127.0.0.1:9' });

    await expect(away.put(file())).rejects.toThrow(/^bucket reports: .*ECONNREFUSED/);
    expect(await away.check()).toMatchObject({ state: 'unsure' });
  });

  test('is checked without a change: it exists, it does not exist, or it refuses the check', async () => {
    bucket.calls.length = 0;

    expect(await store().check()).toEqual({ state: 'ok', message: `bucket reports at ${bucket.endpoint}` });
    expect(await store({ [B]: 'another' }).check()).toMatchObject({
      state: 'refused',
      message: expect.stringMatching(/no such bucket/),
    });
    bucket.refusing = 403;
    expect(await store().check()).toMatchObject({ state: 'unsure' });
    expect(bucket.calls.filter((call) => !call.startsWith('HEAD '))).toEqual([]);
  });
});
