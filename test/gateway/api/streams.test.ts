import { afterEach, describe, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import type { Reading } from '../../../client/readings.js';
import { TenantryError } from '../../../contract/errors.js';
import { problemOf } from '../../../gateway/api/problem.js';
import { Streams, type StreamOptions } from '../../../gateway/api/streams/streams.js';
import { Watches } from '../../../gateway/api/streams/watches.js';
import { digestOf, type ApiKey } from '../../../settings/api-keys.js';
import { openStream } from '../../support/event-stream.js';
import { waitUntil } from '../../support/runs.js';

const pace = { shortest: 1, longest: 5, patience: 0 };
const createdAt = '2026-01-01T00:00:00.000Z';
const keyOf = (name: string): ApiKey => ({ name, role: 'read', sha256: digestOf(name), createdAt });

let app: FastifyInstance | undefined;
afterEach(async () => {
  app?.server.closeAllConnections();
  await app?.close();
});

/** A gateway with one thing that can be listened to. */
async function aGateway(more: Partial<StreamOptions> = {}) {
  const keys = [keyOf('ann'), keyOf('bob')];
  const now = { reading: { status: { n: 1 }, isOver: false } as Reading<{ n: number }> | Error, reads: 0, readers: 0 };
  const logged: object[] = [];
  const log = { error: (fields: object) => void logged.push(fields) };
  const streams = new Streams(
    { keys: () => keys, isStopping: () => false, log },
    { most: { ofKey: 40, inAll: 60 }, heartbeatMs: 60_000, checkMs: 5, lookMs: 5, ...more },
  );
  const seen = { by: undefined as (() => Promise<boolean>) | undefined };
  const watches = new Watches<{ n: number }>(pace);
  const read = async () => {
    now.reads += 1;
    if (now.reading instanceof Error) throw now.reading;
    return await Promise.resolve(now.reading);
  };
  const reader = () => {
    now.readers += 1;
    return read;
  };
  app = fastify();
  app.decorateRequest('apiKey', null);
  app.addHook('onRequest', (request, _reply, done) => {
    request.apiKey = keys.find(({ name }) => request.headers.authorization === `Bearer ${name}`)!;
    request.stillSees = seen.by && (async () => await seen.by!());
    done();
  });
  app.addHook('preClose', (done) => {
    streams.close();
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error as Error);
    return reply.code(problem.status).send(problem.body(request.id));
  });
  app.get('/', async (request, reply) =>
    streams.serve(request, reply, async (leaving) => await watches.join('it', reader, leaving)),
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, keys, logged, now, seen, streams, watches, open: async (name = 'ann') => await openStream(url, name) };
}

test('thirty listeners cost one reader, hear the same, and leave nothing behind', async () => {
  const { now, open, watches, streams } = await aGateway();

  const all = await Promise.all(Array.from({ length: 30 }, async () => await open()));
  for (const one of all) expect(await one.next()).toEqual({ event: 'message', data: { n: 1 } });
  now.reading = { status: { n: 2 }, isOver: false };
  for (const one of all) expect(await one.next()).toEqual({ event: 'message', data: { n: 2 } });

  expect([now.readers, watches.count, streams.count]).toEqual([1, 1, 30]);
  for (const one of all) one.leave();
  await waitUntil(async () => streams.count === 0 && watches.count === 0);
  const { reads } = now;
  await (await open()).next();
  expect(now.readers).toBe(2);
  expect(now.reads).toBeGreaterThan(reads);
});

test('a stream tells what is new, and ends with what comes last', async () => {
  const { now, open, streams } = await aGateway();
  const { response, next } = await open();
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');

  expect(await next()).toEqual({ event: 'message', data: { n: 1 } });
  now.reading = { status: { n: 2 }, isOver: true };

  expect(await next()).toEqual({ event: 'message', data: { n: 2 } });
  expect(await next()).toEqual({ event: 'end', data: {} });
  expect(await next()).toBeUndefined();
  await waitUntil(async () => streams.count === 0);
});

