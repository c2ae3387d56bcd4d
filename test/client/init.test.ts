import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { emptyFolder } from '../support/command.js';
import { tenantryHere } from '../support/command-here.js';

const path = join(emptyFolder, '.env');
const SECRET = `it's "odd" #1`;
const CLOUD = ['--base-url', 'https://eu2-cloud.acronis.com', '--client-id', 'client-1'];
const OPTIONS = [...CLOUD, '--client-secret-file', '-'];

afterEach(() => rmSync(path, { force: true }));

const init = async (args: readonly string[], input = SECRET) => await tenantryHere(['init', ...args], {}, input);
const written = () => parseEnv(readFileSync(path, 'utf8'));

test('without a terminal, options say everything: .env is for this user only, and doctor can use it', async () => {
  const ended = await init(OPTIONS);

  expect(ended).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/only you can[^]*Next:\n.*doctor/),
  });
  expect(ended.stdout).not.toContain(SECRET);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(written()).toEqual({
    ACRONIS_BASE_URL: 'https://eu2-cloud.acronis.com',
    ACRONIS_CLIENT_ID: 'client-1',
    ACRONIS_CLIENT_SECRET: SECRET,
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    TEMPORAL_NAMESPACE: 'default',
    TENANTRY_ENV: 'production',
    TENANTRY_CODEC_KEYS: expect.stringMatching(/^k1:.{44}$/),
  });
  expect(await tenantryHere(['secret', 'list'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'TENANTRY_SECRETS_STORE: is missing; set it to the folder in which secrets are kept',
    ),
  });
});

test('what is there is never overwritten unasked; its key and what it sets besides stay', async () => {
  const before = 'TENANTRY_CODEC_KEYS=k0:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nTENANTRY_PLANS=plans.json\n';
  writeFileSync(path, before);
  const unasked = await init(OPTIONS);
  const left = readFileSync(path, 'utf8');
  const replaced = await init([...OPTIONS, '--replace', '--json', '--name', 'test']);

  expect(unasked).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('.env exists already; nothing was changed'),
  });
  expect(left).toBe(before);
  expect(JSON.parse(replaced.stdout)).toMatchObject({ file: '.env', madeKey: false, next: expect.any(Array) });
  expect(written()).toMatchObject({ ...parseEnv(before), TENANTRY_ENV: 'test', ACRONIS_CLIENT_ID: 'client-1' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each<[string, string[], string, RegExp]>([
  ['no option', [], SECRET, /these options are needed: --base-url, --client-id, --client-secret-file\.$/],
  [
    'an address of a page',
    ['--base-url', 'https://a.example/login', ...OPTIONS.slice(2)],
    SECRET,
    /^--base-url: has a/,
  ],
  [
    'an unencrypted address',
    ['--base-url', 'http://a.example', ...OPTIONS.slice(2)],
    SECRET,
    /BASE_URL: is not encrypted/,
  ],
  ['an empty secret', OPTIONS, '\n', /^--client-secret-file: is empty\.$/],
  ['a secret in no file', [...CLOUD, '--client-secret-file', '/nothere'], SECRET, /^There is no file called \/nothere/],
  ['a secret that no .env can hold', OPTIONS, 'a\'b"c`d', /^ACRONIS_CLIENT_SECRET: this value cannot be written/],
  ['no host', [...OPTIONS, '--temporal-address', 'a b'], SECRET, /TEMPORAL_ADDRESS: must be host and port/],
  ['a name with capitals', [...OPTIONS, '--name', 'Prod'], SECRET, /^--name: must be 1 to 20 of a-z, 0-9 and -\.$/],
])('%s is refused, and nothing is written', async (_words, args, input, sentence) => {
  const { code, stdout, stderr } = await init(args, input);

  expect({ code, stdout, stderr: stderr.trim() }).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(sentence),
  });
  expect(existsSync(path)).toBe(false);
});
