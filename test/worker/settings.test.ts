import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { hasArtefacts, hasClouds, loadClientSettings, loadClouds } from '../../settings/client.js';
import { settingNames, unknownSettings } from '../../settings/names.js';
import { loadWorkerSettings, secretSourcesOf } from '../../settings/worker.js';
import { secretReader } from '../../worker/secrets.js';
import { program } from '../support/command.js';
import { problemsOf } from '../support/problems.js';

const cloud = { ACRONIS_BASE_URL: 'http://127.0.0.1:1', ACRONIS_CLIENT_ID: 'x', ACRONIS_CLIENT_SECRET: 'y' };

/** The settings without functions, which cannot be compared. */
const facts = (settings: object) => JSON.parse(JSON.stringify(settings)) as unknown;

test.each([
  'ACRONIS_CLIENT_SECRET_FILE',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TENANTRY_ARTEFACTS_BUCKET',
  'TENANTRY_BUILD_ID',
  'TENANTRY_CLOUDS',
  'TENANTRY_CODEC_KEYS_FILE',
  'TENANTRY_ENV',
  'TENANTRY_HEALTH_HOST',
  'TENANTRY_HEALTH_PORT',
  'TENANTRY_LOG_LEVEL',
  'TENANTRY_NOTICE_WEBHOOK_FILE',
  'TENANTRY_SECRETS_DIR',
  'TENANTRY_SECRETS_STORE',
  'TENANTRY_TASK_QUEUE',
])('%s counts as not given when it is empty, for the worker and the command line', (name) => {
  const empty = { ...cloud, [name]: '' };

  expect(facts(loadWorkerSettings({ port: 0 }, empty))).toEqual(facts(loadWorkerSettings({ port: 0 }, cloud)));
  expect(facts(loadClientSettings(empty))).toEqual(facts(loadClientSettings(cloud)));
});

test('an empty folder of secrets opens no other folder, such as the one in which the worker was started', async () => {
  const read = secretReader(secretSourcesOf(loadWorkerSettings({}, { ...cloud, TENANTRY_SECRETS_DIR: '' })));

  await expect(read('file:package.json')).rejects.toThrow('TENANTRY_SECRETS_DIR is not set');
});

test('settings that are all empty configure no cloud and no store', () => {
  const empty = { TENANTRY_CLOUDS: '', ACRONIS_BASE_URL: '', TENANTRY_ARTEFACTS_DIR: '' };

  expect(hasClouds(empty)).toBe(false);
  expect(hasArtefacts(empty)).toBe(false);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['clouds that cannot be parsed', { TENANTRY_CLOUDS: program }, /TENANTRY_CLOUDS: .* cannot be read as JSON/],
  ['an empty file for the secret', file('/dev/null'), /ACRONIS_CLIENT_SECRET: is missing/],
  ['a secret file that is not there', file('/nope'), /ACRONIS_CLIENT_SECRET_FILE: the file \/nope cannot be read/],
])('%s: the worker refuses to start, and says which setting is wrong', (_words, wrong, sentence) => {
  expect(() => loadWorkerSettings({}, { ...cloud, ...wrong })).toThrow(sentence);
});

test('all problems come in one message, each with its variable', () => {
  const wrong = {
    ACRONIS_BASE_URL: 'ftp://x',
    TEMPORAL_TLS_CLIENT_CERT_PATH: '/nope',
    TENANTRY_ARTEFACTS_PREFIX: 'x',
    TENANTRY_CODEC_KEYS: 'k1:short',
    TENANTRY_ENV: 'Not Good',
    TENANTRY_HEALTH_PORT: 'x',
    TENANTRY_LOG_LEVEL: 'loud',
    TENANTRY_NOTICE_SMTP: 'x',
  };

  const problems = problemsOf(() => loadWorkerSettings({}, { ...cloud, ...wrong }));

  for (const name of Object.keys(wrong).filter((one) => !one.startsWith('TEMPORAL_')))
    expect(problems).toContainEqual(expect.stringContaining(`${name}: `));
  expect(problems).toContainEqual(
    expect.stringMatching(/^TEMPORAL_TLS_CLIENT_CERT_PATH: the file \/nope cannot be read/),
  );
});

