import { expect, test } from '@jest/globals';
import { anOrder } from '../../support/orders.js';
import { waitUntil } from '../../support/runs.js';
import { secretOf } from './door.js';
import { at, idIn, useTwoPartners } from './two-partners.js';

const { env, api, there, addKey, limitLastKey, start, ended, aRunAbout, listed } = useTwoPartners();

test.each([
  ['disableTenant', () => ({ tenant: { id: there.otherCustomer } }), 'tenant'],
  ['disableTenant', () => ({ tenant: { name: 'Customer 0002-0001' } }), 'tenant'],
  ['disableTenant', () => ({ tenant: { customerId: there.myCustomer } }), 'tenant'],
  ['disableTenant', () => ({ tenant: { id: there.myCustomer }, cloud: 'eu' }), 'tenant'],
  ['provisionCustomer', () => anOrder(), 'customer.parentTenantId'],
  ['provisionCustomer', () => anOrder({ customer: { parentTenantId: there.other } }), 'customer.parentTenantId'],
  ['provisionPartner', () => ({ partner: { name: 'P' }, editions: 'all' }), 'partner.parentTenantId'],
  ['updatePartners', () => ({ to: { editions: 'all' } }), 'root'],
  ['produceReport', () => ({ kind: 'usage_current', level: 'accounts' }), 'tenant'],
  ['resendActivation', () => ({ user: { login: 'demo.admin' } }), 'tenant'],
  ['impersonateUser', () => ({ user: { login: 'demo.admin' } }), 'tenant'],
])('%s of a tenant elsewhere is refused before anything starts', async (operation, input, path) => {
  const body = input();

  const started = await start(operation, body);
  const planned = await api.ask('POST', `/v1/operations/${operation}/plan`, { body, key: 'mine' });

  const refusal = { type: 'docs/failures.md#forbidden', errors: [expect.objectContaining({ path })] };
  expect(started).toMatchObject({ status: 403, body: refusal });
  expect(planned).toMatchObject({ status: 403, body: refusal });
});

test('a run that was started by name is about the tenant that was checked', async () => {
  const order = { tenant: { name: 'Customer 0001-0001' }, onFailure: 'undo' };

  const id = idIn(await start('disableTenant', order));

  expect(await ended(id)).toMatchObject({ state: 'completed', tenantId: there.myCustomer });
  expect((await api.ask('GET', at(id, '/input'), { key: 'mine' })).body).toMatchObject({
    tenant: { id: there.myCustomer },
  });
  await aRunAbout(there.myCustomer);
});

test('a new customer is seen from its start on, also while it waits for a person', async () => {
  const order = anOrder({
    customer: { parentTenantId: there.mine },
    administrator: { login: 'taken.login' },
    onFailure: 'ask',
  });

  const id = idIn(await start('provisionCustomer', order));

  const isBlocked = async () => (await api.ask('GET', at(id), { key: 'mine' })).body['state'] === 'blocked';
  expect((await api.ask('GET', at(id, '/input'), { key: 'mine' })).status).toBe(200);
  await waitUntil(isBlocked);
  expect(await listed('mine', '&state=blocked')).toEqual([id]);
  const elsewhere = { ...order, customer: { ...order.customer, parentTenantId: there.other } };
  const amended = await api.ask('POST', at(id, '/amend'), { key: 'mine', body: { reason: 'r', input: elsewhere } });
  expect(amended).toMatchObject({ status: 403 });
  expect((await api.ask('POST', at(id, '/abort'), { key: 'mine', body: { reason: 'r' } })).status).toBe(200);
});

test('a key that is limited to operations as well has both limits', async () => {
  addKey('narrow', there.mine, { operations: ['disableTenant'] });
  const mine = { tenant: { id: there.myCustomer } };

  expect((await start('enableTenant', mine, 'narrow')).status).toBe(403);
  expect((await start('disableTenant', { tenant: { id: there.otherCustomer } }, 'narrow')).status).toBe(403);
  const id = idIn(await start('disableTenant', { ...mine, externalRef: crypto.randomUUID() }, 'narrow'));
  await ended(id);
  expect((await api.ask('GET', at(id), { key: 'narrow' })).status).toBe(200);
  expect((await api.ask('GET', at(await aRunAbout(there.myCustomer)), { key: 'narrow' })).status).toBe(403);
  expect((await api.ask('GET', '/v1/customers', { key: 'narrow' })).status).toBe(403);
});

test('a run of others with the same business key is neither joined nor described', async () => {
  const theirs = anOrder({
    customer: { parentTenantId: there.other },
    administrator: { login: 'taken.login' },
    onFailure: 'ask',
  });
  const id = idIn(await start('provisionCustomer', theirs, 'decide'));
  await waitUntil(async () => (await api.ask('GET', at(id))).body['state'] === 'blocked');
  const mine = { ...theirs, customer: { ...theirs.customer, parentTenantId: there.mine } };
  const { administrator: user, ...fields } = mine;

  // the other operation would add its user to the tenant of the same key
  const planned = await api.ask('POST', '/v1/operations/provisionCustomer/plan', { body: mine, key: 'mine' });
  const added = await start('enableBackupUser', { ...fields, user });
  for (const answer of [await start('provisionCustomer', mine), added, planned])
    expect(answer).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('give another externalRef') as unknown },
    });
  await api.ask('POST', at(id, '/abort'), { body: { reason: 'r' } });
});

test('an Idempotency-Key gives no answer about what the key does not see any more', async () => {
  addKey('shrinking', env.simulator.rootTenantId);
  const body = JSON.stringify({ tenant: { id: there.otherCustomer }, externalRef: 'shrinking' });
  const send = async () =>
    await fetch(`${api.url}/v1/operations/enableTenant`, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${secretOf('shrinking')}`,
        'content-type': 'application/json',
        'idempotency-key': 'one',
      },
    });
  const first = await send();
  expect(await (await send()).text()).toBe(await first.text());

  limitLastKey();

  expect((await send()).status).toBe(403);
});
