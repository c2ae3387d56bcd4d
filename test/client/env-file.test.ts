import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { emptyFolder } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';

const path = join(emptyFolder, '.env');
// the folder of a test is closed to other users
chmodSync(emptyFolder, 0o755);
afterEach(() => rmSync(path, { recursive: true, force: true }));

const settings = [
  'TENANTRY_ENV=production',
  `TENANTRY_CODEC_KEYS=k1:${randomBytes(32).toString('base64')}`,
  'TENANTRY_SECRETS_STORE=secrets',
].join('\n');

test('in production .env may hold secrets only if nobody else can read it', async () => {
  writeFileSync(path, settings);
  chmodSync(path, 0o644);
  const open = await tenantry(['secret', 'list']);
  chmodSync(path, 0o600);
  const closed = await tenantry(['secret', 'list']);

  expect(open).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('run "chmod 600 .env"') });
  expect(closed).toEqual({ code: 0, stdout: 'no secrets\n', stderr: '' });
});

test('a .env that cannot be read is one message', async () => {
  mkdirSync(path);

  const ended = await tenantry(['list', '--json']);

  expect(ended).toMatchObject({ code: 2, stderr: '', stdout: expect.stringContaining('The file .env cannot be read') });
});
