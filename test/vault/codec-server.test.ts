import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCodecServer, type CodecServer } from '../../vault/codec-server.js';
import { createCodec, parseKeys } from '../../vault/index.js';

const ui = 'http://127.0.0.1:8233';
const codec = createCodec(parseKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const payloads = [{ metadata: { encoding: base64('json/plain') }, data: base64('{"login":"JohnDoe"}') }];
let server: CodecServer;

beforeAll(async () => {
  server = await startCodecServer(codec, { port: 0, origins: [ui] });
});
afterAll(() => server.close());

async function ask(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(server.url + path, { method: 'POST', body: text, headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as typeof sealed };
}
const sealed = { payloads, error: '' };

test('decodes what it has encoded, with any query string', async () => {
  const encoded = await ask('/encode', { payloads });
  expect(JSON.stringify(encoded.body)).not.toContain(payloads[0]!.data);

  const decoded = await ask('/decode?preserveStorageRefs=true', encoded.body);

  expect(decoded.body.payloads).toEqual(payloads);
});

test('a browser is allowed only from the origin of the UI', async () => {
  const preflight = { method: 'OPTIONS', headers: { origin: ui, 'access-control-request-headers': 'x-namespace' } };
  const { status, headers } = await fetch(`${server.url}/decode`, preflight);
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-origin')).toBe(ui);
  expect(headers.get('access-control-allow-headers')).toContain('x-namespace');

  const stranger = await ask('/decode', { payloads }, { origin: 'http://evil.example' });
  expect(stranger.status).toBe(403);
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
});

test('a body of unknown length is read, and one that is too large is refused', async () => {
  const chunked = async (text: string) => {
    const body = new Blob([text]).stream();
    return await fetch(`${server.url}/encode`, { method: 'POST', body, duplex: 'half' });
  };

  expect((await chunked(JSON.stringify({ payloads }))).status).toBe(200);
  const { status, body } = await ask('/encode', 'x'.repeat(16 * 1024 * 1024 + 1));
  expect(status).toBe(400);
  expect(body.error).toBe('the body is larger than 16 MiB');
});

test('nonsense is refused with a reason', async () => {
  expect(await ask('/decode', 'no json')).toMatchObject({ status: 400 });
  expect(await ask('/somewhere', { payloads })).toMatchObject({ status: 404 });
  const foreign = {
    metadata: { encoding: base64('binary/encrypted'), 'encryption-key-id': base64('k9') },
    data: 'AAAA',
  };
  const { status, body } = await ask('/decode', { payloads: [foreign] });
  expect(status).toBe(400);
  expect(body.error).toContain('the key k9');
});
