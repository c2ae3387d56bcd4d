import { expect, test } from '@jest/globals';
import { askToken } from './caller.js';
import { useReplay } from './replay.js';

const script = useReplay();
const nil = '00000000-0000-0000-0000-000000000000';

async function makeUser(tenant_id: string, login: string, role_id: string): Promise<Record<string, unknown>> {
  expect((await script.ask('GET', `api/2/users/check_login?username=${login}`)).status).toBe(204);
  const contact = { email: `${login}@example.com`, firstname: `First ${login}`, lastname: `Last ${login}` };
  const { body } = await script.ask('POST', 'api/2/users', { tenant_id, login, contact });
  // the vendor's script says that JSON follows and sends nothing
  const headers = { authorization: `Bearer ${script.token}`, 'content-type': 'application/json' };
  const path = `${script.simulator.url}/api/2/users/${String(body['id'])}/send-activation-email`;
  expect((await fetch(path, { method: 'POST', headers })).status).toBe(204);
  const policy = {
    id: nil,
    issuer_id: nil,
    role_id,
    tenant_id,
    trustee_id: body['id'],
    trustee_type: 'user',
    version: 0,
  };
  await script.ask('PUT', `api/2/users/${String(body['id'])}/access_policies`, { items: [policy] });
  return body;
}

test('create_api_client, issue_access_token: the login of a user makes a client, the client gets a token', async () => {
  const { login, password, url } = script.simulator;
  const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  const me = await script.callAt('GET', '/api/2/users/me', undefined, { authorization });
  const wanted = {
    type: 'api_client',
    tenant_id: me.body['tenant_id'],
    token_endpoint_auth_method: 'client_secret_basic',
    data: { client_name: 'Python.Client' },
  };

  const client = await script.callAt('POST', '/api/2/clients', wanted, { authorization });
  const credentials = `${String(client.body['client_id'])}:${String(client.body['client_secret'])}`;
  const token = await askToken(url, credentials, { grant_type: 'client_credentials' });

  expect([client.status, client.body['tenant_id'], token.status]).toEqual([201, script.root(), 200]);
  expect(token.body).toMatchObject({ access_token: expect.any(String), expires_on: expect.any(Number) });
});

test('issue_access_customer_scoped_token_for_bc, at its old address and at the present one', async () => {
  const { id } = await script.makeCustomer();
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: script.token,
    scope: `urn:acronis.com:tenant-id:${id}`,
  };
  for (const path of ['/bc/idp/token', '/api/2/idp/token']) {
    const headers = { authorization: `Bearer ${script.token}` };
    const answer = await fetch(script.simulator.url + path, {
      method: 'POST',
      headers,
      body: new URLSearchParams(form),
    });
    expect([path, answer.status]).toEqual([path, 200]);
  }
});

test('create_user_for_customer_activate_assign_backup_user_role', async () => {
  const { id } = await script.makeCustomer();

  const user = await makeUser(id, 'jane.roe', 'backup_user');

  expect(user).toMatchObject({ login: 'jane.roe', personal_tenant_id: expect.any(String) });
  const again = await script.callAt('GET', '/api/2/users/check_login?username=jane.roe');
  expect([again.status, again.body['error']]).toEqual([409, expect.any(Object)]);
});

test('create_user_for_partner_activate_assign_admin_role', async () => {
  const { id } = await script.makePartner();

  expect(await makeUser(id, 'john.roe', 'partner_admin')).toHaveProperty('personal_tenant_id');
});

test('ipmpersonate_user_call_me: the answer to the first call is the body of the second, then a cookie is enough', async () => {
  const { id } = await script.makeCustomer();
  await makeUser(id, 'jane.roe', 'backup_user');
  const ott = await script.ask('POST', 'api/2/idp/ott', { purpose: 'user_login', login: 'jane.roe' });
  const login = await script.ask('POST', 'api/2/idp/ott/login', JSON.parse(ott.text));
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
  const me = async () => await fetch(`${script.simulator.url}/api/2/users/me`, { headers: { cookie } });

  expect(await (await me()).json()).toMatchObject({ login: 'jane.roe', tenant_kind: 'customer' });
  expect(login.headers.get('set-cookie')).not.toContain('Secure');
  await fetch(`${script.simulator.url}/api/2/idp/logout`, { headers: { cookie } });
  expect((await me()).status).toBe(401);
});

test('the first tutorials: one provisions a customer, one enables the backup service for a user', async () => {
  const fields = {
    name: 'Tutorial',
    kind: 'customer',
    parent_id: script.root(),
    customer_id: 'x',
    enhanced_security: true,
  };
  const { id } = (await script.ask('POST', 'api/2/tenants', fields)).body;
  await script.ask('PUT', `api/2/tenants/${String(id)}/mfa/status`, { enabled: true });
  const offer = `api/2/tenants/${script.root()}/offering_items/available_for_child?kind=customer`;
  const items = (await script.ask('GET', offer)).body['items'] as { name: string }[];
  const offering_items = items.filter(({ name }) => ['workstations', 'storage'].includes(name));
  await script.ask('PUT', `api/2/tenants/${String(id)}/offering_items`, { offering_items });
  const user = await makeUser(String(id), 'JohnDoe', 'company_admin');
  await script.ask('POST', `api/2/users/${String(user['id'])}/password`, { password: 'p4ssword', version: 1 });

  expect(offering_items).toHaveLength(2);
  const { version } = (await script.ask('GET', `api/2/tenants/${String(id)}`)).body;
  const barred = await script.ask('PUT', `api/2/tenants/${String(id)}`, { ancestral_access: false, version });
  expect(
    (await script.ask('PUT', `api/2/tenants/${String(id)}`, { enabled: false, version: barred.body['version'] })).body,
  ).toMatchObject({ enabled: false });
});

test('the oldest samples: find the data centre of a login, ask who a client is, register by the tenant of a user', async () => {
  const { id } = await script.makeCustomer();
  const user = await makeUser(id, 'bash', 'backup_user');
  const place = await script.ask('GET', 'api/1/accounts?login=whoever');
  const me = await script.ask('GET', 'api/2/users/me');
  const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];
  const wanted = { tenant_id: user['personal_tenant_id'], expires_in: 3600, scopes };

  const token = await script.ask('POST', 'bc/api/account_server/registration_tokens', wanted);

  expect([place.body['server_url'], me.body['tenant_id']]).toEqual([script.simulator.url, script.root()]);
  expect(token.body).toMatchObject({ tenant_uuid: user['personal_tenant_id'], scopes });
});
