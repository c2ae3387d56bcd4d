import { expect, test } from '@jest/globals';
import { startSimulator } from '../../simulator/index.js';
import { fetchToken, useCaller } from './caller.js';

const caller = useCaller();
const control = async (method: string, path: string, body?: unknown) => {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return await fetch(`${caller.simulator.url}/_simulator/${path}`, { method, ...text });
};

test('the journal keeps every call in order, with route, status and fault', async () => {
  caller.simulator.faults.next('POST /tenants', { refuse: 503 });
  await caller.aTenant();
  await caller.aTenant();

  const calls = caller.simulator.journal.calls('POST /tenants');

  expect(calls.map(({ status, fault }) => [status, fault])).toEqual([
    [503, { refuse: 503 }],
    [201, undefined],
  ]);
  expect(caller.simulator.journal.calls().map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('the journal keeps neither the secret of a client nor a password', async () => {
  const { id } = await caller.aTenant();
  const user = await caller.aUser(id);
  await caller.call('POST', `/users/${user.id}/password`, { password: 'p4ssword' });

  const text = JSON.stringify(caller.simulator.journal.entries);

  expect(text).toContain('/password');
  expect(text).not.toContain('p4ssword');
  expect(text).not.toContain(caller.simulator.clientSecret);
});

test('an unknown route is answered 404, listed, and reported', async () => {
  const told: string[] = [];
  const loud = await startSimulator({ log: (line) => told.push(line) });
  const token = await fetchToken(loud);

  const answer = await fetch(`${loud.url}/api/2/miracles`, { headers: { authorization: `Bearer ${token}` } });
  await loud.close();

  expect(answer.status).toBe(404);
  expect(loud.unknownRoutes).toEqual(['GET /api/2/miracles']);
  expect(told).toEqual([expect.stringContaining('GET /api/2/miracles')]);
});

test('a program in another process sets and removes faults, and reads world and journal', async () => {
  const path = `/tenants/${caller.simulator.rootTenantId}`;
  await control('POST', 'faults', { route: 'GET /tenants/{id}', fault: { refuse: 500 }, times: 9 });
  expect((await caller.call('GET', path)).status).toBe(500);
  await control('DELETE', 'faults');
  expect((await caller.call('GET', path)).status).toBe(200);

  const { id } = await caller.aTenant();
  const world = (await (await control('GET', 'world')).json()) as { tenants: { id: string }[] };
  const journal = (await (await control('GET', 'journal')).json()) as { route: string }[];

  expect(world.tenants.map((tenant) => tenant.id)).toContain(id);
  expect(journal.at(-1)).toMatchObject({ route: 'POST /tenants' });
  expect((await control('GET', 'miracles')).status).toBe(404);
});

test('the body of a call must be JSON and say so', async () => {
  const path = `${caller.simulator.url}/api/2/tenants`;
  const headers = { authorization: `Bearer ${caller.token}` };

  const untyped = await fetch(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/plain' },
    body: '{}',
  });
  const broken = await fetch(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{',
  });

  expect([untyped.status, broken.status]).toEqual([415, 400]);
});

test('a body of null is an empty body; other values that are no object are refused', async () => {
  const { id } = await caller.aTenant();
  const { id: userId } = await caller.aUser(id);
  const mail = `/users/${userId}/send-activation-email`;

  expect((await caller.call('POST', mail, null)).status).toBe(204);
  expect((await caller.call('POST', mail, 'text')).status).toBe(400);
});

test('two imitations in one process share nothing', async () => {
  const other = await startSimulator({ fixture: { rootName: 'Another MSP', clientSecret: 'another' } });
  await caller.aTenant({ name: 'Acme' });

  expect(other.world.customers()).toEqual([]);
  expect(other.url).not.toBe(caller.simulator.url);
  await other.close();
});

test('a listener gets each customer that is made, and none that existed before', async () => {
  const { id } = await caller.aTenant();
  const user = await caller.aUser(id);

  const customers = (await (await control('GET', 'customers')).json()) as { id: string; users: { login: string }[] }[];

  expect(customers.map((customer) => customer.id)).toEqual([id]);
  expect(customers[0]!.users.map(({ login }) => login)).toEqual([user.login]);
});

test('a program elsewhere can ask and arrange whatever a test in this process can', async () => {
  const { id } = await caller.aTenant();
  const ask = async (name: string, ...given: unknown[]) => await control('POST', `world/${name}`, given);

  expect((await ask('setUsage', id, 'workstations', 3)).status).toBe(200);
  expect(await (await ask('tenant', id)).json()).toMatchObject({ id, version: 1 });
  expect((await ask('disable', 'nobody')).status).toBe(400);
  expect((await ask('constructor')).status).toBe(404);
});
