import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { digestOf } from '../../../settings/api-keys.js';
import { anOrder, workflowIdOf } from '../../support/orders.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { secretOf, useApi } from './door.js';

const REQUESTS = Number(process.env['REQUESTS'] ?? 1000);
const AT_ONCE = 20;
const SEED = 20_261_130;
/** Whoever is not answered by then waits for a stream, or for a cloud. */
const PATIENCE_MS = 10_000;

const env = useTestEnvironment({}, { answers: true });
const api = useApi(env);
const order = anOrder();
const id = workflowIdOf(order);

interface Call {
  method: string;
  path: string;
}
let calls: Call[];
beforeAll(async () => {
  const { body } = await api.ask('GET', '/openapi.json');
  const described = Object.entries(body['paths'] as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => ({ method: method.toUpperCase(), path })),
  );
  const ofThePage = [
    '/',
    '/log-in',
    '/customers',
    '/runs/{id}',
    '/customers/{ref}',
    '/start',
    '/start/{operation}',
    '/coming',
    '/changes',
    '/look-ups/{lookUp}',
    '/coming/runs/{id}/hold',
  ];
  const pages = ofThePage.flatMap((path) => ['GET', 'POST'].map((method) => ({ method, path })));
  calls = [...described, ...pages, { method: 'GET', path: '/docs' }, { method: 'GET', path: '/openapi.json' }];
  api.keys.push({
    name: 'part',
    role: 'decide',
    sha256: digestOf(secretOf('part')),
    createdAt: new Date(0).toISOString(),
    below: [{ cloud: 'default', tenantId: env.simulator.rootTenantId }],
  });
  await api.ask('POST', '/v1/operations/provisionCustomer', { body: order });
});

const nasty = [
  '',
  '%00',
  '__proto__',
  'constructor',
  '..%2F..',
  "';--",
  '%F0%9F%92%A9',
  '%',
  '%E0%A4',
  '*',
  'x'.repeat(300),
];
const word = fc.oneof(
  fc.constantFrom(...nasty, 'blocked', '1', '-1', '1e9', '7 days', 'NaN'),
  fc.string({ maxLength: 30 }),
);
const segment = fc.oneof(
  fc.constant(encodeURIComponent(id)),
  fc.constant(encodeURIComponent(id.split(':')[1]!)),
  word.map(asIs),
);
const parameters = [
  'limit',
  'after',
  'state',
  'customer',
  'cloud',
  'days',
  'since',
  'search',
  'tenant',
  'once',
  '__proto__',
];
const query = fc.array(fc.tuple(fc.constantFrom(...parameters), word), { maxLength: 3 });
const fields = [
  'reason',
  'input',
  'customer',
  'administrator',
  'tenant',
  'until',
  'tenantId',
  'fields',
  'onFailure',
  'to',
];
const someBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 3 })).map((one: object) => JSON.stringify(one)),
  fc.nat(400).map((length) => JSON.stringify(order).slice(0, length)),
  fc
    .tuple(fc.constantFrom(...Object.keys(order)), fc.jsonValue({ maxDepth: 2 }))
    .map(([name, value]) => JSON.stringify({ ...order, [name]: value })),
  fc.string({ maxLength: 200 }),
);

/** Leaves a half of an escape as it is: a caller may send one. */
function asIs(text: string): string {
  return /^[\w%*.-]*$/.test(text) ? text : encodeURIComponent(text);
}

const request = fc.record({
  call: fc.nat(),
  method: fc.option(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'), { freq: 8, nil: undefined }),
  segment,
  query,
  key: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('read', 'operate', 'decide', 'limited', 'part') },
    fc.constant('nobody'),
  ),
  type: fc.constantFrom('application/json', 'application/json', 'text/plain', 'application/x-www-form-urlencoded'),
  accept: fc.constantFrom('*/*', 'application/json', 'text/csv', 'text/html', 'image/png', '\\'),
  idempotencyKey: fc.option(fc.constantFrom('a', 'b', 'x'.repeat(400)), { freq: 5 }),
  body: someBody,
});
type Request = typeof request extends fc.Arbitrary<infer One> ? One : never;

/** What is wrong with the answer to a request, if anything is. */
async function faultOf(one: Request): Promise<string | undefined> {
  const { method: usual, path } = calls[one.call % calls.length]!;
  const { method = usual } = one;
  const search = new URLSearchParams(one.query.map(([name, value]): [string, string] => [name, value])).toString();
  const url = `${api.url}${path.replaceAll(/\{\w+\}/g, one.segment)}?${search}`;
  const headers = {
    authorization: `Bearer ${secretOf(one.key)}`,
    accept: one.accept,
    ...(method !== 'GET' && method !== 'HEAD' && { 'content-type': one.type }),
    ...(one.idempotencyKey !== null && { 'idempotency-key': one.idempotencyKey }),
  };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: one.body };
  const reply = await fetch(url, { method, headers, redirect: 'manual', signal, ...body });
  const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const text = isStream ? '' : await reply.text();
  if (isStream) await reply.body?.cancel();
  const answer = `${method} ${url.slice(api.url.length, 200)} ${one.body.slice(0, 200)}: ${reply.status} ${text.slice(0, 200)}`;
  if (reply.status >= 500) return answer;
  if (/node_modules|\.js:\d|^\s+at |key-of-/m.test(text) || text.includes(env.simulator.clientSecret)) return answer;
  return undefined;
}

test('whatever is asked, with whatever key: no failure of the gateway, no secret and no stack in an answer', async () => {
  const all = fc.sample(request, { numRuns: REQUESTS, seed: SEED });
  const faults: string[] = [];
  const lanes = Array.from({ length: AT_ONCE }, async (_lane, first) => {
    for (let at = first; at < all.length; at += AT_ONCE) {
      const fault = await faultOf(all[at]!).catch((error: Error) => `${JSON.stringify(all[at])}: ${error.message}`);
      if (fault !== undefined) faults.push(fault);
    }
  });

  await Promise.all(lanes);

  expect(faults).toEqual([]);
});
