import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import {
  aTenant,
  failureOf,
  ROOT_ID,
  startStandIn,
  TENANT_ID,
  type Answer,
  type Seen,
  type StandIn,
} from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const isExchange = ({ body }: Seen) => body.includes('jwt-bearer');
const token = (access_token: string): Answer => [200, { access_token, expires_in: 7200 }];
const authorizations = () => cloud.calls.map(({ headers }) => headers.authorization);
const exchanges = () => cloud.tokenCalls.filter(isExchange);
let issued = 0;
/** Own tokens are own-1, own-2, …; those of a tenant end in the beginning of its id. */
const answerToken = (seen: Seen): Answer => {
  issued += 1;
  const scope = new URLSearchParams(seen.body).get('scope');
  return token(scope === null ? `own-${issued}` : `scoped-${issued}-${scope.slice(-36, -28)}`);
};
afterEach(() => {
  issued = 0;
});

test('exchanges our own token for one in the scope of a customer, and calls with that', async () => {
  cloud = await startStandIn(() => [200, aTenant()], { answerToken });

  await cloud.acronis.scopedTo(TENANT_ID).tenants.get(TENANT_ID);

  const [exchange] = exchanges();
  expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: 'own-1',
    scope: `urn:acronis.com:tenant-id:${TENANT_ID}`,
  });
  expect(exchange?.headers.authorization).toBe('Bearer own-1');
  expect(authorizations()).toEqual(['Bearer scoped-2-7d1f0a52']);
});

test('keeps one token for each customer, shared by all who ask', async () => {
  cloud = await startStandIn(() => [200, aTenant()], { answerToken });
  const get = async (scope: string) => cloud.acronis.scopedTo(scope).forAttempt({}).tenants.get(TENANT_ID);

  await Promise.all(Array.from({ length: 5 }, async () => get(TENANT_ID)));
  await get(ROOT_ID);
  await get(TENANT_ID);

  expect(exchanges()).toHaveLength(2);
  expect(cloud.tokenCalls).toHaveLength(3);
  expect(new Set(authorizations()).size).toBe(2);
});

test('gets a fresh one 15 minutes before it expires, in exchange for our own, fresh too', async () => {
  let time = 1_700_000_000_000;
  let nth = 0;
  cloud = await startStandIn(() => [200, aTenant()], {
    monotonic: () => time,
    answerToken: () => token(`token-${(nth += 1)}`),
  });
  const scoped = cloud.acronis.scopedTo(TENANT_ID);

  await scoped.tenants.get(TENANT_ID);
  time += (7200 - 901) * 1000;
  await scoped.tenants.get(TENANT_ID);
  time += 2000;
  await scoped.tenants.get(TENANT_ID);

  expect(authorizations()).toEqual(['Bearer token-2', 'Bearer token-2', 'Bearer token-4']);
});

test('after a 401 gets a fresh token, and a fresh one of our own where that is refused too', async () => {
  cloud = await startStandIn(
    ({ headers }) => (headers.authorization?.includes('scoped-5') ? [200, aTenant()] : [401]),
    {
      answerToken: (seen) => (issued === 2 && isExchange(seen) ? ((issued += 1), [401]) : answerToken(seen)),
    },
  );

  const found = await cloud.acronis.scopedTo(TENANT_ID).tenants.get(TENANT_ID);

  expect(found.id).toBe(TENANT_ID);
  expect(exchanges().map(({ headers }) => headers.authorization)).toEqual([
    'Bearer own-1',
    'Bearer own-1',
    'Bearer own-4',
  ]);
});

test('reports forbidden for a tenant that is not below us, without the token', async () => {
  const refused = { error: 'access_denied', error_description: 'assertion own-1 may not', domain: 'Access' };
  cloud = await startStandIn(() => [200, aTenant()], {
    answerToken: (seen) => (isExchange(seen) ? [403, refused] : answerToken(seen)),
  });

  const failure = await failureOf(cloud.acronis.scopedTo(TENANT_ID).tenants.get(TENANT_ID));

  expect(failure).toMatchObject({ kind: 'forbidden', operation: 'idp.scopedToken', facts: { code: 'access_denied' } });
  expect(inspect(failure, { depth: 9 })).not.toContain('own-1');
  expect(cloud.calls).toHaveLength(0);
});

test('reads the root tenant and probes with our own token in any scope', async () => {
  cloud = await startStandIn(() => [200, { client_id: 'client-1', tenant_id: ROOT_ID }], { answerToken });
  const scoped = cloud.acronis.scopedTo(TENANT_ID);

  expect(await scoped.rootTenantId()).toBe(ROOT_ID);
  await scoped.probe();

  expect(authorizations()).toEqual(['Bearer own-1', 'Bearer own-1']);
});
