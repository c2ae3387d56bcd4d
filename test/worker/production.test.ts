import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadArtefacts, loadClientSettings, loadClouds } from '../../settings/client.js';
import { problemsInProduction } from '../../settings/diagnosis.js';
import { loadWorkerSettings } from '../../settings/worker.js';
import { problemsOf } from '../support/problems.js';

type Settings = Record<string, string>;

const folder = mkdtempSync(join(tmpdir(), 'tenantry-production-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

const random = () => randomBytes(32).toString('base64');
const safe: Settings = {
  ACRONIS_BASE_URL: 'https://eu2-cloud.acronis.com',
  ACRONIS_CLIENT_ID: 'x',
  ACRONIS_CLIENT_SECRET: 'y',
  TENANTRY_CODEC_KEYS: `k1:${random()}`,
};
const key = random();

function file(name: string, content: string, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function subfolder(name: string, mode: number): string {
  const path = join(folder, name);
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

const clouds = (name: string, mode: number, eu: object) =>
  file(name, JSON.stringify({ eu: { baseUrl: 'https://eu2-cloud.acronis.com', clientId: 'x', ...eu } }), mode);
const looseSecret = file('loose-secret', 'y', 0o644);
const looseFolder = subfolder('loose', 0o777);
const closedFolder = subfolder('closed', 0o755);
writeFileSync(join(closedFolder, 'password'), 'secret', { mode: 0o644 });

describe('production refuses, and a test system accepts', () => {
  test.each<[string, Settings, string]>([
    [
      'a cloud by http',
      { ACRONIS_BASE_URL: 'http://cloud.example.com' },
      'ACRONIS_BASE_URL: is not encrypted; give an ',
    ],
    [
      'a cloud by http in the file of clouds',
      { TENANTRY_CLOUDS: clouds('a.json', 0o600, { baseUrl: 'http://cloud.example.com', clientSecret: 'y' }) },
      `TENANTRY_CLOUDS: ${join(folder, 'a.json')}: eu.baseUrl: is not encrypted`,
    ],
    [
      'a bucket by http',
      { TENANTRY_ARTEFACTS_BUCKET: 'reports', TENANTRY_ARTEFACTS_ENDPOINT: 'http://storage.example.com:9000' },
      'TENANTRY_ARTEFACTS_ENDPOINT: is not encrypted',
    ],
    [
      'a webhook by http',
      { TENANTRY_NOTICE_WEBHOOK: 'http://x.example.com', TENANTRY_NOTICE_WEBHOOK_SECRET: `whsec_${random()}` },
      'TENANTRY_NOTICE_WEBHOOK: is not encrypted',
    ],
    [
      'a key of zeros',
      { TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` },
      'the key k1 is not random',
    ],
    [
      'a key made of a word',
      { TENANTRY_CODEC_KEYS: `k1:${random()},k2:${Buffer.from('tenantry'.repeat(4)).toString('base64')}` },
      'the key k2 is not random; create one with "openssl rand',
    ],
    ['two keys that are the same', { TENANTRY_CODEC_KEYS: `k1:${key},k2:${key}` }, 'the keys k1 and k2 are the same'],
    [
      'a secret that everybody can read',
      { ACRONIS_CLIENT_SECRET: '', ACRONIS_CLIENT_SECRET_FILE: looseSecret },
      `ACRONIS_CLIENT_SECRET_FILE: every user of this machine can read or change the file ${looseSecret}; run "chmod 600`,
    ],
    [
      'keys that everybody can read',
      { TENANTRY_CODEC_KEYS: '', TENANTRY_CODEC_KEYS_FILE: file('loose-keys', `k1:${key}`, 0o604) },
      'TENANTRY_CODEC_KEYS_FILE: every user of this machine can read',
    ],
    [
      'a file of clouds with a secret that everybody can read',
      { TENANTRY_CLOUDS: clouds('b.json', 0o644, { clientSecret: 'y' }) },
      'eu.clientSecret: every user of this machine can read',
    ],
    [
      'a secret of a cloud that everybody can read',
      { TENANTRY_CLOUDS: clouds('c.json', 0o644, { clientSecretFile: looseSecret }) },
      'eu.clientSecretFile: every user of this machine can read',
    ],
    [
      'a secret store that everybody can write',
      { TENANTRY_SECRETS_STORE: looseFolder },
      'TENANTRY_SECRETS_STORE: every user of this machine can put files into the folder',
    ],
    [
      'secrets of inputs in a folder that everybody can write',
      { TENANTRY_SECRETS_DIR: looseFolder },
      'TENANTRY_SECRETS_DIR: every user of this machine can put files into the folder',
    ],
    [
      'a secret of an input that everybody can read',
      { TENANTRY_SECRETS_DIR: closedFolder },
      `TENANTRY_SECRETS_DIR: every user of this machine can read or change the file ${join(closedFolder, 'password')}`,
    ],
  ])('%s', (_what, unsafe, problem) => {
    const settings = { ...safe, ...unsafe };

    expect(problemsOf(() => loadWorkerSettings({}, settings))).toEqual([]);
    expect(problemsOf(() => loadWorkerSettings({}, { ...settings, TENANTRY_ENV: 'production' }))).toEqual([
      expect.stringContaining(problem),
    ]);
    expect(problemsInProduction(settings).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  test('what is safe is accepted: closed files, files that nobody else reaches, this machine itself', () => {
    const unreachable = subfolder('unreachable', 0o700);
    writeFileSync(join(unreachable, 'keys'), `k1:${key}`, { mode: 0o644 });
    const settings = {
      ACRONIS_BASE_URL: 'http://127.0.0.1:8080',
      ACRONIS_CLIENT_ID: 'x',
      ACRONIS_CLIENT_SECRET_FILE: file('closed-secret', 'y', 0o640),
      TENANTRY_CLOUDS: clouds('d.json', 0o644, { clientSecretFile: file('another-secret', 'y', 0o600) }),
      TENANTRY_CODEC_KEYS_FILE: join(unreachable, 'keys'),
      TENANTRY_SECRETS_DIR: subfolder('inputs', 0o755),
      TENANTRY_ARTEFACTS_BUCKET: 'reports',
      TENANTRY_ARTEFACTS_ENDPOINT: 'http://localhost:9000',
      TENANTRY_ENV: 'production',
    };

    expect(problemsOf(() => loadWorkerSettings({}, settings))).toEqual([]);
  });

  test('the command line is as strict as the worker', () => {
    const zeros = `k1:${Buffer.alloc(32).toString('base64')}`;
    const settings = { ...safe, TENANTRY_ENV: 'production', ACRONIS_BASE_URL: 'http://x', TENANTRY_CODEC_KEYS: zeros };
    const endpoint = { TENANTRY_ARTEFACTS_BUCKET: 'reports', TENANTRY_ARTEFACTS_ENDPOINT: 'http://x' };

    expect(problemsOf(() => loadClouds(settings))).toEqual([expect.stringMatching(/^ACRONIS_BASE_URL: is not enc/)]);
    expect(problemsOf(() => loadClientSettings(settings))).toEqual([expect.stringMatching(/^TENANTRY_CODEC_KEYS/)]);
    expect(problemsOf(() => loadArtefacts({ ...settings, ...endpoint }))).toEqual([
      expect.stringMatching(/^TENANTRY_ARTEFACTS_ENDPOINT/),
    ]);
  });
});