test('a missing secret says where to get one', () => {
  const { ACRONIS_CLIENT_SECRET: _secret, ...others } = cloud;
  const where = /create an API client in the console of your partner tenant, Settings > API clients/;

  expect(problemsOf(() => loadWorkerSettings({}, others))).toEqual([expect.stringMatching(where)]);
  expect(() => loadClouds({})).toThrow(/create in the console of your partner tenant, Settings > API clients/);
});

test('of a variable whose file cannot be read, that is the only problem', () => {
  expect(problemsOf(() => loadWorkerSettings({}, { ...cloud, ...file('/nope') }))).toEqual([
    'ACRONIS_CLIENT_SECRET_FILE: the file /nope cannot be read: there is no such file',
  ]);
});

test.each([
  ['ACRONIS_CLIENT_SECRETT', 'ACRONIS_CLIENT_SECRET'],
  ['ACRONIS_CLIENT_SECRET_FIL', 'ACRONIS_CLIENT_SECRET'],
  ['ACRONIS_BASEURL', 'ACRONIS_BASE_URL'],
])('%s: the message that %s is missing names it', (misspelt, missing) => {
  const { [missing]: value, ...others } = cloud as Record<string, string>;

  expect(problemsOf(() => loadWorkerSettings({}, { ...others, [misspelt]: value }))).toEqual([
    expect.stringMatching(
      `^${missing}: is missing \\(or ${missing}_FILE\\): .*; ${misspelt} is set: is it misspelt\\?$`,
    ),
  ]);
});

describe('names that are no setting', () => {
  const found = (environment: Record<string, string>, envFile = {}) =>
    unknownSettings(environment, envFile).map(({ name, in: place, meant }) => [name, place, meant]);

  test.each<[string, string | undefined]>([
    ['TENANTRY_ENVV', 'TENANTRY_ENV'],
    ['TENANTRY_CODEC_KEY_FILE', 'TENANTRY_CODEC_KEYS_FILE'],
    ['TENANTRY_TEMPORALCLI', 'TENANTRY_TEMPORAL_CLI'],
    ['TENENTRY_ENV', 'TENANTRY_ENV'],
    ['TEMPORAL_ADRESS', 'TEMPORAL_ADDRESS'],
    ['temporal_namespace', 'TEMPORAL_NAMESPACE'],
    ['ACRONIS_CLIENTID', 'ACRONIS_CLIENT_ID'],
    ['TENANTRY_WHATEVER', undefined],
  ])('%s is found, wherever it is set', (name, meant) => {
    expect(found({ [name]: 'x' })).toEqual([[name, 'the environment', meant]]);
    expect(found({}, { [name]: 'x' })).toEqual([[name, '.env', meant]]);
  });

  test('settings, variables of Temporal and of other programs are not reported', () => {
    const temporal = [
      'PROFILE',
      'CONFIG_FILE',
      'TLS_CLIENT_KEY_DATA',
      'CODEC_AUTH',
      'UI_PORT',
      'TLS_CERT',
      'SERVICE_HOST',
    ];
    const names = [
      ...settingNames().filter((name) => !name.endsWith('<NAME>')),
      ...temporal.map((name) => `TEMPORAL_${name}`),
      'TENANTRY_SECRET_JANE',
      'TEMPORAL_GRPC_META_X_KEY',
      'POSTGRES_PASSWORD',
      'HTTPS_PROXY',
      'ACRONIS_TOKEN',
    ];

    expect(found({ ...Object.fromEntries(names.map((name) => [name, 'x'])), TENANTRY_OLD: '' })).toEqual([]);
  });

  test('variables that Kubernetes sets for a service called "tenantry" are not reported', () => {
    const set = {
      TENANTRY_SERVICE_HOST: 'x',
      TENANTRY_PORT: 'x',
      TENANTRY_PORT_9464_TCP_ADDR: 'x',
      TENANTRY_HEALT_PORT: '1',
    };

    expect(found({ ...set, KUBERNETES_SERVICE_HOST: 'x' }).map(([name]) => name)).toEqual(['TENANTRY_HEALT_PORT']);
    expect(found(set)).toHaveLength(4);
  });
});

