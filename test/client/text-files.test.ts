import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { assert, property, string, uint8Array } from 'fast-check';
import { openArtefacts } from '../../artefact-store/index.js';
import { decodeText } from '../../contract/text-files.js';
import { loadClouds } from '../../settings/client.js';
import { loadWorkerSettings, secretSourcesOf } from '../../settings/worker.js';
import { secretReader } from '../../worker/secrets.js';
import { cleanEnvironment, emptyFolder, program } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';
import { problemsOf } from '../support/problems.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const order = '{"customer": {"name": "Müller Söhne GmbH"}}';

/** A file of these bytes. */
function fileOf(bytes: Uint8Array): string {
  const file = join(emptyFolder, randomUUID());
  writeFileSync(file, bytes);
  return file;
}

describe('a text', () => {
  test('in UTF-8 is read as it was written, with or without a byte order mark', () => {
    assert(
      property(
        string({ unit: 'binary', minLength: 3 }).filter((text) => !text.includes('\0')),
        (text) => {
          const plain = text.replace(/^\uFEFF+/, '');
          expect(decodeText(Buffer.from(plain))).toBe(plain);
          expect(decodeText(Buffer.from(`\uFEFF${plain}`))).toBe(plain);
        },
      ),
    );
  });

  test('of any bytes is UTF-8, or the first wrong byte is named', () => {
    assert(
      property(uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const valid = Buffer.from(bytes);
        const text = () => decodeText(valid);
        try {
          expect(Buffer.from(text())).toEqual(valid.subarray(valid.indexOf('\uFEFF') === 0 ? 3 : 0));
        } catch (error) {
          const [, offset] = /byte at offset (\d+)/.exec((error as Error).message) ?? [];
          if (offset === undefined) expect((error as Error).message).toMatch(/^it is UTF-16 \((little|big) endian\); /);
          else
            expect(() =>
              new TextDecoder('utf-8', { fatal: true }).decode(valid.subarray(0, Number(offset))),
            ).not.toThrow();
        }
      }),
    );
  });

  test('that has a replacement character of its own is not wrong there', () => {
    const bytes = Buffer.concat([Buffer.from('\uFFFD\n'), latin1('ü')]);

    expect(() => decodeText(bytes)).toThrow('the byte at offset 4, in line 2, is invalid; save it as UTF-8');
  });

  test.each([
    ['UTF-16 (little endian)', Buffer.from(`\uFEFF${order}`, 'utf16le')],
    ['UTF-16 (little endian)', Buffer.from(order, 'utf16le')],
    ['UTF-16 (big endian)', Buffer.from(`\uFEFF${order}`, 'utf16le').swap16()],
    ['UTF-16 (big endian)', Buffer.from(order, 'utf16le').swap16()],
  ])('in %s is recognised', (name, bytes) => {
    expect(() => decodeText(bytes)).toThrow(`it is ${name}; save it as UTF-8`);
  });
});

const wrong = latin1(order);
const sentence = 'it is not UTF-8: the byte at offset 24, in line 1, is invalid; save it as UTF-8';

