import { afterEach, expect, test } from '@jest/globals';
import { AcronisError, mayHaveHadEffect, type CompletedCall } from '../../acronis/index.js';
import {
  aRefusal,
  aTenant,
  failureOf,
  ROOT_ID,
  startStandIn,
  TENANT_ID,
  type Answer,
  type StandIn,
} from './stand-in.js';

interface Unanswered {
  cause?: string;
  operation?: string;
  status?: number;
}

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const aPage = '<html>';
const create = async () => cloud.acronis.tenants.create({ name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' });

test.each<[string, Answer, boolean]>([
  ['a 503 of a proxy', [503, aPage], true],
  ['a 503 in the words of the vendor', [503, aRefusal(1000, 'busy')], true],
  ['a 502', [502, aPage], true],
  ['a 500', [500, aRefusal(1000, 'internal')], true],
  ['a 408', [408], true],
  ['a 499', [499], true],
  ['a 421, which may be of a proxy behind which the vendor has acted', [421], true],
  ['a 425, likewise', [425], true],
  ['a 429, whoever says it', [429, aPage], false],
  ['a 401 without a word', [401], false],
  ['a 401 of the vendor', [401, aRefusal(401, 'Unauthorized')], false],
  ['a 401 of a proxy', [401, aPage], true],
  ['a 401 of a proxy in JSON', [401, { message: 'Unauthorized' }], true],
  ['a 400 of the vendor', [400, aRefusal(1006, 'no')], false],
  ['a 400 of a proxy', [400, aPage], true],
  ['a 403 of the vendor', [403, aRefusal(1002, 'no')], false],
  ['a 403 of a proxy', [403, aPage], true],
  ['a 404 of the vendor', [404, aRefusal(1005, 'no')], false],
  ['a 404 of a proxy', [404, aPage], true],
  ['a 409 of the vendor', [409, aRefusal(1004, 'taken')], false],
  ['a stale version', [409, aRefusal(1001, 'stale')], false],
  ['a 412 of a proxy', [412], true],
  ['a 423 of a proxy', [423], true],
  ['a quota', [403, aRefusal(1022, 'quota')], false],
  ['an answer that cannot be read', [201, aPage], true],
  ['a redirection', [302], true],
])('after %s a change may have taken effect, or not: %j %j', async (_words, answer, may) => {
  cloud = await startStandIn(() => answer);

  const failure = (await failureOf(create())) as AcronisError;

  expect(mayHaveHadEffect(failure)).toBe(may);
});

test.each<[string, Answer]>([
  ['503', [503, aPage]],
  ['400', [400, { error: 'invalid_client' }]],
  ['200 with a page', [200, aPage]],
])('what got no token, but a %s, was never sent', async (_words, answer) => {
  cloud = await startStandIn(() => [201, aTenant()], { answerToken: () => answer });

  expect(mayHaveHadEffect((await failureOf(create())) as AcronisError)).toBe(false);
  expect(cloud.calls).toHaveLength(0);
});

test('our own pace sends nothing', async () => {
  cloud = await startStandIn(() => [429, '', { 'retry-after': '60' }]);
  await failureOf(create());

  expect(mayHaveHadEffect((await failureOf(create())) as AcronisError)).toBe(false);
  expect(cloud.calls).toHaveLength(1);
});

test('a connection that breaks may have carried it, one that never stood has not', async () => {
  cloud = await startStandIn((_seen, response) => {
    response.destroy();
    return undefined;
  });
  await failureOf(cloud.acronis.tenants.get(TENANT_ID));
  const broken = (await failureOf(create())) as AcronisError;
  const refused = new AcronisError('unavailable', 'x', { route: 'x' }, { cause: { name: 'E', code: 'ECONNREFUSED' } });
  const nameless = new AcronisError('unavailable', 'x', { route: 'x' }, { cause: { name: 'E', code: 'ENOTFOUND' } });

  expect([broken, refused, nameless].map(mayHaveHadEffect)).toEqual([true, false, false]);
});

test.each([
  [false, { cause: 'ECONNREFUSED' }],
  [false, { cause: 'ENOTFOUND' }],
  [false, { cause: 'EAI_AGAIN' }],
  [false, { cause: 'UND_ERR_CONNECT_TIMEOUT' }],
  [false, { operation: 'idp.token' }],
  [false, { operation: 'idp.scopedToken' }],
  [true, { cause: 'ECONNRESET' }],
  [true, { cause: 'UND_ERR_SOCKET' }],
  [true, {}],
  [true, { cause: 'ECONNREFUSED', status: 503 }],
])(
  'may have had an effect (%s): a call that was not answered, with %j',
  (may, { cause, operation, status }: Unanswered) => {
    const facts = { route: 'POST /users', ...(status !== undefined && { status }) };
    const error = new AcronisError('unavailable', operation ?? 'users.create', facts, { cause: { code: cause } });

    expect(mayHaveHadEffect(error)).toBe(may);
  },
);

test('each exchange reports whether it has changed something, or may have', async () => {
  const answers: Answer[] = [
    [200, aTenant()],
    [401],
    [201, aTenant()],
    [403, aRefusal(1002, 'no')],
    [503],
    [200, aTenant()],
    [409],
  ];
  cloud = await startStandIn(() => answers.shift());
  const told: CompletedCall[] = [];
  const { tenants, users } = cloud.acronis.forAttempt({ onCall: (call) => told.push(call) });

  await tenants.get(TENANT_ID);
  await tenants.create({ name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' });
  await failureOf(tenants.remove(TENANT_ID, 1));
  await failureOf(tenants.remove(TENANT_ID, 1));
  await tenants.renew(TENANT_ID, { version: 1 });
  await users.checkLogin('jane');

  expect(told.map(({ effect }) => effect)).toEqual(['none', 'none', 'made', 'none', 'maybe', 'none', 'none']);
});
