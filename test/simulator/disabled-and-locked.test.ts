import { describe, expect, test } from '@jest/globals';
import { askToken, codeOf, useCaller } from './caller.js';

const caller = useCaller();
const grant = { grant_type: 'client_credentials' };

/** A client of a tenant, with which it can act for itself. */
async function clientOf(tenantId: string) {
  const { body } = await caller.call('POST', '/clients', { type: 'api_client', tenant_id: tenantId });
  const credentials = `${String(body['client_id'])}:${String(body['client_secret'])}`;
  const ask = async () => await askToken(caller.simulator.url, credentials, grant);
  return { ask, authorization: `Bearer ${String((await ask()).body['access_token'])}` };
}

describe('in a tenant that is disabled', () => {
  test('API clients there and below get no token and no answer, until it is enabled again', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const customer = await caller.aTenant({ parent_id: partner.id });
    const { ask, authorization } = await clientOf(customer.id);
    const look = async () => (await caller.call('GET', `/tenants/${customer.id}`, undefined, { authorization })).status;
    expect(await look()).toBe(200);

    await caller.call('PUT', `/tenants/${partner.id}`, { version: 1, enabled: false });

    expect([(await ask()).status, await look()]).toEqual([401, 401]);
    await caller.call('PUT', `/tenants/${partner.id}`, { version: 2, enabled: true });
    expect([(await ask()).status, await look()]).toEqual([200, 200]);
  });

  test('users cannot log in, neither by password nor by a one-time token', async () => {
    const { id } = await caller.aTenant();
    const user = await caller.aUser(id, { login: 'jane' });
    await caller.call('POST', `/users/${user.id}/password`, { password: 'p4ssword' });
    const ott = await caller.call('POST', '/idp/ott', { purpose: 'user_login', login: 'jane' });
    const login = { grant_type: 'password', username: 'jane', password: 'p4ssword' };
    expect((await askToken(caller.simulator.url, '', login)).status).toBe(200);

    await caller.call('PUT', `/tenants/${id}`, { version: 1, enabled: false });

    expect((await askToken(caller.simulator.url, '', login)).status).toBe(401);
    expect((await caller.call('POST', '/idp/ott/login', ott.body)).status).toBe(401);
  });

  test('nothing can be made or enabled below it, at any depth', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const customer = await caller.aTenant({ parent_id: partner.id });
    await caller.call('PUT', `/tenants/${customer.id}`, { version: 1, enabled: false });
    caller.simulator.world.disable(partner.id);

    const unit = await caller.call('POST', '/tenants', { name: 'U', kind: 'unit', parent_id: customer.id });
    const contact = { email: 'j@example.com' };
    const user = await caller.call('POST', '/users', { tenant_id: customer.id, login: 'jane', contact });
    const enabled = await caller.call('PUT', `/tenants/${customer.id}`, { version: 2, enabled: true });

    for (const answer of [unit, user, enabled]) expect([answer.status, codeOf(answer)]).toEqual([400, 1003]);
  });
});

describe('a tenant that is locked', () => {
  const locked = async () => {
    const { id } = await caller.aTenant();
    await caller.call('PUT', `/tenants/${id}`, { version: 1, update_lock: { enabled: 'true', owner_id: id } });
    return id;
  };

  test.each([
    ['changed', 'PUT', '', { version: 2 }],
    ['deleted', 'DELETE', '?version=2', undefined],
    ['given items', 'PUT', '/offering_items', { offering_items: [] }],
    ['given an edition', 'PUT', '/edition', { target_edition: 'standard', application_id: 'x' }],
    ['priced', 'PUT', '/pricing', { version: 1 }],
    ['given a second factor', 'PUT', '/mfa/status', { enabled: true }],
  ])('is not %s by anybody but the owner of the lock', async (_what, method, path, body) => {
    const id = await locked();

    const answer = await caller.call(method, `/tenants/${id}${path}`, body);

    expect([answer.status, codeOf(answer)]).toEqual([403, 1012]);
  });

  test('is freed by its owner, and then changed by all', async () => {
    const { id } = await caller.aTenant();
    const { authorization } = await clientOf(id);
    const own = async (body: object) => (await caller.call('PUT', `/tenants/${id}`, body, { authorization })).status;

    expect(await own({ version: 1, update_lock: { enabled: true } })).toBe(200);
    expect((await caller.call('PUT', `/tenants/${id}`, { version: 2 })).status).toBe(403);
    expect(await own({ version: 2, update_lock: { enabled: false } })).toBe(200);
    expect((await caller.call('PUT', `/tenants/${id}`, { version: 3 })).status).toBe(200);
  });
});

test('a restore restores what was deleted together, users and roles too, and leaves it disabled', async () => {
  const { id } = await caller.aTenant();
  const unit = await caller.aTenant({ kind: 'unit', parent_id: id });
  const user = await caller.aUser(id, { login: 'jane' });
  const role = { trustee_id: user.id, tenant_id: id, role_id: 'company_admin' };
  await caller.call('PUT', `/users/${user.id}/access_policies`, { items: [role] });
  await caller.call('PUT', `/tenants/${id}`, { version: 1, enabled: false });
  await caller.call('DELETE', `/tenants/${id}?version=2`);

  expect((await caller.call('POST', `/tenants/${id}/restore`)).status).toBe(204);

  expect((await caller.call('GET', `/tenants/${id}`)).body).toMatchObject({ enabled: false, deleted_at: null });
  expect((await caller.call('GET', `/tenants/${unit.id}`)).status).toBe(200);
  const roles = await caller.call('GET', `/users/${user.id}/access_policies`);
  expect(roles.body['items']).toMatchObject([{ role_id: 'company_admin' }]);
});

test('a restore is refused when a name or a login was taken meanwhile, and forced under another one', async () => {
  const { id } = await caller.aTenant({ name: 'Acme' });
  const user = await caller.aUser(id, { login: 'jane' });
  await caller.call('PUT', `/tenants/${id}`, { version: 1, enabled: false });
  await caller.call('DELETE', `/tenants/${id}?version=2`);
  const heir = await caller.aTenant({ name: 'Acme' });
  await caller.aUser(heir.id, { login: 'jane' });

  const refused = await caller.call('POST', `/tenants/${id}/restore`);
  const forced = await caller.call('POST', `/tenants/${id}/restore?force=true`);

  expect([refused.status, codeOf(refused), forced.status]).toEqual([409, 1004, 204]);
  expect((await caller.call('GET', `/tenants/${id}`)).body['name']).not.toBe('Acme');
  expect((await caller.call('GET', `/users/${user.id}`)).body['login']).not.toBe('jane');
});