function file(path: string): Record<string, string> {
  return { ACRONIS_CLIENT_SECRET: '', ACRONIS_CLIENT_SECRET_FILE: path };
}

describe('a file of clouds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-clouds-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'clouds.json');
  const good = { baseUrl: 'http://127.0.0.1:1', clientId: 'x', clientSecret: 'y' };
  const origin = `the data centre's origin, such as "https://eu2-cloud.acronis.com"`;

  test.each<[string, unknown, string[]]>([
    ['no cloud', {}, ['names no cloud; name at least one, such as {"eu": {"baseUrl": ']],
    ['a list', [], [': must be an object with a field for each cloud, such as {"eu": ']],
    ['a name with a blank', { 'my cloud': good }, [': my cloud: cannot be the name of a cloud: give 1 to 40 of ']],
    ['a text for a cloud', { eu: 'x' }, [': eu: must be an object with the fields baseUrl, clientId, and ']],
    [
      'missing and wrong fields',
      { eu: { clientId: 7, clientSecret: '' } },
      [
        `: eu.baseUrl: is missing; it must be ${origin}`,
        ': eu.clientId: must be the id of an API client, as text',
        ": eu.clientSecret: must be the API client's secret, as text",
      ],
    ],
    [
      'a misspelt field',
      { eu: { ...good, client_Id: 'x' } },
      [': eu: has no field "client_Id" (did you mean "clientId"?); its fields are '],
    ],
    ['a field too many', { eu: { ...good, region: 'x' } }, [': eu: has no field "region"; its fields are baseUrl, ']],
    ['no secret', { eu: { ...good, clientSecret: undefined } }, [': eu: needs clientSecretFile, a file with ']],
    [
      'a file for the secret that is not there',
      { eu: { ...good, clientSecret: undefined, clientSecretFile: '/nope' } },
      [': eu.clientSecretFile: the file /nope cannot be read'],
    ],
    [
      'an empty file for the secret',
      { eu: { ...good, clientSecret: undefined, clientSecretFile: '/dev/null' } },
      [': eu.clientSecretFile: the file /dev/null is empty; '],
    ],
  ])(
    'with %s: the worker refuses to start, and says once and in plain words what is wrong',
    (_words, content, lines) => {
      writeFileSync(path, JSON.stringify(content));
      const problems = problemsOf(() => loadClouds({ TENANTRY_CLOUDS: path }));

      expect(problems).toHaveLength(lines.length);
      for (const [nth, line] of lines.entries())
        expect(problems[nth]).toContain(`TENANTRY_CLOUDS: ${path}${line.startsWith(':') ? '' : ' '}${line}`);
      expect(problems.join()).not.toMatch(/Invalid|expected|received|record/);
      expect(() => loadWorkerSettings({}, { TENANTRY_CLOUDS: path })).toThrow(problems[0]);
    },
  );

  test('a key that is there twice is named with its path', () => {
    const eu = JSON.stringify(good);
    writeFileSync(path, `{"eu": ${eu}, "us": ${eu.replace('{', '{"clientId": "z", ')}, "eu": ${eu}}`);

    expect(problemsOf(() => loadClouds({ TENANTRY_CLOUDS: path }))).toEqual([
      `TENANTRY_CLOUDS: ${path}: us.clientId: is there twice, and only the last one would count: remove one`,
      `TENANTRY_CLOUDS: ${path}: eu: is there twice, and only the last one would count: remove one`,
    ]);
  });

  test('without a cloud is accepted where another setting names one', () => {
    writeFileSync(path, '{}');

    expect(Object.keys(loadWorkerSettings({}, { ...cloud, TENANTRY_CLOUDS: path }).clouds.clouds)).toEqual(['default']);
  });
});
