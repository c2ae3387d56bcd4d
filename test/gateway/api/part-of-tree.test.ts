import { beforeAll, describe, expect, test } from '@jest/globals';
import { digestOf, type Role } from '../../../settings/api-keys.js';
import { customersIn } from '../../support/customers.js';
import { openStream } from '../../support/event-stream.js';
import { readFacts } from '../../support/fact-reader.js';
import { anOrder } from '../../support/orders.js';
import { waitUntil } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { secretOf, useApi, type Answer } from './door.js';

const env = useTestEnvironment({ tree: { partners: 2, customers: 1 } }, { answers: true, readFacts });
const api = useApi(env);
const aCustomer = customersIn(env);

/** Ids by name. */
const there = {} as Record<'mine' | 'myCustomer' | 'other' | 'otherCustomer', string>;

const createdAt = '2026-01-01T00:00:00.000Z';
function addKey(name: string, role: Role, tenantId: string, more: { cloud?: string; operations?: string[] } = {}) {
  const { cloud = 'default', ...limits } = more;
  api.keys.push({ name, role, sha256: digestOf(secretOf(name)), createdAt, ...limits, below: [{ tenantId, cloud }] });
}

/** The key that was added last sees only this partner now. */
function limitLastKey() {
  api.keys.push({ ...api.keys.pop()!, below: [{ tenantId: there.mine, cloud: 'default' }] });
}

beforeAll(() => {
  const all = env.simulator.world.tenants();
  const idOf = (name: string) => all.find((one) => one.name === name)!.id;
  Object.assign(there, {
    mine: idOf('Partner 0001'),
    myCustomer: idOf('Customer 0001-0001'),
    other: idOf('Partner 0002'),
    otherCustomer: idOf('Customer 0002-0001'),
  });
  addKey('mine', 'decide', there.mine.toUpperCase());
  addKey('narrow', 'decide', there.mine, { operations: ['disableTenant'] });
  addKey('root', 'decide', env.simulator.rootTenantId);
  addKey('elsewhere', 'decide', there.mine, { cloud: 'eu' });
});

const start = async (operation: string, body: unknown, key = 'mine') =>
  await api.ask('POST', `/v1/operations/${operation}`, { body, key });
const at = (id: string, more = '') => `/v1/operations/${encodeURIComponent(id)}${more}`;
const idIn = ({ body }: Answer) => body['id'] as string;
const itemsOf = ({ body }: Answer) => body['items'] as { id: string; ref?: string }[];
const ended = async (id: string) => await env.client.workflow.getHandle(id).result();

/** A run of anybody about this tenant, until it has ended. */
async function aRunAbout(tenant: object): Promise<string> {
  const id = idIn(
    await start('enableTenant', { tenant, externalRef: crypto.randomUUID(), onFailure: 'undo' }, 'decide'),
  );
  await ended(id);
  return id;
}

async function listed(key: string, query = ''): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await api.ask('GET', `/v1/operations?limit=2${query}${after === undefined ? '' : `&after=${after}`}`, {
      key,
    });
    expect(page.status).toBe(200);
    found.push(...itemsOf(page).map(({ id }) => id));
    after = page.body['next'] as string | undefined;
  } while (after !== undefined);
  return found;
}

test('a key sees, lists and hears of runs about its part of the tree, and of no others', async () => {
  const [seen, hidden] = [await aRunAbout({ id: there.myCustomer }), await aRunAbout({ id: there.otherCustomer })];
  await waitUntil(async () => (await listed('decide')).includes(hidden));

  for (const more of ['', '/input', '/stream']) {
    expect((await api.ask('GET', at(hidden, more), { key: 'mine' })).status).toBe(404);
    expect((await api.ask('GET', at('nobody', more), { key: 'mine' })).status).toBe(404);
  }
  expect(await api.ask('GET', at(seen), { key: 'mine' })).toMatchObject({ status: 200, body: { id: seen } });
  const runs = await listed('mine');
  expect(runs).toContain(seen);
  expect(runs).not.toContain(hidden);
  expect(await listed('mine', `&customer=${there.otherCustomer}`)).toEqual([]);
  expect(await listed('root')).toEqual(expect.arrayContaining([seen, hidden]));
  expect(await listed('elsewhere').catch(() => 'refused')).toBe('refused');
});

test.each(['retry', 'abort', 'cancel'])('a key cannot %s a run elsewhere', async (choice) => {
  const id = await aRunAbout({ id: there.otherCustomer });

  expect(await api.ask('POST', at(id, `/${choice}`), { key: 'mine', body: { reason: 'r' } })).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining(`There is no run ${id} that the key mine may see`) as unknown },
  });
});

test('the id of a run that is no operation shows nothing', async () => {
  const { ref } = await aCustomer();

  expect((await api.ask('GET', at(`customer:${ref}`), { key: 'mine' })).status).toBe(404);
});

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
  await aRunAbout({ id: there.myCustomer });
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
  const mine = { tenant: { id: there.myCustomer } };

  expect((await start('enableTenant', mine, 'narrow')).status).toBe(403);
  expect((await start('disableTenant', { tenant: { id: there.otherCustomer } }, 'narrow')).status).toBe(403);
  const id = idIn(await start('disableTenant', { ...mine, externalRef: crypto.randomUUID() }, 'narrow'));
  await ended(id);
  expect((await api.ask('GET', at(id), { key: 'narrow' })).status).toBe(200);
  expect((await api.ask('GET', at(await aRunAbout(mine.tenant)), { key: 'narrow' })).status).toBe(403);
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
  for (const answer of [await start('provisionCustomer', mine), await start('enableBackupUser', { ...fields, user })])
    expect(answer).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('give another externalRef') as unknown },
    });
  await api.ask('POST', at(id, '/abort'), { body: { reason: 'r' } });
});