describe('a file in Latin-1 is refused with the position of its first wrong byte', () => {
  test.each([
    ['run', ['provisionCustomer', '--input']],
    ['plan', ['provisionCustomer', '--input']],
    ['amend', ['provisionCustomer:x', '--reason', 'x', '--input']],
    ['simulator', ['--fixture']],
    ['show', ['report']],
  ])('as the file of "%s"', async (command, args) => {
    const ended = await tenantry([command, ...args, fileOf(wrong)]);

    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) });
  });

  test.each([
    ['an order', ['run', 'provisionCustomer', '--input', '-'], {}],
    [
      'a secret',
      ['secret', 'put', 'x'],
      { TENANTRY_SECRETS_STORE: emptyFolder, TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` },
    ],
  ])('as %s from standard input', async (_what, args, variables) => {
    const ended = await tenantry(args, variables, wrong);

    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: `Standard input cannot be read: ${sentence}.\n` });
  });

  test('as the file of the clouds, of a client secret and of a password', async () => {
    const secret = fileOf(wrong);
    const cloud = { ACRONIS_BASE_URL: 'https://cloud.example.com', ACRONIS_CLIENT_ID: 'x' };
    const eu = { eu: { baseUrl: cloud.ACRONIS_BASE_URL, clientId: 'x', clientSecretFile: secret } };
    const password = { ...cloud, ACRONIS_CLIENT_SECRET: 'x', TENANTRY_SECRETS_DIR: emptyFolder };

    const problems = [
      ...problemsOf(() => loadClouds({ TENANTRY_CLOUDS: secret })),
      ...problemsOf(() => loadClouds({ TENANTRY_CLOUDS: fileOf(Buffer.from(JSON.stringify(eu))) })),
      ...problemsOf(() => loadClouds({ ...cloud, ACRONIS_CLIENT_SECRET_FILE: secret })),
    ];

    expect(problems).toEqual([
      expect.stringContaining(`TENANTRY_CLOUDS: the file ${secret} cannot be read: ${sentence}`),
      expect.stringContaining(`eu.clientSecretFile: the file ${secret} cannot be read: ${sentence}`),
      expect.stringContaining(`ACRONIS_CLIENT_SECRET_FILE: the file ${secret} cannot be read: ${sentence}`),
    ]);
    const name = secret.slice(emptyFolder.length + 1);
    await expect(secretReader(secretSourcesOf(loadWorkerSettings({}, password)))(`file:${name}`)).rejects.toThrow(
      sentence,
    );
  });

  test('as the settings in .env', async () => {
    const folder = emptyFolder;
    writeFileSync(join(folder, '.env'), latin1('TENANTRY_ENV=Süd\n'));
    try {
      expect(await tenantry(['doctor'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('.env cannot be read: it is not UTF-8: the byte at offset 14, in line 1'),
      });
    } finally {
      writeFileSync(join(folder, '.env'), '');
    }
  });

  test('as a stored report', async () => {
    const folder = join(emptyFolder, 'artefacts');
    const store = openArtefacts({ folder });
    const place = await store.put({ name: 'reports/x.csv', content: Readable.from([wrong]), type: 'text/csv' });

    await expect(store.get(place)).rejects.toThrow(sentence);
  });
});

test('an order that arrives slowly on standard input is read to its end', async () => {
  const child = spawn(process.execPath, [program, 'run', 'provisionCustomer', '--input', '-'], {
    env: cleanEnvironment(),
    cwd: emptyFolder,
  });
  const said = textOf(child.stderr);
  await once(child, 'spawn');
  await pause(1500);
  child.stdin.write('{"customer"');
  await pause(500);
  child.stdin.end(': {}}');

  expect(await said).toContain('customer.name: is missing');
});

test('an order with a byte order mark is read, and one in UTF-16 is named', async () => {
  const bare = '{"customer": {}}';
  const marked = await tenantry(['run', 'provisionCustomer', '--input', fileOf(Buffer.from(`\uFEFF${bare}`))]);
  const wide = await tenantry(['run', 'provisionCustomer', '--input', fileOf(Buffer.from(`\uFEFF${bare}`, 'utf16le'))]);

  expect(marked).toMatchObject({ code: 2, stderr: expect.stringContaining('customer.name: is missing') });
  expect(wide).toMatchObject({ code: 2, stderr: expect.stringContaining('it is UTF-16 (little endian)') });
});

test('no other function decodes a file, except for files that this product writes itself', () => {
  const clone = fileURLToPath(new URL('../../../', import.meta.url));
  const own = [
    'client/cli/demo/print.ts',
    'client/cli/operations.ts',
    'client/cli/overview-of-commands.ts',
    'engine/database.ts',
    'settings/version.ts',
    'vault/secret-readings.ts',
    'vault/secret-store.ts',
  ];
  const rooms = ['acronis', 'activities', 'artefact-store', 'catalogue', 'client', 'contract', 'engine', 'lookups'];
  const more = ['planning', 'settings', 'simulator', 'vault', 'worker', 'workflows'];
  const sources = [...rooms, ...more].flatMap((room) =>
    readdirSync(join(clone, room), { recursive: true })
      .map((file) => join(room, String(file)))
      .filter((file) => file.endsWith('.ts')),
  );

  const decoding = sources.filter((file) => {
    const text = readFileSync(join(clone, file), 'utf8');
    return /readFile(Sync)?\([^;]*'utf-?8'\)|transformToString|stream\/consumers.*\btext\b|\{ text \}.*consumers/.test(
      text,
    );
  });

  expect(decoding.toSorted()).toEqual(own);
});