test('who listens after the end hears the present status, read again', async () => {
  const { now, open } = await aGateway();
  now.reading = { status: { n: 2 }, isOver: true };
  const first = await open();
  expect((await first.next())?.data).toEqual({ n: 2 });

  now.reading = { status: { n: 3 }, isOver: false };

  expect(await (await open()).next()).toEqual({ event: 'message', data: { n: 3 } });
});

test('while nothing can be read the stream says so and goes on', async () => {
  const { now, open } = await aGateway();
  const { next } = await open();
  await next();

  now.reading = new TenantryError('unavailable', 'Temporal is away.');
  expect(await next()).toMatchObject({ event: 'unavailable', data: { status: 503, detail: 'Temporal is away.' } });
  now.reading = { status: { n: 1 }, isOver: false };

  expect(await next()).toEqual({ event: 'message', data: { n: 1 } });
});

test('a bug says nothing to the listener but where to look, and is in the log', async () => {
  const { now, logged, open } = await aGateway();
  const { next } = await open();
  await next();

  now.reading = new TypeError('secret is not a function');

  expect(await next()).toMatchObject({ data: { status: 500, detail: 'The gateway failed. Its log says more.' } });
  expect(logged).toEqual([{ errorType: 'TypeError', requestId: expect.any(String) }]);
});

test.each([
  ['it sees that no more', async () => false],
  [
    'nobody can say whether it still sees that',
    async () => {
      throw new TenantryError('unavailable', 'none runs');
    },
  ],
])('a stream of a limited key is cut off once %s', async (_why, sees) => {
  const { seen, open, streams } = await aGateway();
  seen.by = async () => true;
  const { next } = await open();
  await next();

  seen.by = sees;

  expect(await next()).toBeUndefined();
  await waitUntil(async () => streams.count === 0);
});

test('what is gone for good ends the stream', async () => {
  const { now, open } = await aGateway();
  const { next } = await open();
  await next();

  now.reading = new TenantryError('notFound', 'There is no run x.');

  expect(await next()).toMatchObject({ event: 'unavailable', data: { status: 404 } });
  expect(await next()).toEqual({ event: 'end', data: {} });
});

test('what cannot be read at first is a problem, and takes no place', async () => {
  const { now, open, streams, watches } = await aGateway();
  now.reading = new TenantryError('notFound', 'There is no run x.');

  const { response } = await open();

  expect(response.status).toBe(404);
  await waitUntil(async () => streams.count === 0 && watches.count === 0);
});

test('silence is broken by comments', async () => {
  const { open } = await aGateway({ heartbeatMs: 1 });
  const { until } = await open();

  expect(await until(({ event }) => event === 'comment')).toBeDefined();
});

test('a stream ends within moments once its key is taken away; others go on', async () => {
  const { keys, now, open } = await aGateway();
  const [ann, bob] = [await open('ann'), await open('bob')];
  for (const one of [ann, bob]) await one.next();

  keys.splice(0, 1);

  expect(await ann.next()).toBeUndefined();
  now.reading = { status: { n: 2 }, isOver: false };
  expect((await bob.next())?.data).toEqual({ n: 2 });
});

test('a gateway that stops ends the streams, and waits for none', async () => {
  const { app: running, open } = await aGateway();
  const { next } = await open();
  await next();

  await running.close();

  expect(await next()).toBeUndefined();
});

describe('too many streams are refused', () => {
  test('with one key', async () => {
    const { open } = await aGateway({ most: { ofKey: 2, inAll: 10 } });
    const [first] = [await open(), await open()];

    const { response } = await open();

    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({
      type: 'docs/failures.md#toomanystreams',
      detail: expect.stringContaining('The key ann has 2 streams open') as unknown,
    });
    expect((await open('bob')).response.status).toBe(200);
    first.leave();
    await waitUntil(async () => (await open()).response.status === 200);
  });

  test('in all', async () => {
    const { open } = await aGateway({ most: { ofKey: 5, inAll: 1 } });
    await open('ann');

    const { response } = await open('bob');

    expect([response.status, await response.json()]).toMatchObject([503, { title: 'Try again' }]);
  });
});
