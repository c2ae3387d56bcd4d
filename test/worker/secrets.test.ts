import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { loadWorkerSettings, secretSourcesOf } from '../../settings/worker.js';
import { secretReader } from '../../worker/secrets.js';

const parent = mkdtempSync(join(tmpdir(), 'tenantry-worker-'));
const secretsDir = mkdtempSync(join(parent, 'secrets-'));
writeFileSync(join(secretsDir, 'jane'), 'of the file\n');
writeFileSync(join(secretsDir, '.hidden'), 'not to be read');
writeFileSync(join(parent, 'outside'), 'not to be read');
mkdirSync(join(secretsDir, '..data'));
writeFileSync(join(secretsDir, '..data', 'mounted'), 'of a link within\n');
symlinkSync(join('..data', 'mounted'), join(secretsDir, 'mounted'));
symlinkSync(join(parent, 'outside'), join(secretsDir, 'leads-out'));
symlinkSync(parent, join(secretsDir, 'leads-up'));
symlinkSync('/dev/zero', join(secretsDir, 'device'));
mkdirSync(join(secretsDir, 'folder'));
execFileSync('mkfifo', [join(secretsDir, 'pipe')]);
writeFileSync(join(secretsDir, 'largest'), 'x'.repeat(64 * 1024));
writeFileSync(join(secretsDir, 'larger'), 'x'.repeat(64 * 1024 + 1));
writeFileSync(join(secretsDir, 'latin1'), Buffer.from('Stra\xdfe', 'latin1'));
writeFileSync(join(secretsDir, 'empty'), '\n');
afterAll(() => rmSync(parent, { recursive: true }));

/** The reader of a worker that was started with these settings. */
function reader(more: Record<string, string> = {}) {
  const cloud = {
    ACRONIS_BASE_URL: 'http://127.0.0.1:1',
    ACRONIS_CLIENT_ID: 'x',
    ACRONIS_CLIENT_SECRET: 'not to be read',
  };
  return secretReader(secretSourcesOf(loadWorkerSettings({}, { ...cloud, TENANTRY_SECRETS_DIR: secretsDir, ...more })));
}

async function refusal(reading: Promise<string>): Promise<string> {
  const error = await reading.catch((reason: unknown) => reason);
  if (!(error instanceof ApplicationFailure)) throw new Error('it was read');
  expect(error).toMatchObject({ type: 'Tenantry.Secret', nonRetryable: true });
  return error.message;
}

test('a secret is read from a variable below the prefix, and from a file in the folder', async () => {
  expect(await reader({ TENANTRY_SECRET_JANE: 'of the environment' })('env:JANE')).toBe('of the environment');
  expect(await reader()('file:jane')).toBe('of the file');
});

test('a link within the folder is followed, as a container mounts secrets', async () => {
  expect(await reader()('file:mounted')).toBe('of a link within');
});

test('a file of 64 KiB is read', async () => {
  expect(await reader()('file:largest')).toHaveLength(64 * 1024);
});

test.each([
  ['leads-out', 'is a link that leads out of that folder'],
  ['leads-up', 'is a link that leads out of that folder'],
  ['device', 'is a link that leads out of that folder'],
  ['folder', 'is not a regular file'],
  ['pipe', 'is not a regular file'],
  ['larger', 'is larger than 64 KiB'],
  ['latin1', 'cannot be used: it is not UTF-8'],
  ['empty', 'is empty'],
])('the file %s is refused, because it %s', async (name, problem) => {
  expect(await refusal(reader()(`file:${name}`))).toContain(`the file ${name} in TENANTRY_SECRETS_DIR ${problem}`);
});

test.each([
  ['a variable without the prefix', 'env:ACRONIS_CLIENT_SECRET'],
  ['a file outside the folder', 'file:../outside'],
  ['a hidden file', 'file:.hidden'],
  ['an absolute path', 'file:/etc/hostname'],
  ['an escaped path', 'file:..%2Foutside'],
  ['an unknown source', 'vault:jane'],
  ['a secret in place of a reference', 'hunter2'],
])('%s cannot be named', async (_what, reference) => {
  expect(await refusal(reader()(reference))).not.toContain('not to be read');
});

test.each([
  ['env:ABSENT', 'the variable TENANTRY_SECRET_ABSENT is not set on this worker'],
  ['file:absent', 'the file absent in TENANTRY_SECRETS_DIR cannot be found on this worker'],
  [
    'store:absent',
    'this worker keeps no secrets: start it with TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS, then retry',
  ],
])('%s does not exist: the refusal says where the worker looked', async (reference, sentence) => {
  expect(await refusal(reader()(reference))).toBe(sentence);
});
