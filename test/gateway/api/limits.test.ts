import { describe, expect, test } from '@jest/globals';
import { secretOf, useApi } from './door.js';

const api = useApi(undefined, { requestsPerMinute: 3 });

/** A body whose end never comes. */
const endless = () => new ReadableStream({ start: (body) => body.enqueue(Buffer.from('{')) });

const limited = {
  status: 429,
  body: {
    type: 'docs/failures.md#toomanyrequests',
    title: 'Too many requests',
    detail: expect.stringMatching(/more than 3 requests in a minute\. Try again in \d+ s/) as unknown,
  },
};

test('a key may send so many requests in a minute, and other keys are not held up', async () => {
  for (let sent = 0; sent < 3; sent += 1)
    expect((await api.ask('GET', '/openapi.json', { key: 'read' })).status).toBe(200);

  const refused = await api.ask('GET', '/openapi.json', { key: 'read' });

  expect(refused).toMatchObject(limited);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await api.ask('GET', '/openapi.json', { key: 'decide' })).status).toBe(200);
});

test('it is refused before its body is read', async () => {
  const init = {
    method: 'POST',
    headers: { authorization: `Bearer ${secretOf('operate')}`, 'content-type': 'application/json' },
    duplex: 'half',
  } as RequestInit;
  const send = async (body: string | ReadableStream) =>
    await fetch(`${api.url}/v1/operations/dance`, { ...init, body });
  for (let sent = 0; sent < 3; sent += 1) expect((await send('{}')).status).toBe(404);

  expect((await send(endless())).status).toBe(429);
});

describe('wrong keys', () => {
  test('are counted by address, and a right key of the same address counts as before', async () => {
    const statuses = new Set<number>();
    for (let tries = 0; tries < 31; tries += 1)
      statuses.add((await api.ask('GET', '/v1/operations/x', { key: `guess-${tries}` })).status);

    expect([...statuses]).toEqual([401, 429]);
    expect((await api.ask('GET', '/openapi.json', { key: 'limited' })).status).toBe(200);
  });
});

describe('a place that there is not', () => {
  test('is a problem that names the documents of the API', async () => {
    expect(await api.ask('GET', '/v1/customer/C-1?x=1', { key: 'limited' })).toMatchObject({
      status: 404,
      body: {
        type: 'docs/failures.md#notfound',
        detail: 'There is no GET /v1/customer/C-1. GET /openapi.json and /docs say what there is.',
      },
    });
  });

  test('says nothing without a key, and of events what it said before', async () => {
    expect((await api.ask('GET', '/v1/customer', { key: null })).status).not.toBe(404);
    expect(await api.ask('GET', '/v1/events', { key: null })).toMatchObject({
      status: 404,
      body: { type: expect.stringContaining('docs/events.md') as unknown },
    });
  });
});
