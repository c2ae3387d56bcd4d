import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findEngine, spawnGuarded, type GuardedProcess } from '../../engine/index.js';
import { cleanEnvironment, emptyFolder, program } from '../support/command.js';
import { withDecodedLayers } from '../support/leaks.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const UI = 'http://127.0.0.1:8233';
const settings = { TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };
const env = useProcessEnvironment(settings);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const plain = { metadata: { encoding: base64('json/plain') }, data: base64('{"login":"JohnDoe"}') };
let codec: GuardedProcess;
let url: string;

beforeAll(async () => {
  const variables = cleanEnvironment(settings);
  codec = await spawnGuarded(process.execPath, [program, 'codec', '--ui-origin', UI], {
    env: variables,
    cwd: emptyFolder,
  });
  codec.stderr.resume();
  const [line] = (await once(codec.stdout, 'data')) as [Buffer];
  ({ url } = JSON.parse(line.toString()) as { url: string });
});
afterAll(() => codec.stop());

async function decode(payload: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/decode`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ payloads: [payload] }),
  });
  const { payloads } = (await response.json()) as { payloads?: { data: string }[] };
  return { status: response.status, headers: response.headers, data: payloads?.[0]?.data };
}

test('Temporal’s own command line reads a history through it, and nothing without it', async () => {
  const order = anOrder({ customer: { name: `Geheimrat ${process.pid}` } });
  const run = ['run', 'provisionCustomer', '--input', '-', '--id', 'provisionCustomer:sealed'];
  expect(await env.tenantry(run, {}, JSON.stringify(order))).toMatchObject({ code: 0 });
  const { path } = await findEngine();
  const show = [
    'workflow',
    'show',
    '--workflow-id',
    'provisionCustomer:sealed',
    '-o',
    'json',
    '--address',
    env.engine.address,
  ];
  const temporal = async (...more: string[]) =>
    (await promisify(execFile)(path, [...show, ...more], { env: {} })).stdout;

  const [readable, unreadable] = await Promise.all([temporal('--codec-endpoint', url), temporal()]);

  expect(withDecodedLayers(readable)).toContain(order.customer.name);
  expect(withDecodedLayers(unreadable)).toContain('binary/encrypted');
  expect(withDecodedLayers(unreadable)).not.toContain(order.customer.name);
});

test('it passes through what it did not encrypt', async () => {
  expect(await decode(plain)).toMatchObject({ status: 200, data: plain.data });
});

test('a browser may ask from a named origin, also with a preflight request', async () => {
  expect((await decode(plain, { origin: UI })).headers.get('access-control-allow-origin')).toBe(UI);
  const headers = { origin: UI, 'access-control-request-headers': 'x-namespace,authorization,content-type' };

  const permission = await fetch(`${url}/decode`, { method: 'OPTIONS', headers });

  expect(permission.status).toBe(204);
  expect(permission.headers.get('access-control-allow-headers')).toMatch(/content-type.*x-namespace.*authorization/);
});

test('any other page is refused, and the browser keeps the answer from it', async () => {
  const stranger = await decode(plain, { origin: 'http://evil.example' });

  expect(stranger).toMatchObject({ status: 403, data: undefined });
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
});

test.each([
  ['without keys', ['codec'], { TENANTRY_CODEC_KEYS: '' }, 2, /TENANTRY_CODEC_KEYS: is missing/],
  ['on a port that is no port', ['codec', '--port', '70000'], {}, 2, /at most 65535/],
])('%s the codec server does not start', async (_what, args, more, code, message) => {
  expect(await env.tenantry(args, more)).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
});

test('it does not start on a port in use, and exits with 0 when stopped', async () => {
  const taken = await env.tenantry(['codec', '--port', new URL(url).port]);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('is in use. Give another --port') });

  codec.kill('SIGTERM');

  expect(await codec.exited).toBe(0);
});
