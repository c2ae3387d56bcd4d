import { expect, test } from '@jest/globals';
import { catalogue } from '../../../catalogue/index.js';
import { secretOf, useApi } from './door.js';

const api = useApi();

const places = [
  ['GET', '/v1/operations'],
  ['GET', '/v1/operations/x'],
  ['GET', '/v1/operations/x/input'],
  ['POST', '/v1/operations/provisionCustomer'],
  ['POST', '/v1/operations/dance'],
  ['POST', '/v1/operations/x/retry'],
  ['POST', '/v1/operations/x/cancel'],
  ['POST', '/v1/operations/provisionCustomer/plan'],
  ['GET', '/v1/show/tree'],
  ['GET', '/v1/operations/x/stream'],
  ['GET', '/v1/customers'],
  ['GET', '/v1/customers/x'],
  ['GET', '/v1/customers/x/stream'],
  ['POST', '/v1/customers/x/pause'],
  ['GET', '/v1/onboardings/x'],
  ['GET', '/openapi.json'],
  ['GET', '/docs'],
] as const;

test.each(places)('%s %s says nothing without a key', async (method, path) => {
  const { status, headers, body } = await api.ask(method, path, { key: null });

  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toBe('Bearer');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    title: 'No valid key',
    detail: expect.stringContaining('tenantry key create') as unknown,
  });
});

test.each(['Basic abc', 'Bearer', 'Bearer wrong', `Bearer ${secretOf('read')} x`, secretOf('read')])(
  'the header %j is no key',
  async (authorization) => {
    const { status } = await fetch(`${api.url}/v1/operations/x`, { headers: { authorization } });

    expect(status).toBe(401);
  },
);

test('a key counts no longer once it is taken away', async () => {
  const [read] = api.keys;
  api.keys.splice(0, 1);

  expect((await api.ask('GET', '/openapi.json', { key: 'read' })).status).toBe(401);
  api.keys.unshift(read!);
  expect((await api.ask('GET', '/openapi.json', { key: 'read' })).status).toBe(200);
});

test('an unknown operation is named, with those that there are', async () => {
  expect(await api.ask('POST', '/v1/operations/dance', { body: {} })).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('provisionCustomer') as unknown },
  });
});

test.each([
  ['no JSON', '{"customer":', 400, /line 1, column/],
  ['a field twice', '{"customer":{},"customer":{}}', 422, /twice/],
  ['objects in objects without end', '{"a":'.repeat(60) + '"}"' + '}'.repeat(60), 422, /deeper than 50/],
  ['a body that is too large', JSON.stringify({ a: 'x'.repeat(1024 * 1024) }), 413, /./],
] as const)('%s is refused before anything starts', async (_what, text, status, detail) => {
  const reply = await api.ask('POST', '/v1/operations/provisionCustomer', { body: text });

  expect(reply).toMatchObject({ status, body: { detail: expect.stringMatching(detail) as unknown } });
});

test('bytes that are not UTF-8 are refused with their place', async () => {
  const reply = await fetch(`${api.url}/v1/operations/provisionCustomer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretOf('decide')}`, 'content-type': 'application/json' },
    body: Buffer.from('{"customer":{"name":"M\u00FCller"}}', 'latin1'),
  });

  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ detail: expect.stringMatching(/offset 22/) as unknown });
});

test.each([
  ['reason', {}],
  ['reason', { reason: ' ' }],
  ['colour', { reason: 'r', colour: 'red' }],
])('a decision without a right %s is refused', async (path, body) => {
  const reply = await api.ask('POST', '/v1/operations/x/retry', { body });

  expect(reply).toMatchObject({ status: 422, body: { errors: [{ path }] } });
});

test('the document is OpenAPI 3.1 with every operation, and says what each takes', async () => {
  const { body } = await api.ask('GET', '/openapi.json', { key: 'read' });

  expect(body['openapi']).toBe('3.1.0');
  const paths = body['paths'] as Record<string, Record<string, unknown>>;
  for (const name of Object.keys(catalogue))
    expect(paths[`/v1/operations/${name}`]?.['post']).toMatchObject({
      operationId: name,
      requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
    });
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/v1/operations/{id}', '/v1/operations/{id}/retry']));
  expect(JSON.stringify(body)).not.toContain('/v1/operations/{operation}');
});