test('an Idempotency-Key gives no answer about what the key does not see any more', async () => {
  addKey('shrinking', 'decide', env.simulator.rootTenantId);
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

test('look-ups are about its part, and show nothing that is above', async () => {
  const show = async (path: string) => await api.ask('GET', `/v1/show/${path}`, { key: 'mine' });
  const namesOf = (answer: Answer) => (answer.body['items'] as { name: string }[]).map(({ name }) => name);

  expect(namesOf(await show('tree'))).toEqual(expect.arrayContaining(['Partner 0001', 'Customer 0001-0001']));
  expect(namesOf(await show('tree'))).not.toContain('Partner 0002');
  expect(namesOf(await show('tree?tenant=Customer%200001-0001&limit=1'))).toEqual(['Customer 0001-0001']);
  for (const other of [there.other, 'Partner%200002', env.simulator.rootTenantId, `${there.mine}&cloud=eu`])
    expect(await show(`tree?tenant=${other}`)).toMatchObject({ status: 403, body: { errors: [{ path: 'tenant' }] } });
  expect((await show('path')).status).toBe(403);
  const found = (await show('search?text=customer')).body['items'] as { path: string[] }[];
  expect(found.length).toBeGreaterThan(0);
  expect(found.flatMap(({ path }) => path)).toEqual([]);
});

test.each(['calendar', 'reconcile', 'sources', 'changes'])(
  '%s is about all customers, so it is refused',
  async (what) => {
    expect(await api.ask('GET', `/v1/${what}`, { key: 'mine' })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining(`limited to the tenant ${there.mine.toUpperCase()}`) as unknown },
    });
  },
);

test('customers are seen once their tenant is in its part, and a stream ends when it leaves', async () => {
  const { ref, until } = await aCustomer();
  const { tenantId } = await until(({ state }) => state === 'steady');
  const elsewhere = `/v1/customers/${encodeURIComponent(ref)}`;
  for (const path of [elsewhere, `${elsewhere}/stream`, `/v1/onboardings/${encodeURIComponent(ref)}`])
    expect((await api.ask('GET', path, { key: 'mine' })).status).toBe(404);
  expect((await api.ask('POST', `${elsewhere}/pause`, { key: 'mine', body: { reason: 'r' } })).status).toBe(404);
  expect(itemsOf(await api.ask('GET', '/v1/customers', { key: 'mine' }))).toEqual([]);
  expect(itemsOf(await api.ask('GET', '/v1/customers', { key: 'root' })).map((one) => one.ref)).toContain(ref);

  addKey('customer', 'decide', tenantId!);
  expect((await api.ask('GET', elsewhere, { key: 'customer' })).body).toMatchObject({ ref, tenantId });
  expect((await api.ask('POST', `${elsewhere}/pause`, { key: 'customer', body: { reason: 'r' } })).status).toBe(200);
  const moved = { reason: 'r', subscription: 'store/x', to: ref };
  expect((await api.ask('POST', `${elsewhere}/move`, { key: 'customer', body: moved })).status).toBe(403);
  const stream = await openStream(`${api.url}${elsewhere}/stream`, secretOf('customer'));
  await stream.until(({ event }) => event === 'message');
  limitLastKey();
  for (let event = await stream.next(); event !== undefined; event = await stream.next())
    expect(event.event).not.toBe('end');
  expect((await api.ask('GET', elsewhere, { key: 'customer' })).status).toBe(404);
});

test('a key whose tenant no cloud shows is told so, whatever it asks for', async () => {
  addKey('lost', 'read', '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69');

  for (const path of ['/v1/operations', at('nobody'), '/v1/customers', '/v1/show/tree'])
    expect(await api.ask('GET', path, { key: 'lost' })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('another --below') as unknown },
    });
});

describe('without a worker', () => {
  const nobody = {} as typeof env;
  beforeAll(() => void Object.assign(nobody, { client: env.client, taskQueue: 'nobody-polls' }));
  const lonely = useApi(nobody);

  test('nothing is shown and nothing starts, whether it is there or not', async () => {
    const id = await aRunAbout({ id: there.myCustomer });
    lonely.keys.push(...api.keys.filter(({ name }) => name === 'mine'));

    for (const path of [at(id), at('nobody'), '/v1/operations', '/v1/customers', '/v1/show/tree'])
      expect(await lonely.ask('GET', path, { key: 'mine' })).toMatchObject({
        status: 503,
        body: { detail: expect.stringMatching(/limited to a part of the tenant tree needs a worker/) as unknown },
      });
    const body = { tenant: { id: there.myCustomer } };
    expect((await lonely.ask('POST', '/v1/operations/disableTenant', { key: 'mine', body })).status).toBe(503);
  });
});
