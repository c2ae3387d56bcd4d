import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { Agent } from 'undici';
import { SigningKeys, type Fetch } from '../../gateway/signing-keys.js';
import { authority, certificate, certificateKey } from '../support/tls.js';

/** The host of the certificate; its name leads to the server of the test. */
const HOST = 'other.example';
const address = (path = '/key') => new URL(`https://${HOST}${path}`);
const key =
  (text: string): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify({ signing_key: text }));

let server: Server | undefined;
let agent: Agent | undefined;
afterEach(async () => {
  await agent?.close();
  server?.closeAllConnections();
  server?.close();
  [server, agent] = [undefined, undefined];
});

/** Node's own fetch, to a server of the test that has the certificate of the host. */
async function fetchFrom(answer: RequestListener): Promise<{ fetch: Fetch; calls: string[] }> {
  const calls: string[] = [];
  server = createServer({ key: certificateKey, cert: certificate }, (request, response) => {
    calls.push(request.url!);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const lookup = (_host: string, _options: object, found: (error: null, addresses: object[]) => void) =>
    found(null, [{ address: '127.0.0.1', family: 4 }]);
  agent = new Agent({ connect: { ca: authority, lookup: lookup as never } });
  const through: object = { dispatcher: agent };
  const fetchLocal: Fetch = async (url, init) => {
    const local = new URL(url);
    local.port = String(port);
    return await fetch(local, { ...init, ...through });
  };
  return { fetch: fetchLocal, calls };
}

test('a key is fetched once for five minutes, also for deliveries that arrive together', async () => {
  const { fetch: get, calls } = await fetchFrom(key('one'));
  const keys = new SigningKeys(get);
  expect(await Promise.all([keys.get(address()), keys.get(address())])).toEqual(['one', 'one']);
  expect(await keys.get(address())).toBe('one');
  expect(await keys.get(address('/key?id=2'))).toBe('one');
  expect(calls).toEqual(['/key', '/key?id=2']);
});

test('what fails is asked for again by the next delivery', async () => {
  let fails = true;
  const { fetch: get } = await fetchFrom((request, response) => {
    if (fails) response.statusCode = 500;
    key('two')(request, response);
  });
  const keys = new SigningKeys(get);
  await expect(keys.get(address())).rejects.toThrow('its address answers 500');
  fails = false;
  expect(await keys.get(address())).toBe('two');
});

test('a redirect is not followed', async () => {
  const { fetch: get, calls } = await fetchFrom((_request, response) =>
    response.writeHead(302, { location: '/elsewhere' }).end(),
  );
  await expect(new SigningKeys(get).get(address())).rejects.toThrow();
  expect(calls).toEqual(['/key']);
});

test.each<[string, RequestListener]>([
  ['an answer without a key', (_request, response) => response.end('{}')],
  ['an answer that is no JSON', (_request, response) => response.end('key')],
  ['an empty key', key('')],
  ['an answer of more than 64 KiB', key('x'.repeat(65 * 1024))],
])('%s is no key', async (_what, answer) => {
  const { fetch: get } = await fetchFrom(answer);
  await expect(new SigningKeys(get).get(address())).rejects.toThrow('its address answers');
});

test('a server that does not answer is given up after about a second', async () => {
  const { fetch: get } = await fetchFrom(() => undefined);
  const began = performance.now();
  await expect(new SigningKeys(get).get(address())).rejects.toThrow(/timeout|abort/i);
  expect(performance.now() - began).toBeLessThan(2500);
});

test('only https is asked', async () => {
  const never: Fetch = () => Promise.reject(new Error('must not be called'));
  await expect(new SigningKeys(never).get(new URL('http://127.0.0.1/key'))).rejects.toThrow('not https');
});

test('at most sixteen keys are fetched at a time', async () => {
  let answer = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (answer = resolve));
  const keys = new SigningKeys(async () => {
    await waiting;
    return new Response('{"signing_key":"k"}');
  });
  const all = Array.from({ length: 17 }, async (_one, at) =>
    keys.get(address(`/${at}`)).catch((error: Error) => error),
  );
  answer();
  const refused = (await Promise.all(all)).filter((one) => one instanceof Error);
  expect(refused.map(({ message }) => message)).toEqual(['too many keys are being fetched']);
});
