import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { setUpNamespace } from '../../engine/index.js';
import { emptyFolder, program } from '../support/command.js';
import { doctorOf, type Diagnosis } from '../support/doctor.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const signing = `whsec_${randomBytes(24).toString('base64')}`;
const keys = `k7:${randomBytes(32).toString('base64')}`;

function settingsFile(name: string, value: object): string {
  writeFileSync(join(emptyFolder, name), JSON.stringify(value));
  return join(emptyFolder, name);
}
const eventFiles = () => ({
  TENANTRY_SOURCES: settingsFile('sources.json', { shop: { kind: 'stripe', secrets: ['file:signing'] } }),
  TENANTRY_PLANS: settingsFile('plans.json', { plans: { gold: { edition: 'e', sold: { shop: ['p'] } } } }),
});

const diagnose = doctorOf(env);

test('a working environment passes every check, and nothing is changed', async () => {
  const calls = env.simulator.journal.calls().length;

  const { code, ok, checks } = await diagnose(eventFiles());

  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([
    { name: 'outgoing events', state: 'skipped', message: 'TENANTRY_OUTGOING is not set' },
  ]);
  expect(checks.find(({ name }) => name === 'runs')?.message).toBe('none is open');
  expect(checks.map(({ name }) => name)).toEqual([
    'names of settings',
    'system',
    'notices',
    'actors',
    'proxy',
    'encryption',
    'Temporal',
    'namespace',
    'search attributes',
    'workers',
    'keys',
    'runs',
    ...['credentials', 'root tenant', 'rights', 'clock'].map((what) => `cloud default: ${what}`),
    'artefacts',
    'sources',
    'plans',
    'outgoing events',
  ]);
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  const made = env.simulator.journal.calls().slice(calls);
  expect(made.filter(({ route }) => !route.startsWith('GET ') && route !== 'POST /idp/token')).toEqual([]);
});

test.each<[what: string, settings: Record<string, string>, check: string, remedy: RegExp]>([
  ['wrong credentials', { ACRONIS_CLIENT_SECRET: 'wrong' }, 'cloud default: credentials', /ACRONIS_CLIENT_SECRET/],
  [
    'an unreachable cloud',
    { ACRONIS_BASE_URL: 'http://127.0.0.1:9' },
    'cloud default: credentials',
    /ACRONIS_BASE_URL/,
  ],
  ['an unknown namespace', { TEMPORAL_NAMESPACE: 'nowhere' }, 'namespace', /tenantry setup/],
  ['a bucket that is no name', { TENANTRY_ARTEFACTS_BUCKET: 'No Bucket' }, 'artefacts', /Fix the setting/],
  ['a port that is no port', { TENANTRY_HEALTH_PORT: 'x' }, 'settings', /Fix the setting/],
  ['production without keys', { TENANTRY_ENV: 'production' }, 'settings', /Fix the setting/],
  ['a folder below a file', { TENANTRY_ARTEFACTS_DIR: `${program}/reports` }, 'artefacts', /Fix the TENANTRY_ARTEF/],
  ['a task queue that nobody polls', { TENANTRY_TASK_QUEUE: 'empty' }, 'workers', /tenantry worker/],
])('%s is found, with the remedy', async (_what, changed, name, remedy) => {
  const { code, ok, check } = await diagnose(changed);

  expect(check(name)).toMatchObject({ state: 'fail', remedy: expect.stringMatching(remedy) });
  expect({ code, ok }).toEqual({ code: 1, ok: false });
});

