import { beforeAll, describe, expect, test } from '@jest/globals';
import { consoleClient } from '../../support/console.js';
import { customersIn } from '../../support/customers.js';
import { openStream } from '../../support/event-stream.js';
import { anOrder } from '../../support/orders.js';
import { waitUntil } from '../../support/runs.js';
import { secretOf, useApi, type Answer } from './door.js';
import { browserOf } from './browser-of.js';
import { at, idIn, itemsOf, useTwoPartners } from './two-partners.js';

const { env, api, there, passed, addKey, start, limitLastKey, aRunAbout, listed } = useTwoPartners();
const aCustomer = customersIn(env);

const { ask, logIn } = browserOf(api);

test('a key sees, lists and hears of runs about its part of the tree, and of no others', async () => {
  const [seen, hidden] = [await aRunAbout(there.myCustomer), await aRunAbout(there.otherCustomer)];
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
  addKey('elsewhere', there.mine, { cloud: 'eu' });
  expect((await api.ask('GET', '/v1/operations', { key: 'elsewhere' })).status).toBe(403);
});

test.each(['retry', 'abort', 'cancel'])('a key cannot %s a run elsewhere', async (choice) => {
  const id = await aRunAbout(there.otherCustomer);

  expect(await api.ask('POST', at(id, `/${choice}`), { key: 'mine', body: { reason: 'r' } })).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining(`There is no run ${id} that the key mine may see`) as unknown },
  });
});

test('the id of a run that is no operation shows nothing', async () => {
  const { ref } = await aCustomer();

  expect((await api.ask('GET', at(`customer:${ref}`), { key: 'mine' })).status).toBe(404);
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

test('sources speak of all customers, so they are refused', async () => {
  expect(await api.ask('GET', '/v1/sources', { key: 'mine' })).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining(`limited to the tenant ${there.mine.toUpperCase()}`) as unknown },
  });
});

