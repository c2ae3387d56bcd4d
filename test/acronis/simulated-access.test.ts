import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAcronis, type Acronis } from '../../acronis/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { failureOf } from './stand-in.js';

let simulator: Simulator;
let acronis: Acronis;
const clientOf = (clientId: string, clientSecret: string): Acronis =>
  createAcronis({ baseUrl: simulator.url, clientId, clientSecret, version: '1.0.0' });
beforeEach(async () => {
  simulator = await startSimulator();
  acronis = clientOf(simulator.clientId, simulator.clientSecret);
});
afterEach(async () => {
  const { unknownRoutes } = simulator;
  await simulator.close();
  expect(unknownRoutes).toEqual([]);
});

test("creates an API client with a user's login, finds it by its mark, and removes it", async () => {
  const { login, password } = simulator;
  const fields = { tenant_id: simulator.rootTenantId, data: { client_name: 'Billing' }, origin_id: 'run-1' };

  const made = await acronis.clients.create(fields, { login, password });
  const theirs = clientOf(made.client_id, made.client_secret);
  const rootId = await theirs.rootTenantId();
  const found = await acronis.clients.list({ originId: 'run-1' });
  await acronis.clients.update(made.client_id, { status: 'disabled' });
  const again = await failureOf(clientOf(made.client_id, made.client_secret).probe());
  await acronis.clients.remove(made.client_id);

  expect(rootId).toBe(simulator.rootTenantId);
  expect(found).toMatchObject([{ client_id: made.client_id, data: { client_name: 'Billing' } }]);
  expect(again).toMatchObject({ kind: 'credentials' });
  expect(await failureOf(acronis.clients.get(made.client_id))).toMatchObject({ kind: 'not-found' });
});

test('reports forbidden for a wrong password', async () => {
  const fields = { tenant_id: simulator.rootTenantId, data: { client_name: 'Billing' } };
  const login = { login: simulator.login, password: 'wrong' };

  expect(await failureOf(acronis.clients.create(fields, login))).toMatchObject({ kind: 'forbidden' });
});

test('acts in the scope of a customer, and in no other', async () => {
  const mine = simulator.world.addTenant({ name: 'Northwind' });
  const other = simulator.world.addTenant({ name: 'Contoso' });
  const scoped = acronis.scopedTo(mine);

  expect((await scoped.tenants.get(mine)).name).toBe('Northwind');
  expect(await failureOf(scoped.tenants.get(other))).toMatchObject({ kind: 'forbidden' });
  expect(await scoped.rootTenantId()).toBe(simulator.rootTenantId);
});

test('goes on in the scope of a customer when every token has become invalid', async () => {
  const id = simulator.world.addTenant({ name: 'Northwind' });
  const scoped = acronis.scopedTo(id);
  await scoped.tenants.get(id);

  simulator.expireTokens();

  expect((await scoped.tenants.get(id)).name).toBe('Northwind');
});

test('acts as a user for one question, and leaves no session behind', async () => {
  const tenant_id = simulator.world.addTenant({ name: 'Northwind' });
  const userId = simulator.world.addUser({ tenant_id, login: 'jane' });

  const byLogin = await acronis.impersonation.whoIs({ login: 'jane' });
  const byId = await acronis.impersonation.whoIs({ userId });

  expect(byLogin).toMatchObject({ id: userId, login: 'jane', tenant_id, tenant_kind: 'customer' });
  expect(byId).toEqual(byLogin);
  expect(simulator.journal.calls().filter(({ route }) => route === 'GET /idp/logout')).toHaveLength(2);
});
