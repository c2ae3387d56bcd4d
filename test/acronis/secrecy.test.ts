import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { isAcronisError, type AcronisError } from '../../acronis/index.js';
import {
  aRefusal,
  failureOf,
  ROOT_ID,
  SECRET,
  startStandIn,
  TENANT_ID,
  TOKEN,
  USER_ID,
  type Answer,
  type StandIn,
} from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const newTenant = { name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' as const };
const newUser = { tenant_id: TENANT_ID, login: 'jane', contact: { email: 'jane@example.test' } };

const echo = [
  `user jane.roe@example.test or jane%40example.test, secret ${SECRET}`,
  `Bearer ${TOKEN} Basic ${btoa(`client-1:${SECRET}`)} token=abc123 eyJhbGciOi.J9x.sig`,
  'at /users/check_login?username=some-login&x=1',
  `password=Pa55-word! key ${'A1b2'.repeat(12)}`,
].join(' ');
const unspeakable = [
  'example.test',
  SECRET,
  TOKEN,
  btoa(`client-1:${SECRET}`),
  'abc123',
  'eyJ',
  'username=',
  'some-login',
  'Pa55-word!',
  'A1b2',
  '127.0.0.1',
  'version=9',
  'Northwind',
];

test.each<[string, (cloud: StandIn) => Promise<unknown>, Answer | undefined]>([
  [
    'a refusal that echoes all it was sent',
    async ({ acronis }) => acronis.users.setPassword(USER_ID, 'Pa55-word!'),
    [400, aRefusal(1027, `Pa55-word! ${echo}`, echo)],
  ],
  [
    'a refused look-up of a login',
    async ({ acronis }) => acronis.users.checkLogin('some-login'),
    [400, aRefusal(400, echo)],
  ],
  [
    'a refused delete',
    async ({ acronis }) => acronis.tenants.remove(TENANT_ID, 9),
    [404, { error: { code: echo, domain: echo } }],
  ],
  [
    'a flat error',
    async ({ acronis }) => acronis.impersonation.whoIs({ login: 'some-login' }),
    [403, { error: 'access_denied', error_description: echo }],
  ],
  ['an unreadable answer', async ({ acronis }) => acronis.tenants.create(newTenant), [201, { secret: echo }]],
  ['an HTML page', async ({ acronis }) => acronis.users.create(newUser), [502, echo]],
  ['a connection cut off', async ({ acronis }) => acronis.users.checkLogin('some-login'), undefined],
  ['a connection cut off after a create', async ({ acronis }) => acronis.users.create(newUser), undefined],
])('lets nothing secret or personal into the error on %s', async (_when, call, answer) => {
  cloud = await startStandIn((_seen, response) => {
    if (answer === undefined) response.destroy();
    return answer;
  });

  const failure = (await failureOf(call(cloud))) as AcronisError;

  const told = [inspect(failure, { depth: 20, showHidden: true }), JSON.stringify(failure), String(failure)];
  const everything = [...told, inspect(failure.cause, { depth: 20, showHidden: true })].join('\n');
  expect(isAcronisError(failure)).toBe(true);
  expect(unspeakable.filter((each) => everything.includes(each))).toEqual([]);
});