test('customers are seen once their tenant is in its part, and a stream ends when it leaves', async () => {
  const { ref, until } = await aCustomer();
  const { tenantId } = await until(({ state }) => state === 'steady');
  const elsewhere = `/v1/customers/${encodeURIComponent(ref)}`;
  for (const path of [elsewhere, `${elsewhere}/stream`, `/v1/onboardings/${encodeURIComponent(ref)}`])
    expect((await api.ask('GET', path, { key: 'mine' })).status).toBe(404);
  expect((await api.ask('POST', `${elsewhere}/pause`, { key: 'mine', body: { reason: 'r' } })).status).toBe(404);
  const token = `/v1/onboardings/${encodeURIComponent(ref)}/token`;
  expect((await api.ask('POST', token, { key: 'mine' })).status).toBe(404);
  expect((await api.ask('POST', token, { key: 'root' })).status).toBe(409);
  expect(itemsOf(await api.ask('GET', '/v1/customers', { key: 'mine' }))).toEqual([]);
  expect(itemsOf(await api.ask('GET', '/v1/customers', { key: 'root' })).map((one) => one.ref)).toContain(ref);

  addKey('customer', tenantId!);
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

test('an onboarding without a customer is shown to keys of its part only, and others cannot ask for its token', async () => {
  const { customer, ...order } = anOrder({ onFailure: 'undo' });
  const ref = customer['customerId'] as string;
  const onboarding = `/v1/onboardings/${encodeURIComponent(ref)}`;
  addKey('theirs', there.other);
  const input = { ...order, customer: { ...customer, parentTenantId: there.other } };
  const id = idIn(await start('onboardCustomer', input, 'decide'));
  const asked = async (key: string) => await api.ask('GET', onboarding, { key });
  // the partner does not offer what is ordered
  await waitUntil(async () => (await asked('decide')).body['state'] === 'failed');

  for (const [method, path] of [
    ['GET', onboarding],
    ['POST', `${onboarding}/token`],
  ] as const)
    expect((await api.ask(method, path, { key: 'mine' })).status).toBe(404);
  expect(await asked('theirs')).toMatchObject({ status: 200, body: { run: id } });
  // there is no token, which only a key of its part hears
  expect((await api.ask('POST', `${onboarding}/token`, { key: 'theirs' })).status).toBe(409);
});

test('a tenant that is moved out is seen a minute longer, and a deleted one stays in its part', async () => {
  const { world } = env.simulator;
  const [moved, deleted] = ['Moved', 'Deleted'].map((name) => world.addTenant({ name, parent_id: there.mine }));
  const runs = [await aRunAbout(moved!), await aRunAbout(deleted!)];
  const seen = async () =>
    await Promise.all(runs.map(async (id) => (await api.ask('GET', at(id), { key: 'mine' })).status));
  expect(await seen()).toEqual([200, 200]);

  world.moveTenant(moved!, there.other);
  const { tenants } = consoleClient(env.simulator);
  const { version } = await tenants.update(deleted!, {
    version: (await tenants.get(deleted!)).version,
    enabled: false,
  });
  await tenants.remove(deleted!, version);

  expect(await seen()).toEqual([200, 200]);
  passed.minutes += 1;
  expect(await seen()).toEqual([404, 200]);
  const listedNow = await listed('mine');
  expect(runs.map((id) => listedNow.includes(id))).toEqual([false, true]);
});

test('one decision for all of a cause reaches only the runs in its part, also where the form names others', async () => {
  const blockedRun = async (id: string) => {
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 }, { about: [id], times: 9 });
    const order = { tenant: { id }, externalRef: crypto.randomUUID(), onFailure: 'ask' };
    const run = idIn(await start('disableTenant', order, 'decide'));
    await waitUntil(async () => (await api.ask('GET', at(run))).body['state'] === 'blocked');
    return { run, blocked: (await api.ask('GET', at(run))).body['blocked'] as { type: string; step: string } };
  };
  const mine = await blockedRun(there.myCustomer);
  const other = await blockedRun(there.otherCustomer);
  await waitUntil(async () => (await listed('decide', '&state=blocked')).length === 2);
  const { type, step } = mine.blocked;
  const { cookie, formToken } = await logIn();
  const { runId } = await env.client.workflow.getHandle(other.run).describe();

  const { html } = await ask('/cause/abort', {
    cookie,
    fields: { formToken, type, step, reason: 'r', run: JSON.stringify([other.run, runId, 'disableTenant']) },
  });
  expect(html).toContain('there is no such run');
  expect(html).not.toContain(other.blocked.type.concat(': '));
  expect((await ask(`/cause?${new URLSearchParams({ type, step }).toString()}`, { cookie })).html).not.toContain(
    other.run,
  );
  const decided = await api.ask('POST', '/v1/causes/abort', { key: 'mine', body: { type, step, reason: 'r' } });

  expect(itemsOf(decided).map(({ id }) => id)).toEqual([mine.run]);
  expect((await api.ask('GET', at(other.run))).body).toMatchObject({ state: 'blocked' });
  await api.ask('POST', at(other.run, '/abort'), { body: { reason: 'r' } });
});

test('the page has the same limits', async () => {
  const hidden = await aRunAbout(there.otherCustomer);
  const { cookie, formToken } = await logIn();
  const htmlOf = async (path: string) => (await ask(path, { cookie })).html;
  const statusOf = async (path: string, fields?: Record<string, string>) =>
    (await ask(path, { cookie, ...(fields && { fields: { formToken, ...fields } }) })).status;
  const input = JSON.stringify({ tenant: { id: there.otherCustomer } });

  expect(await statusOf(`/runs/${hidden}`)).toBe(404);
  expect(await statusOf(`/runs/${hidden}/cancel`, { reason: 'r' })).toBe(404);
  expect(await statusOf('/start/disableTenant', { input })).toBe(403);
  expect(await statusOf('/start/disableTenant/plan', { input })).toBe(403);
  for (const path of ['/sources', '/look-ups', '/brake']) expect(await statusOf(path)).toBe(403);
  expect(await htmlOf('/')).not.toContain('Observe mode');
  expect((await ask('/', { cookie: (await logIn('decide')).cookie })).html).toContain('Observe mode');
  expect(await htmlOf('/')).not.toContain(there.otherCustomer);
  expect(await htmlOf(`/?search=${hidden}`)).toContain('Nothing found');
  expect(await htmlOf('/customers')).toContain('No customers yet');
});

test('a key whose tenant no cloud shows gets that answer, whatever it asks for', async () => {
  addKey('lost', '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69');

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
    const id = await aRunAbout(there.myCustomer);
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