test.each<[what: string, eu: { baseUrl?: string; clientSecret?: string }, remedy: string]>([
  [
    'wrong credentials',
    { clientSecret: 'wrong' },
    'Check baseUrl, clientId and clientSecretFile (or clientSecret) of eu in the file',
  ],
  [
    'an unreachable cloud',
    { baseUrl: 'http://127.0.0.1:1' },
    'Check baseUrl of eu in the file TENANTRY_CLOUDS and the',
  ],
])(
  '%s in the file of clouds: the remedy names that file, and no setting that is not used',
  async (_what, eu, remedy) => {
    const { url, clientId, clientSecret } = env.simulator;
    const path = join(emptyFolder, 'clouds-of-doctor.json');
    writeFileSync(path, JSON.stringify({ eu: { baseUrl: url, clientId, clientSecret, ...eu } }));
    const { stdout } = await env.tenantry(['doctor', '--json'], { TENANTRY_CLOUDS: path });

    const { checks } = JSON.parse(stdout) as Diagnosis;
    const found = checks.find(({ name }) => name === 'cloud eu: credentials');
    expect(found).toMatchObject({ state: 'fail', remedy: expect.stringContaining(remedy) });
    expect(stdout).not.toMatch(/ACRONIS_/);
    expect(found?.message).not.toMatch(/TypeError/);
  },
);

test('a search attribute of another type is found, with the remedy', async () => {
  const connection = env.client.connection as Connection;
  const namespace = 'other-type';
  await setUpNamespace({ connection, namespace, searchAttributes: [] });
  const { INDEXED_VALUE_TYPE_INT } = proto.temporal.api.enums.v1.IndexedValueType;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: { ExternalRef: INDEXED_VALUE_TYPE_INT },
  });

  const { check } = await diagnose({ TEMPORAL_NAMESPACE: namespace });

  expect(check('search attributes')).toEqual({
    name: 'search attributes',
    state: 'fail',
    message: expect.stringMatching(/^Search attribute ExternalRef exists in namespace other-type as INT/),
    remedy: expect.stringMatching(/^Remove it/),
  });
});

test('an unreachable Temporal is one message, and the cloud is still checked', async () => {
  const { check } = await diagnose({ TEMPORAL_ADDRESS: '127.0.0.1:9' });

  expect(check('Temporal')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('tenantry engine') });
  expect(check('workers')).toMatchObject({ state: 'skipped' });
  expect(check('cloud default: rights')).toMatchObject({ state: 'ok' });
});

test('without a cloud’s settings it says where to ask', async () => {
  const { code, stdout } = await env.tenantry(['doctor']);

  expect(stdout).toContain('run doctor where the worker runs');
  expect(code).toBe(0);
});

test('a misspelt setting is named by the worker, the command line and doctor, each with the right name', async () => {
  const misspelt = { TENANTRY_ENVV: 'production', TEMPORAL_ADRESS: 'x', TENANTRY_COLOUR: 'red', TEMPORAL_UI_PORT: '1' };
  const sentence =
    'Ignored, because there is no such setting: TENANTRY_ENVV (did you mean TENANTRY_ENV?), ' +
    'TEMPORAL_ADRESS (did you mean TEMPORAL_ADDRESS?), TENANTRY_COLOUR.';
  await env.replaceWorker(misspelt);
  const listing = await env.tenantry(['list', '--json'], misspelt);
  const { check, stderr } = await diagnose(misspelt);

  expect(env.worker.log()).toContain(sentence);
  expect(listing).toMatchObject({ code: 0, stderr: `${sentence}\n`, stdout: expect.not.stringContaining('ENVV') });
  expect(check('names of settings')).toMatchObject({ state: 'warn', message: sentence });
  expect(stderr).toBe('');
});

test('it says which system this is, whether it encrypts, and where notices go, without secrets', async () => {
  const hook = {
    TENANTRY_NOTICE_WEBHOOK: 'https://hooks.example.com/T0/hidden',
    TENANTRY_NOTICE_WEBHOOK_SECRET: signing,
  };
  const mail = {
    TENANTRY_NOTICE_SMTP: 'smtps://me:hunter2@mail.example.com',
    TENANTRY_NOTICE_MAIL_FROM: 'tenantry@example.com',
    TENANTRY_NOTICE_MAIL_TO: 'ops@example.com',
  };
  const plain = await diagnose();
  const full = await diagnose({ ...hook, ...mail, TENANTRY_ENV: 'prod-eu', TENANTRY_CODEC_KEYS: keys });

  expect(plain.check('system')).toMatchObject({ state: 'ok', message: expect.stringContaining('development') });
  expect(plain.check('encryption')?.message).toMatch(/^off/);
  expect(plain.check('notices')?.message).toBe("go to the worker's log");
  expect(full.check('system')).toMatchObject({ state: 'warn', message: expect.stringContaining('prod-eu') });
  expect(full.check('encryption')?.message).toBe('on, with the key k7');
  expect(full.check('notices')?.message).toBe(
    "go to the worker's log, the webhook at hooks.example.com, ops@example.com by mail.example.com",
  );
  expect(JSON.stringify(full.checks)).not.toMatch(/hidden|hunter2|whsec_/);
});

