import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { houseBody, kinds, openDoor, secretOf, subscription, type Door } from './doors.js';

let door: Door;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await door.close();
});

/** Sends the beginning of a delivery and no more. Gives everything that comes back until the connection ends. */
async function half(path: string): Promise<string> {
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.write(
    `POST /v1/events/${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":`,
  );
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}

test('a body that does not arrive is given up within three seconds, and its connection closed', async () => {
  door = await openDoor();
  const began = performance.now();
  const [ours, connectwise] = await Promise.all([half('standard-webhooks'), half('connectwise')]);
  expect(performance.now() - began).toBeLessThan(6000);
  expect(ours).toMatch(/^HTTP\/1.1 408 /);
  // ConnectWise repeats after 429, and never after 408
  expect(connectwise).toMatch(/^HTTP\/1.1 429 .*retry-after/is);
  expect(door.lines.map(({ outcome }) => outcome)).toEqual(['slow', 'slow']);
  expect(Math.max(...door.lines.map(({ duration }) => Number(duration)))).toBeLessThan(3000);
});

test('slow bodies keep no other delivery out', async () => {
  door = await openDoor();
  const slow = Array.from({ length: 600 }, async () => await half('stripe').catch(() => ''));
  await sleep(100);
  expect((await door.send('standard-webhooks')).status).toBe(202);
  for (const socket of sockets) socket.destroy();
  await Promise.all(slow);
});

test('above the limit of deliveries in flight the answer is 503 at once, and afterwards all is well', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const inside: object[] = [];
  door = await openDoor({
    deliver: async (one) => {
      inside.push(one);
      await held;
    },
  });
  const taken = Array.from({ length: 64 }, async (_one, at) =>
    door.send('standard-webhooks', houseBody({ customer: { ref: `C-${at}` }, subscription })),
  );
  for (let tries = 0; tries < 1000 && inside.length < 64; tries += 1) await sleep(10);
  const refused = await door.send('standard-webhooks');
  expect([refused.status, refused.headers.get('retry-after'), inside.length]).toEqual([503, '5', 64]);
  // what changes nothing needs no place
  expect((await door.send('hubspot')).status).toBe(200);
  release();
  expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(taken.map(() => 202));
  expect((await door.send('standard-webhooks')).status).toBe(202);
});

test('a body whose key is being fetched takes a place, and a delivery above the limit is to be sent again', async () => {
  let release = (key: string): void => void key;
  const key = new Promise<string>((resolve) => (release = resolve));
  const asked: URL[] = [];
  door = await openDoor({
    fetchKey: async (url) => {
      asked.push(url);
      return await key;
    },
  });
  const waiting = Array.from({ length: 256 }, async () => await door.send('connectwise'));
  for (let tries = 0; tries < 1000 && asked.length < 256; tries += 1) await sleep(10);
  expect((await door.send('connectwise')).status).toBe(429);
  expect((await door.send('standard-webhooks')).status).toBe(503);
  release(secretOf.connectwise);
  expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([200]));
  expect((await door.send('standard-webhooks')).status).toBe(202);
});

test.each(kinds)('%s: a gateway that stops takes nothing more, and closes the connection', async (kind) => {
  door = await openDoor({ isStopping: () => true });
  const reply = await door.send(kind);
  expect([reply.status, reply.headers.get('connection')]).toEqual([kind === 'connectwise' ? 429 : 503, 'close']);
  expect(door.taken).toEqual([]);
});

test('a connection that sends requests and reads no answers is cut off, and others are served', async () => {
  door = await openDoor();
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString()));
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
  await once(socket, 'close');

  expect(text.split('HTTP/1.1 200').length).toBeLessThan(1000);
  expect((await fetch(`${door.url}/healthz`)).status).toBe(200);
});
