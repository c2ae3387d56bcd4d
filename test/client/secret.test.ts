import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSecretStore, parseKeys } from '../../vault/index.js';
import { PASSWORD_PREFIX } from '../support/leaks.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'tenantry-secrets-'));
const settings = { TENANTRY_CODEC_KEYS: `k1:${key(1)}`, TENANTRY_SECRETS_STORE: join(folder, 'store') };
const env = useProcessEnvironment(settings);
const { tenantry } = env;
afterAll(() => rmSync(folder, { recursive: true }));

const put = async (name: string, value: string, more = {}) => await tenantry(['secret', 'put', name], more, value);
const list = async () => JSON.parse((await tenantry(['secret', 'list', '--json'])).stdout) as string[];

describe('a secret', () => {
  test('is put, listed by its name, and removed, and its value is not shown', async () => {
    const stored = await put('jane', `${PASSWORD_PREFIX} jane\n`);
    expect(stored).toMatchObject({ code: 0, stdout: 'stored; refer to it as store:jane\n' });
    expect(await list()).toEqual(['jane']);

    const removed = await tenantry(['secret', 'remove', 'jane']);

    expect(removed).toMatchObject({ code: 0, stdout: 'jane is removed\n' });
    expect(await list()).toEqual([]);
  });

  test('is printed when somebody asks for it, and into a file or a pipe only when that is meant', async () => {
    await put('token', 'AB12-CD34-EF56');

    const refused = await tenantry(['secret', 'get', 'token']);
    const printed = await tenantry(['secret', 'get', 'token', '--yes']);

    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/no terminal.*--yes/) });
    expect(printed).toMatchObject({ code: 0, stdout: 'AB12-CD34-EF56\n', stderr: '' });
    const readings = readFileSync(join(settings.TENANTRY_SECRETS_STORE, 'readings.jsonl'), 'utf8');
    expect(
      readings
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([{ at: expect.any(String), name: 'token', by: userInfo().username, over: 'command line' }]);
    expect(await tenantry(['secret', 'get', 'store:token', '--yes'])).toEqual(printed);
    await tenantry(['secret', 'remove', 'token']);
  });

  test('is not printed where it cannot be written down who reads it', async () => {
    await put('unwritten', 'AB12-CD34-EF56');
    const file = join(settings.TENANTRY_SECRETS_STORE, 'readings.jsonl');
    rmSync(file, { force: true });
    mkdirSync(file);

    const refused = await tenantry(['secret', 'get', 'unwritten', '--yes']);

    rmSync(file, { recursive: true });
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/written down.*readings.jsonl/),
    });
    await tenantry(['secret', 'remove', 'unwritten']);
  });

  test('that was put before a run is the password of its administrator, and in no history', async () => {
    await put('administrator', `${PASSWORD_PREFIX} the administrator`);
    const order = anOrder({ activation: { by: 'password', secretRef: 'store:administrator' } });

    const ended = await tenantry(['run', 'provisionCustomer', '--input', '-', '--json'], {}, JSON.stringify(order));

    expect(JSON.parse(ended.stdout)).toMatchObject({ state: 'completed' });
    const login = env.simulator.world.users().find((user) => user.login === order.administrator.login);
    expect(login?.['activated']).toBe(true);
  });

  test('that is not there blocks the run, which says where to put it and goes on once it is there', async () => {
    const activation = { by: 'password', secretRef: 'store:late' };
    const order = JSON.stringify(anOrder({ onFailure: 'ask', activation }));
    const blocked = await tenantry(['run', 'provisionCustomer', '--input', '-', '--json'], {}, order);
    const { id, ...status } = JSON.parse(blocked.stdout) as { id: string };
    expect(status).toMatchObject({ blocked: { type: 'Tenantry.Secret', step: 'checkSecret' } });
    expect(blocked.stdout).toContain('tenantry secret put late');

    expect(blocked.stdout).toContain('activation.secretRef');
    expect(status).not.toHaveProperty('tenantId');

    await put('late', `${PASSWORD_PREFIX} late`);

    expect(await tenantry(['retry', id, '--reason', 'put there'])).toMatchObject({ code: 0 });
  });

  test.each([
    ['an empty one', ['put', 'empty'], {}, /empty; nothing was stored/],
    ['a name with a path in it', ['put', '../outside'], {}, /a name may hold letters/],
    ['one that is not there, to be printed', ['get', 'nobody', '--yes'], {}, /no secret nobody.*secret list/],
    ['one that is not there, to be removed', ['remove', 'nobody'], {}, /no secret nobody.*secret list/],
    ['without a store', ['list'], { TENANTRY_SECRETS_STORE: '' }, /TENANTRY_SECRETS_STORE: is missing/],
    ['without keys', ['list'], { TENANTRY_CODEC_KEYS: '' }, /TENANTRY_CODEC_KEYS: is missing.*openssl rand/],
    ['with a key that is none', ['list'], { TENANTRY_CODEC_KEYS: 'k1:short' }, /TENANTRY_CODEC_KEYS: the key k1/],
  ])('%s is refused with the remedy', async (_what, args, more, message) => {
    const ended = await tenantry(['secret', ...args], more);

    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });

  test('is sealed with the newest key by reseal, after which the old key is not needed any more', async () => {
    await put('old', `${PASSWORD_PREFIX} old`);
    const stores = openSecretStore(settings.TENANTRY_SECRETS_STORE, parseKeys(`k2:${key(2)},k1:${key(1)}`));
    const owner = { kind: 'agent-token', cloud: 'default', tenantId: 't-1' } as const;
    await openSecretStore(settings.TENANTRY_SECRETS_STORE, parseKeys(settings.TENANTRY_CODEC_KEYS)).put(
      'of-a-run',
      `${PASSWORD_PREFIX} of a run`,
      { owner, id: 'token-1' },
    );
    const newer = { TENANTRY_CODEC_KEYS: `k2:${key(2)}` };
    const early = await tenantry(['secret', 'reseal'], newer);
    expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining('needs the key k1') });

    const both = { TENANTRY_CODEC_KEYS: `k2:${key(2)},k1:${key(1)}` };
    await tenantry(['secret', 'reseal'], both);

    expect(await tenantry(['secret', 'reseal'], newer)).toMatchObject({ code: 0 });
    const files = readdirSync(settings.TENANTRY_SECRETS_STORE).filter((file) => file.endsWith('.secret'));
    const contents = files.map((file) => readFileSync(join(settings.TENANTRY_SECRETS_STORE, file), 'utf8'));
    expect(contents.every((content) => content.startsWith('k2:'))).toBe(true);
    expect((await stores.read('of-a-run'))?.origin).toEqual({ owner, id: 'token-1' });
    await tenantry(['secret', 'reseal'], { TENANTRY_CODEC_KEYS: `k1:${key(1)},k2:${key(2)}` });
  });
});
