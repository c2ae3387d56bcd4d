import { expect, test } from '@jest/globals';
import { askToken, codeOf, useCaller } from './caller.js';

const caller = useCaller();
const slow = useCaller({ twoFactorOff: { looks: 1 } });

test('a customer begins in trial; production needs the stored version and is for good', async () => {
  const { id } = await caller.aTenant();
  const path = `/tenants/${id}/pricing`;
  const { body } = await caller.call('GET', path);
  expect(body).toMatchObject({ mode: 'trial' });
  const stale = await caller.call('PUT', path, { mode: 'production', version: 1 });
  expect([stale.status, codeOf(stale)]).toEqual([409, 1001]);

  const changed = await caller.call('PUT', path, { mode: 'production', version: body['version'] });

  expect(changed.body).toMatchObject({ mode: 'production' });
  const back = await caller.call('PUT', path, { mode: 'trial', version: changed.body['version'] });
  expect([back.status, codeOf(back)]).toEqual([400, 1027]);
  expect(caller.simulator.world.pricing(id)).toMatchObject({ mode: 'production' });
});

test('two-factor authentication can be switched for a customer, also by the text "enabled", and not for a unit', async () => {
  const { id } = await caller.aTenant();
  const unit = await caller.aTenant({ kind: 'unit', parent_id: id });

  const on = await caller.call('PUT', `/tenants/${id}/mfa/status`, { enabled: 'true' });
  const refused = await caller.call('PUT', `/tenants/${unit.id}/mfa/status`, { enabled: true });

  expect(on.body).toMatchObject({ mfa_status: 'enabled' });
  expect(caller.simulator.world.mfa(id)).toBe('enabled');
  expect([refused.status, codeOf(refused)]).toEqual([400, 1027]);
});

test('switching a second factor off may take time, and the status is "in progress" until then', async () => {
  const { id } = await slow.aTenant();
  const path = `/tenants/${id}/mfa/status`;
  await slow.call('PUT', path, { enabled: true });
  const seen = [(await slow.call('PUT', path, { enabled: false })).body, (await slow.call('GET', path)).body];

  expect(seen.map((status) => status['mfa_status'])).toEqual(['disable_in_progress', 'disabled']);
});

test('a second factor keeps a user from logging in by name and password, also where only this user needs it', async () => {
  const { id } = await caller.aTenant();
  const user = await caller.aUser(id, { login: 'jane' });
  await caller.call('POST', `/users/${user.id}/password`, { password: 'p4ssword' });
  const logIn = async () =>
    (await askToken(caller.simulator.url, '', { grant_type: 'password', username: 'jane', password: 'p4ssword' })).body;
  expect(await logIn()).toHaveProperty('access_token');

  await caller.call('PUT', `/users/${user.id}/mfa/status`, { enabled: true });

  expect(await logIn()).toMatchObject({ error: 'totp_setup_required' });
  expect((await caller.call('GET', `/users/${user.id}`)).body).toMatchObject({ mfa_status: 'setup_required' });
});

test('neither pricing nor two-factor nor items move the version of a tenant', async () => {
  const { id } = await caller.aTenant();
  const { body } = await caller.call('GET', `/tenants/${id}/pricing`);
  await caller.call('PUT', `/tenants/${id}/pricing`, { mode: 'production', version: body['version'] });
  await caller.call('PUT', `/tenants/${id}/mfa/status`, { enabled: true });

  expect((await caller.call('GET', `/tenants/${id}`)).body).toMatchObject({ version: 1 });
});

test('the answer has the usage of each item that the tenant has', async () => {
  const { id } = await caller.aTenant();
  const root = caller.simulator.rootTenantId;
  const offer = await caller.call('GET', `/tenants/${root}/offering_items/available_for_child?kind=customer`);
  const item = (offer.body['items'] as { name: string; application_id: string }[]).find(
    ({ name }) => name === 'workstations',
  )!;
  await caller.call('PUT', `/tenants/${id}/offering_items`, {
    offering_items: [{ application_id: item.application_id, name: item.name }],
  });
  caller.simulator.world.setUsage(id, 'workstations', 3);

  const { body } = await caller.call('GET', `/tenants/${id}/usages`);

  expect(body['items']).toEqual([expect.objectContaining({ usage_name: 'workstations', value: 3, tenant_uuid: id })]);
});
