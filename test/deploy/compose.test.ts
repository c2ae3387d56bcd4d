import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { durationMs } from '../../contract/durations.js';
import { parse } from 'yaml';
import { settingNames } from '../../settings/names.js';
import { loadWorkerSettings } from '../../settings/worker.js';
import {
  compose,
  example,
  final,
  ours,
  read,
  root,
  services,
  text,
  variable,
  type Service,
} from '../support/compose.js';

const once = ({ restart = '' }: Service) => restart.startsWith('on-failure');
const longest = (source: string) => durationMs(/DRAIN_FORCED = '([^']+)'/.exec(source)![1]!);

const folder = mkdtempSync(join(tmpdir(), 'tenantry-compose-'));
const aKey = join(folder, 'codec-keys');
writeFileSync(aKey, `k1:${randomBytes(32).toString('base64')}`, { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true }));

describe('the settings', () => {
  test.each(ours)('%s is given none that the program does not know', (_name, { environment = {} }) => {
    const known = new Set(settingNames());
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
  });

  test('of the worker are accepted by it and mean what they say', () => {
    const given = Object.entries(compose.services['worker']!.environment!).map(([name, value]) => [
      name,
      `${value ?? ''}`,
    ]);
    const environment = Object.fromEntries(given) as Record<string, string>;
    for (const [name, path] of Object.entries(environment))
      if (name.endsWith('_FILE')) {
        expect(compose.services['worker']!.secrets).toContain(path.replace('/run/secrets/', ''));
        environment[name] = aKey;
      }
    const ofProduction = { TENANTRY_ENV: 'production', ACRONIS_BASE_URL: 'https://eu2-cloud.acronis.com' };
    const settings = loadWorkerSettings({}, { ...environment, ...ofProduction });
    expect(settings).toMatchObject({
      temporal: { namespace: 'default' },
      mark: { environment: 'production' },
      encryption: { keys: { current: { id: 'k1' } } },
      process: { health: { host: '0.0.0.0', port: 9464 } },
    });
    expect(settings.temporal.temporal.connectionOptions.address).toBe('temporal:7233');
    expect(Object.values(settings.clouds.clouds)).toEqual([
      expect.objectContaining({ baseUrl: ofProduction.ACRONIS_BASE_URL }),
    ]);
    expect(loadWorkerSettings({}, environment).clouds.clouds['default']!.baseUrl).toBe('http://simulator:8080');
  });

  test('that the file asks for are all in .env.example, and no others', () => {
    const asked = new Set([...text.matchAll(variable)].map(([, name]) => name!));
    expect(new Set(Object.keys(example).filter((name) => name !== 'COMPOSE_PROFILES'))).toEqual(asked);
  });

  test('that are secret are not in .env.example, and nothing starts without the database password', () => {
    expect(example['POSTGRES_PASSWORD']).toBe('');
    expect(text).toMatch(/\$\{POSTGRES_PASSWORD:\?/);
  });
});

describe('the order of things', () => {
  const dependencies = services.flatMap(([name, { depends_on = {} }]) =>
    Object.entries(depends_on).map(([on, how]) => ({ name, on, ...how })),
  );

  test.each(dependencies)('$name waits for $on in the way that $on can be waited for', ({ on, condition }) => {
    const service = compose.services[on];
    expect(service).toBeDefined();
    if (once(service!)) expect(condition).toBe('service_completed_successfully');
    else {
      expect(condition).toBe('service_healthy');
      expect(service!.healthcheck?.test).toBeDefined();
    }
  });

  test('is database, schema, server, namespace, worker', () => {
    const waits = dependencies.map(({ name, on }) => `${name} after ${on}`);
    const chain = ['schema after postgres', 'temporal after schema', 'setup after temporal', 'worker after setup'];
    expect(waits).toEqual(expect.arrayContaining(chain));
  });

  test('what a profile can leave out is waited for only if it is there', () => {
    const optional = dependencies.filter(({ on }) => compose.services[on]?.profiles !== undefined);
    expect(optional.map(({ required }) => required)).toEqual(optional.map(() => false));
  });

  test('what is to last starts again after a crash, and what is to end starts again until it has succeeded', () => {
    const oneTime = services.filter(([, service]) => once(service)).map(([name]) => name);
    expect(oneTime).toEqual(['schema', 'setup']);
    const lasting = services.filter(([, service]) => service.restart === 'unless-stopped').map(([name]) => name);
    expect([...oneTime, ...lasting].sort()).toEqual(services.map(([name]) => name).sort());
  });

  test('a worker that is stopped has more time than its calls in flight may take', () => {
    const given = durationMs(compose.services['worker']!.stop_grace_period!);
    expect(given).toBeGreaterThan(longest(read('worker/create-worker.ts')));
  });
});

describe('what comes in and goes out', () => {
  test('every port is published to this machine only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  });

  test('every service has a limit of memory and of processes', () => {
    const limits = services.map(([name, { mem_limit, pids_limit }]) => [name, mem_limit, pids_limit]);
    expect(
      limits.filter(([, memory, processes]) => !/^\d+[mg]$/.test(`${memory}`) || !(Number(processes) > 0)),
    ).toEqual([]);
  });

  test.each(ours)('%s can write only to volumes and to /tmp', (_name, { read_only, tmpfs, volumes = [] }) => {
    expect({ read_only, tmpfs }).toEqual({ read_only: true, tmpfs: ['/tmp'] });
    const written = volumes.filter((mount) => !mount.endsWith(':ro')).map((mount) => mount.split(':')[0]!);
    expect(written.filter((name) => !(name in compose.volumes))).toEqual([]);
  });

  test('every secret used is declared, and every one declared is used', () => {
    const used = services.flatMap(([, service]) => service.secrets ?? []);
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.secrets)));
  });

  test('every volume is declared; every file and folder is in the repository, or deploy/README.md says how to make it', () => {
    const mounts = services.flatMap(([, service]) => service.volumes ?? []).map((mount) => mount.split(':')[0]!);
    const files = Object.values(compose.secrets).flatMap(({ file }) => file ?? []);
    const guide = read('deploy/README.md');
    for (const path of [...mounts, ...files])
      if (!path.startsWith('./')) expect(Object.keys(compose.volumes)).toContain(path);
      else expect([path, existsSync(root + path) || guide.includes(path.slice(2))]).toEqual([path, true]);
  });

  test('the browser asks the codec server where it is published, and is let in from where the web UI is', () => {
    const { ui, codec } = compose.services;
    const [published] = codec!.ports!;
    expect(ui!.environment!['TEMPORAL_CODEC_ENDPOINT']).toBe(`http://${published!.replace(/:\d+$/, '')}`);
    expect(codec!.command).toEqual(expect.arrayContaining([`http://${ui!.ports![0]!.replace(/:\d+$/, '')}`]));
    expect(codec!.command).toEqual(expect.arrayContaining(['--port', published!.split(':').at(-1)]));
  });

  test.each(['TENANTRY_SECRETS_STORE', 'TENANTRY_ARTEFACTS_DIR'])(
    'what is kept at %s survives a new container, and belongs to the user of the worker',
    (setting) => {
      const { environment, volumes } = compose.services['worker']!;
      const folder = String(environment![setting]);
      const places = volumes!.filter((mount) => !mount.startsWith('./')).map((mount) => mount.split(':')[1]!);
      expect(places.filter((place) => `${folder}/`.startsWith(`${place}/`))).not.toEqual([]);
      const [, owned] = /install --directory --owner=node .*?((?: \/\S+)+)$/m.exec(final)!;
      expect(owned!.trim().split(' ')).toEqual(expect.arrayContaining(places));
    },
  );

  test('the dynamic settings are in the form the server reads', () => {
    const settings = Object.values(parse(read('deploy/temporal/dynamicconfig.yaml')) as object);
    for (const values of settings) expect(values).toEqual([{ value: expect.anything() }]);
  });

  test('the example has no secret, and git ignores the real ones', () => {
    expect(read('deploy/secrets/.gitignore').split('\n')).toContain('*');
    expect(
      read('.dockerignore')
        .split('\n')
        .find((line) => !line.startsWith('#')),
    ).toBe('*');
  });
});
