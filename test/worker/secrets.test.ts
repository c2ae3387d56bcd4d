import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { loadWorkerSettings } from '../../settings/worker.js';
import { secretReader } from '../../worker/secrets.js';

const parent = mkdtempSync(join(tmpdir(), 'tenantry-worker-'));
const secretsDir = mkdtempSync(join(parent, 'secrets-'));
writeFileSync(join(secretsDir, 'jane'), 'of the file\n');
writeFileSync(join(secretsDir, '.hidden'), 'not to be read');
writeFileSync(join(parent, 'outside'), 'not to be read');
afterAll(() => rmSync(parent, { recursive: true }));

/** The reader of a worker that was started with these settings. */
function reader(more: Record<string, string> = {}) {
  const cloud = {
    ACRONIS_BASE_URL: 'http://127.0.0.1:1',
    ACRONIS_CLIENT_ID: 'x',
    ACRONIS_CLIENT_SECRET: 'not to be read',
  };
  return secretReader(loadWorkerSettings({}, { ...cloud, TENANTRY_SECRETS_DIR: secretsDir, ...more }));
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
  ['file:absent', 'there is no readable file absent in TENANTRY_SECRETS_DIR on this worker'],
  [
    'store:absent',
    'this worker keeps no secrets: start it with TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS, then retry',
  ],
])('%s does not exist: the refusal says where the worker looked', async (reference, sentence) => {
  expect(await refusal(reader()(reference))).toBe(sentence);
});
