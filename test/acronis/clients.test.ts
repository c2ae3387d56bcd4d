import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { items, sendsAsDocumented } from './endpoint-table.js';
import { aRefusal, failureOf, ROOT_ID, startStandIn, type StandIn } from './stand-in.js';

let cloud: StandIn | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const client = { client_id: 'client-9', tenant_id: ROOT_ID, status: 'enabled', data: { client_name: 'Billing' } };
const fields = { tenant_id: ROOT_ID, data: { client_name: 'Billing' }, origin_id: 'mark-1' };
const login = { login: 'jane', password: 'Pa55-word!' };
const basic = `Basic ${btoa('jane:Pa55-word!')}`;

sendsAsDocumented([
  [
    'GET /api/2/clients?origin_id=mark-1',
    async (a) => a.clients.list({ originId: 'mark-1' }),
    items({ ...client, origin_id: 'mark-1' }),
    '',
  ],
  [
    'POST /api/2/clients',
    async (a) => a.clients.create(fields),
    [201, { ...client, client_secret: 's' }],
    { type: 'api_client', token_endpoint_auth_method: 'client_secret_basic', ...fields },
  ],
  [
    'PUT /api/2/clients/client-9',
    async (a) => a.clients.update('client-9', { status: 'disabled' }),
    [200, { ...client, status: 'disabled' }],
    { status: 'disabled' },
  ],
  ['DELETE /api/2/clients/client-9', async (a) => a.clients.remove('client-9'), [204], ''],
]);

test("creates an API client with a user's login, without our token", async () => {
  cloud = await startStandIn(() => [201, { ...client, client_secret: 'new-secret', data: undefined }]);

  const made = await cloud.acronis.clients.create(fields, login);

  expect(made).toMatchObject({ client_id: 'client-9', client_secret: 'new-secret', data: { client_name: null } });
  expect(cloud.calls.map(({ headers }) => headers.authorization)).toEqual([basic]);
  expect(cloud.tokenCalls).toHaveLength(0);
});

test('reports forbidden for a refused login after one call, without the password in the error', async () => {
  cloud = await startStandIn(() => [401, aRefusal(401, `${basic}: Pa55-word! is wrong`)]);

  const failure = await failureOf(cloud.acronis.clients.create(fields, login));

  expect(failure).toMatchObject({ kind: 'forbidden', facts: { status: 401 } });
  expect(inspect(failure, { depth: 9 })).not.toMatch(/Pa55-word!|amFuZTpQYTU1/);
  expect(cloud.calls).toHaveLength(1);
});

test('reports unreadable when the secret of a new client is missing', async () => {
  cloud = await startStandIn(() => [201, client]);

  expect(await failureOf(cloud.acronis.clients.create(fields))).toMatchObject({ kind: 'unreadable' });
});
