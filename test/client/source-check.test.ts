import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-source-check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const secretsDir = join(folder, 'secrets');
mkdirSync(secretsDir);
writeFileSync(join(secretsDir, 'signing'), 'whsec_0123456789abcdefshop');
writeFileSync(join(secretsDir, 'api'), 'rk_live_0123456789abcdef');
writeFileSync(join(secretsDir, 'wrong'), 'whsk_abc');
const withSecrets = { TENANTRY_SECRETS_DIR: secretsDir };
// nothing listens there
const noTemporal = { TEMPORAL_ADDRESS: '127.0.0.1:9' };

interface Answer {
  warnings: { path: string }[];
  unchecked: { path: string; message: string }[];
  error: { problems: { path: string; message: string }[] };
}

async function check(sources: unknown, variables: Record<string, string> = {}, ...args: string[]) {
  const text = typeof sources === 'string' ? sources : JSON.stringify(sources);
  const ended = await tenantry(['sources', 'check', '-', '--json', ...args], { ...noTemporal, ...variables }, text);
  return { code: ended.code, ...(JSON.parse(ended.stdout) as Answer), text: ended.stdout + ended.stderr };
}

const shop = { kind: 'stripe', secrets: ['file:signing'], apiKey: 'file:api' };

test('secrets that are here are read, and none is shown', async () => {
  const { code, unchecked, text } = await check({ shop }, withSecrets);
  expect(code).toBe(0);
  expect(unchecked.map(({ path }) => path)).toEqual(['the daily sync of shop']);
  expect(text).not.toMatch(/whsec_|rk_live/);
});

test('each secret that cannot be read or used is named, with where it was looked for and who needs it', async () => {
  const sources = {
    shop: { ...shop, secrets: ['file:signing', 'file:none'], apiKey: 'file:wrong' },
    own: { kind: 'standard-webhooks', secrets: ['file:wrong'] },
  };
  const { code, error, text } = await check(sources, withSecrets);
  expect(code).toBe(2);
  expect(error.problems).toEqual([
    {
      path: 'shop.secrets.1',
      message: 'the file none in TENANTRY_SECRETS_DIR cannot be found on this machine; the gateway needs it',
    },
    { path: 'shop.apiKey', message: expect.stringMatching(/API key.*; the worker needs it$/) },
    { path: 'own.secrets.0', message: expect.stringMatching(/; the gateway needs it$/) },
  ]);
  expect(text).not.toContain('whsk_abc');
});

test('a secret of a place that is not configured here is not checked, unless a process is named that needs it', async () => {
  const sources = { shop: { ...shop, apiKey: 'env:API' } };
  const anywhere = await check(sources);
  expect(anywhere.code).toBe(0);
  expect(anywhere.unchecked.map(({ path }) => path)).toEqual(expect.arrayContaining(['shop.secrets.0', 'shop.apiKey']));

  const problems = async (process: string) =>
    (await check(sources, {}, '--for', process)).error.problems.map(({ path }) => path);
  expect(await problems('gateway')).toEqual(['shop.secrets.0']);
  expect(await problems('worker')).toEqual(['shop.apiKey']);
  expect((await check(sources, withSecrets, '--for', 'gateway')).code).toBe(0);
});

test('a key that is there twice is refused, beside every other problem', async () => {
  const { code, error } = await check(`{"shop": {"kind": "stripe", "act": "apply", "act": "apply"}}`);
  expect(code).toBe(2);
  expect(error.problems.map(({ path }) => path)).toEqual(['shop.act', 'shop.secrets']);
});

test('a cloud of a source must be configured, where clouds are', async () => {
  const sources = { shop: { ...shop, cloud: 'ue' } };
  expect((await check(sources, withSecrets)).unchecked.map(({ path }) => path)).toContain('shop.cloud');

  const clouds = join(folder, 'clouds.json');
  writeFileSync(clouds, '{"eu": {"baseUrl": "http://127.0.0.1:1", "clientId": "x", "clientSecret": "y"}}');
  const { code, error } = await check(sources, { ...withSecrets, TENANTRY_CLOUDS: clouds });
  expect(code).toBe(2);
  expect(error.problems).toEqual([{ path: 'shop.cloud', message: 'no cloud ue is configured here, only eu' }]);
});

test('for people, what is not checked is on standard error, and the table alone on standard output', async () => {
  const ended = await tenantry(['sources', 'check', '-'], { ...noTemporal, ...withSecrets }, JSON.stringify({ shop }));
  expect(ended).toMatchObject({
    code: 0,
    stdout: 'SOURCE  KIND    ACT      MODE\nshop    stripe  observe  live\n',
    stderr: expect.stringMatching(
      /^– the daily sync of shop is not checked: Temporal does not answer at 127\.0\.0\.1:9/,
    ),
  });
});

test('a file that is no JSON is refused with the place of the mistake', async () => {
  const ended = await tenantry(['sources', 'check', '-'], noTemporal, '{"shop": {},\n "own" {}}');
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/^Standard input cannot be used:\n {2}sources: is not valid JSON: line 2, column 8: /);
});
