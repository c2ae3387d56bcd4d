import { describe, expect, test } from '@jest/globals';
import { codeOf, useCaller } from './caller.js';

const caller = useCaller();

test('check_login says free, taken in the whole cloud whatever the case, or not a login', async () => {
  expect((await caller.call('GET', '/users/check_login?username=free.login')).status).toBe(204);
  expect((await caller.call('GET', '/users/check_login?username=TAKEN.login')).status).toBe(409);
  expect((await caller.call('GET', '/users/check_login?username=no%20blanks')).status).toBe(406);
});

describe('creating', () => {
  test('a user is not active, and has a tenant of its own inside a customer', async () => {
    const { id } = await caller.aTenant();

    const user = await caller.aUser(id);

    expect(user).toMatchObject({ activated: false, version: 1, tenant_id: id });
    expect(user['personal_tenant_id']).toEqual(expect.any(String));
  });

  test.each([
    ['a taken login', { login: 'taken.login' }, 409, 409],
    ['a login that is none', { login: 'no blanks' }, 400, 1033],
    ['no e-mail address', { contact: {} }, 400, 400],
    ['a wrong e-mail address', { contact: { email: 'nowhere' } }, 400, 400],
  ])('%s is refused', async (_what, changed, status, code) => {
    const { id } = await caller.aTenant();
    const fields = { tenant_id: id, login: 'jane', contact: { email: 'jane@example.com' }, ...changed };

    const answer = await caller.call('POST', '/users', fields);

    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(caller.simulator.world.users(id)).toEqual([]);
  });
});

test('business types are kept as given, also by a change; there is no other one than buyer', async () => {
  const { id } = await caller.aTenant();
  const user = await caller.aUser(id, { business_types: ['buyer'] });
  const typesOf = async () => (await caller.call('GET', `/users/${user.id}`)).body['business_types'];
  const change = async (business_types: unknown, version: number) =>
    (await caller.call('PUT', `/users/${user.id}`, { version, business_types })).status;

  expect([user['business_types'], await typesOf()]).toEqual([['buyer'], ['buyer']]);
  expect((await caller.aUser(id, { business_types: null }))['business_types']).toEqual([]);
  expect([await change(['seller'], 1), await change('buyer', 1)]).toEqual([400, 400]);
  expect([await change([], 1), await typesOf()]).toEqual([200, []]);
  await caller.call('PUT', `/users/${user.id}`, { version: 2, language: 'de' });
  expect([await change(['buyer'], 3), await typesOf()]).toEqual([200, ['buyer']]);
});

test('a user is deleted only when disabled and with its version, and its login is free again', async () => {
  const { id: tenantId } = await caller.aTenant();
  const { id } = await caller.aUser(tenantId, { login: 'jane' });

  expect((await caller.call('DELETE', `/users/${id}?version=1`)).status).toBe(400);
  expect((await caller.call('PUT', `/users/${id}`, { version: 9, enabled: false })).status).toBe(409);
  await caller.call('PUT', `/users/${id}`, { version: 1, enabled: false });
  expect((await caller.call('DELETE', `/users/${id}?version=2`)).status).toBe(204);
  expect((await caller.call('GET', '/users/check_login?username=jane')).status).toBe(204);
});

test('a deleted user can be restored, unless somebody else has its login', async () => {
  const { id: tenantId } = await caller.aTenant();
  const { id } = await caller.aUser(tenantId, { login: 'jane' });
  const remove = async (version: number) => {
    await caller.call('PUT', `/users/${id}`, { version, enabled: false });
    await caller.call('DELETE', `/users/${id}?version=${version + 1}`);
  };
  await remove(1);

  expect((await caller.call('POST', `/users/${id}/restore`)).status).toBe(204);
  const { body: restored } = await caller.call('GET', `/users/${id}`);
  expect(restored).toMatchObject({ login: 'jane' });
  await remove(Number(restored['version']));
  await caller.aUser(tenantId, { login: 'jane' });
  expect((await caller.call('POST', `/users/${id}/restore`)).status).toBe(409);
});

describe('roles', () => {
  const policy = (trustee_id: string, tenant_id: string, role_id: string) => ({ trustee_id, tenant_id, role_id });

  test('are written as a whole: what is not in the list is gone', async () => {
    const { id: tenantId } = await caller.aTenant();
    const { id } = await caller.aUser(tenantId);
    await caller.call('PUT', `/users/${id}/access_policies`, { items: [policy(id, tenantId, 'company_admin')] });

    await caller.call('PUT', `/users/${id}/access_policies`, { items: [policy(id, tenantId, 'backup_user')] });

    const { body } = await caller.call('GET', `/users/${id}/access_policies`);
    expect(body['items']).toEqual([expect.objectContaining({ role_id: 'backup_user', version: 0 })]);
  });

  test.each([
    ['an unknown role', 'emperor', 400, 400],
    ['a role of another kind of tenant', 'partner_admin', 400, 1027],
  ])('%s is refused', async (_what, role, status, code) => {
    const { id: tenantId } = await caller.aTenant();
    const { id } = await caller.aUser(tenantId);

    const answer = await caller.call('PUT', `/users/${id}/access_policies`, { items: [policy(id, tenantId, role)] });

    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  test('two roles of one service, or somebody else as trustee, are a conflict', async () => {
    const { id: tenantId } = await caller.aTenant();
    const { id } = await caller.aUser(tenantId);
    const two = [policy(id, tenantId, 'company_admin'), policy(id, tenantId, 'readonly_admin')];

    expect((await caller.call('PUT', `/users/${id}/access_policies`, { items: two })).status).toBe(409);
    const foreign = [policy(tenantId, tenantId, 'company_admin')];
    expect((await caller.call('PUT', `/users/${id}/access_policies`, { items: foreign })).status).toBe(409);
  });
});

test('a password that is known from a leak is recognised by its SHA-1', async () => {
  const check = async (password: string) => await caller.call('POST', '/users/check_password', { password });
  const leaked = '5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8';

  expect((await check(leaked)).body).toEqual({ compromised: true });
  expect((await check(leaked.replace('5', '6'))).body).toEqual({ compromised: false });
  expect((await check('password')).status).toBe(400);
});

test('each activation mail is counted, also a second one', async () => {
  const { id: tenantId } = await caller.aTenant();
  const { id } = await caller.aUser(tenantId);

  expect((await caller.call('POST', `/users/${id}/send-activation-email`)).status).toBe(204);
  expect((await caller.call('POST', `/users/${id}/send-activation-email`)).status).toBe(204);

  expect(caller.simulator.world.mails().map(({ userId }) => userId)).toEqual([id, id]);
});

test('a password activates a user below, and is refused for one of the caller’s own tenant', async () => {
  const { id: tenantId } = await caller.aTenant();
  const { id } = await caller.aUser(tenantId);
  const own = await caller.aUser(caller.simulator.rootTenantId);

  expect((await caller.call('POST', `/users/${id}/password`, { password: 'p4ssword' })).status).toBe(204);
  expect((await caller.call('GET', `/users/${id}`)).body).toMatchObject({ activated: true });
  expect((await caller.call('POST', `/users/${own.id}/password`, { password: 'p4ssword' })).status).toBe(403);
});
