import { afterEach, expect, test } from '@jest/globals';
import { items } from './endpoint-table.js';
import { aTenant, aUser, startStandIn, TENANT_ID, USER_ID, type StandIn } from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const bare = '2024-07-02T10:11:12';

test.each([
  [bare, `${bare}Z`],
  [`${bare}.502053`, `${bare}.502053Z`],
  [`${bare}.502053+00:00`, `${bare}.502053+00:00`],
  ['2024-07-02', '2024-07-02'],
])('the time %s of a tenant is read as %s: a time without a zone is UTC on every machine', async (sent, read) => {
  cloud = await startStandIn(() => [200, aTenant({ created_at: sent, updated_at: sent })]);

  expect(await cloud.acronis.tenants.get(TENANT_ID)).toMatchObject({ created_at: read, updated_at: read });
});

test('the times of users and registration tokens are read in the same way', async () => {
  cloud = await startStandIn(({ url }) =>
    url.includes('registration_tokens')
      ? items({ id: 1, token: 'T', created_at: bare, expires_at: bare })
      : [200, aUser({ created_at: bare })],
  );

  expect(await cloud.acronis.users.get(USER_ID)).toMatchObject({ created_at: `${bare}Z` });
  const [token] = await cloud.acronis.registrationTokens.list(TENANT_ID);
  expect(token).toMatchObject({ created_at: `${bare}Z`, expires_at: `${bare}Z` });
});
