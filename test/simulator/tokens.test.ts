import { expect, test } from '@jest/globals';
import { askToken, fetchToken, useCaller } from './caller.js';

const caller = useCaller();

test('a token lives for two hours, is sent by form, and must not be stored', async () => {
  const { url, clientId, clientSecret } = caller.simulator;

  const answer = await askToken(url, `${clientId}:${clientSecret}`, { grant_type: 'client_credentials' });

  const life = Number(answer.body['expires_on']) - Date.now() / 1000;
  expect(life).toBeGreaterThan(7100);
  expect(life).toBeLessThanOrEqual(7200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('wrong credentials are 401 with the flat body of the token endpoint', async () => {
  const { url, clientId } = caller.simulator;

  const answer = await askToken(url, `${clientId}:wrong`, { grant_type: 'client_credentials' });

  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({ error: 'invalid_client' });
});

test('an unknown grant type is 400', async () => {
  const { url, clientId, clientSecret } = caller.simulator;

  expect((await askToken(url, `${clientId}:${clientSecret}`, { grant_type: 'magic' })).status).toBe(400);
});

test('a call without a token, with an unknown or an expired one is 401', async () => {
  const path = `/tenants/${caller.simulator.rootTenantId}`;
  caller.simulator.expireTokens();

  expect((await caller.call('GET', path)).status).toBe(401);
  expect((await caller.call('GET', path, undefined, { authorization: 'Bearer nonsense' })).status).toBe(401);
  caller.token = await fetchToken(caller.simulator);
  expect((await caller.call('GET', path)).status).toBe(200);
});

test('a client shows its tenant, and never its secret', async () => {
  const { clientId, clientSecret, rootTenantId } = caller.simulator;

  const answer = await caller.call('GET', `/clients/${clientId}`);

  expect(answer.body).toMatchObject({ client_id: clientId, tenant_id: rootTenantId });
  expect(answer.text).not.toContain(clientSecret);
});

test('a new client gets its secret once, and loses its access when it is deleted', async () => {
  const { url, rootTenantId } = caller.simulator;
  const made = await caller.call('POST', '/clients', { type: 'api_client', tenant_id: rootTenantId });
  const [id, secret] = [String(made.body['client_id']), String(made.body['client_secret'])];
  const grant = { grant_type: 'client_credentials' };

  expect((await askToken(url, `${id}:${secret}`, grant)).status).toBe(200);
  expect((await caller.call('GET', `/clients/${id}`)).text).not.toContain(secret);
  expect((await caller.call('DELETE', `/clients/${id}`)).status).toBe(204);
  expect((await askToken(url, `${id}:${secret}`, grant)).status).toBe(401);
});

test('a token scoped to a customer sees that customer and nothing above it', async () => {
  const { url, clientId, clientSecret, rootTenantId } = caller.simulator;
  const { id } = await caller.aTenant();
  const scoped = await askToken(url, `${clientId}:${clientSecret}`, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: caller.token,
    scope: `urn:acronis.com:tenant-id:${id}`,
  });
  caller.token = String(scoped.body['access_token']);

  expect((await caller.call('GET', `/tenants/${id}`)).status).toBe(200);
  expect((await caller.call('GET', `/tenants/${rootTenantId}`)).status).toBe(403);
});
