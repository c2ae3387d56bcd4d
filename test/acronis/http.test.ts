import { afterEach, expect, test } from '@jest/globals';
import { createAcronis, type CompletedCall } from '../../acronis/index.js';
import { aTenant, failureOf, startStandIn, TENANT_ID, type StandIn } from './stand-in.js';

let cloud: StandIn | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

test('introduces itself as product, version and comment', async () => {
  cloud = await startStandIn(() => [200, aTenant()]);

  await cloud.acronis.tenants.get(TENANT_ID);

  const expected = `Tenantry/1.2.3 (+durable provisioning; node ${process.versions.node})`;
  const seen = [...cloud.tokenCalls, ...cloud.calls].map(({ headers }) => headers['user-agent']);
  expect(seen).toEqual([expected, expected]);
});

test('sends a failing call once and leaves repeating to its caller', async () => {
  cloud = await startStandIn(() => [503]);

  await failureOf(cloud.acronis.tenants.get(TENANT_ID));

  expect(cloud.calls).toHaveLength(1);
});

test('gives up when the answer does not begin in time', async () => {
  cloud = await startStandIn(() => undefined, { timeoutMs: 1000 });

  const failure = await failureOf(cloud.acronis.tenants.get(TENANT_ID));

  expect(failure).toMatchObject({
    kind: 'unavailable',
    message: 'GET /tenants/{id} got no answer: none within 1000 ms',
    cause: { name: 'TimeoutError', code: 'ETIMEDOUT' },
  });
});

test('gives up when the answer begins in time but does not end', async () => {
  cloud = await startStandIn(
    (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
      return undefined;
    },
    { timeoutMs: 1000 },
  );

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({ kind: 'unavailable' });
});

test('rethrows the reason of an aborted attempt unchanged', async () => {
  const attempt = new AbortController();
  cloud = await startStandIn(() => {
    attempt.abort('CANCELLED');
    return undefined;
  });

  expect(await failureOf(cloud.acronis.forAttempt({ signal: attempt.signal }).tenants.get(TENANT_ID))).toBe(
    'CANCELLED',
  );
  expect(await failureOf(cloud.acronis.forAttempt({ signal: attempt.signal }).rootTenantId())).toBe('CANCELLED');
  expect(cloud.calls).toHaveLength(1);
});

test('a change in flight gets its answer although its attempt is aborted, and no call follows', async () => {
  const attempt = new AbortController();
  cloud = await startStandIn(() => {
    attempt.abort('CANCELLED');
    return [200, aTenant({ enabled: false, version: 2 })];
  });
  const mine = cloud.acronis.forAttempt({ signal: attempt.signal });

  expect(await mine.tenants.update(TENANT_ID, { version: 1, enabled: false })).toMatchObject({ enabled: false });
  expect(await failureOf(mine.tenants.remove(TENANT_ID, 2))).toBe('CANCELLED');
  expect(cloud.calls).toHaveLength(1);
});

test('an aborted attempt leaves other attempts alone', async () => {
  cloud = await startStandIn(() => [200, aTenant()]);
  const aborted = cloud.acronis.forAttempt({ signal: AbortSignal.abort(new Error('over')) });

  await failureOf(aborted.tenants.get(TENANT_ID));

  expect((await cloud.acronis.tenants.get(TENANT_ID)).id).toBe(TENANT_ID);
});

test('reports each exchange of the attempt, and of this attempt only', async () => {
  const told: CompletedCall[] = [];
  let answers = 0;
  cloud = await startStandIn((_seen, response) => {
    answers += 1;
    if (answers === 1) return [401];
    if (answers === 2) return [200, aTenant(), { 'x-request-id': 'req-2' }];
    response.destroy();
    return undefined;
  });
  const mine = cloud.acronis.forAttempt({ onCall: (call) => told.push(call) });

  await mine.tenants.get(TENANT_ID);
  await failureOf(mine.tenants.remove(TENANT_ID, 1));
  await failureOf(cloud.acronis.tenants.get(TENANT_ID));

  expect(told).toEqual([
    { route: 'GET /tenants/{id}', effect: 'none', status: 401, answeredAt: expect.any(Number) },
    {
      route: 'GET /tenants/{id}',
      effect: 'none',
      status: 200,
      requestId: 'req-2',
      answeredAt: expect.any(Number),
    },
    { route: 'DELETE /tenants/{id}', effect: 'maybe' },
  ]);
});

test.each(['', '.', '..'])('refuses the id %p, which would address something else', async (id) => {
  cloud = await startStandIn(() => [200, aTenant()]);

  expect(await failureOf(cloud.acronis.tenants.get(id))).toMatchObject({ kind: 'rejected' });
  expect(cloud.calls).toHaveLength(0);
});

test.each([
  ['https://eu2-cloud.acronis.com/', 'ends in a slash'],
  ['https://eu2-cloud.acronis.com/api/2', 'ends in /api/2'],
  ['https://eu2-cloud.acronis.com/mc', 'has a path or query'],
  ['https://user:pw@eu2-cloud.acronis.com', 'contains credentials'],
  ['eu2-cloud.acronis.com', 'is not an http(s) URL'],
])('refuses the base URL %s and says why and what to give instead', (baseUrl, why) => {
  const create = () => createAcronis({ baseUrl, clientId: 'c', clientSecret: 's', version: '1' });

  expect(create).toThrow(`Acronis option baseUrl ${why}`);
  expect(create).toThrow('e.g. https://eu2-cloud.acronis.com');
});

test.each([
  ['clientId', { clientId: '' }],
  ['clientSecret', { clientSecret: '' }],
  ['timeoutMs', { timeoutMs: 0 }],
])('refuses a useless %s', (name, option) => {
  const good = { baseUrl: 'https://eu2-cloud.acronis.com', clientId: 'c', clientSecret: 's', version: '1' };

  expect(() => createAcronis({ ...good, ...option })).toThrow(`Acronis option ${name}`);
});

test.each([421, 425])('sends a change once when it is answered %i, with a body and without one', async (status) => {
  cloud = await startStandIn(() => [status]);
  const { users, tenants, applications } = cloud.acronis;

  await failureOf(users.sendActivationEmail(TENANT_ID));
  await failureOf(tenants.restore(TENANT_ID));
  await failureOf(applications.unbind(TENANT_ID, TENANT_ID));
  await failureOf(users.setPassword(TENANT_ID, 'Pa\u00dfwort-1'));

  expect(cloud.calls.map(({ method, body, headers }) => [method, body, headers['content-length']])).toEqual([
    ['POST', '{}', '2'],
    ['POST', '', '0'],
    ['DELETE', '', undefined],
    ['POST', '{"password":"Pa\u00dfwort-1"}', '25'],
  ]);
  expect(cloud.calls.map(({ headers }) => headers['transfer-encoding'])).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(cloud.calls[0]?.headers['content-type']).toBe('application/json');
});