test('what production would refuse is a warning elsewhere, and a failed check there', async () => {
  const weak = { TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` };
  const here = await diagnose(weak);
  const there = await diagnose({ ...weak, TENANTRY_ENV: 'production' });

  expect(here.check('safety')).toMatchObject({
    state: 'warn',
    message: expect.stringContaining('TENANTRY_CODEC_KEYS: the key k1 is not random'),
  });
  expect(there.check('settings')).toMatchObject({ state: 'fail', message: here.check('safety')?.message });
  expect(there.code).toBe(1);
});

test('sources and plans are checked with what they name, and every problem is a failed check', async () => {
  const none = await diagnose();
  expect(none.check('sources')).toMatchObject({ state: 'skipped', message: 'TENANTRY_SOURCES is not set' });
  expect(none.check('plans')).toMatchObject({ state: 'skipped', message: 'TENANTRY_PLANS is not set' });

  const missing = await diagnose({ ...eventFiles(), TENANTRY_SOURCES: '/nope' });
  expect(missing.check('sources')).toMatchObject({ state: 'fail', message: expect.stringContaining('/nope (') });
  expect(missing.check('plans')).toMatchObject({ state: 'ok' });

  const bad = {
    TENANTRY_PLANS: settingsFile('bad.json', { plans: { gold: { edition: 'e', sold: { shpo: ['p'] } } } }),
  };
  const { code, check } = await diagnose({ ...eventFiles(), ...bad });
  expect(code).toBe(1);
  expect(check('plans')).toEqual({
    name: 'plans',
    state: 'fail',
    message: 'plans.gold.sold.shpo: sources.json has no source shpo; did you mean shop?',
    remedy: 'Correct it; "tenantry plans check" checks it again.',
  });
});

test('notices.json is checked with what it names', async () => {
  const routes = [{ when: { clouds: ['us'] }, to: [] }, { to: [] }];
  const { checks } = await diagnose({ TENANTRY_NOTICES: settingsFile('notices.json', { targets: {}, routes }) });
  const [where, file] = checks.filter(({ name }) => name === 'notices');

  expect(where?.message).toMatch(/^go to the worker's log, the targets of .*notices\.json$/);
  expect(file).toMatchObject({ state: 'fail', message: expect.stringContaining('no cloud us is configured here') });
});

test('a folder for files is only good if files can be written there', async () => {
  const made = join(emptyFolder, 'reports');
  mkdirSync(made, { recursive: true });
  const there = await diagnose({ TENANTRY_ARTEFACTS_DIR: made });
  const later = await diagnose({ TENANTRY_ARTEFACTS_DIR: join(made, 'later') });
  const never = await diagnose({ TENANTRY_ARTEFACTS_DIR: '/proc/reports' });

  expect(there.check('artefacts')).toEqual({ name: 'artefacts', state: 'ok', message: `folder ${made}` });
  expect(later.check('artefacts')?.message).toBe(`folder ${join(made, 'later')}, made with the first file`);
  expect(never.check('artefacts')).toMatchObject({
    state: 'fail',
    message: expect.stringMatching(/cannot be written/),
  });
  expect(readdirSync(made)).toEqual([]);
});

test('doctor says when nothing looks for outgoing events', async () => {
  const entry = { url: 'http://127.0.0.1:9/', secret: 'env:CRM', events: ['*'] };
  const TENANTRY_OUTGOING = settingsFile('outgoing.json', [entry]);

  const { check } = await diagnose({ TENANTRY_OUTGOING, TENANTRY_SECRET_CRM: signing });

  expect(check('deliveries')).toMatchObject({ state: 'warn', remedy: expect.stringContaining('TENANTRY_OUTGOING') });
});
