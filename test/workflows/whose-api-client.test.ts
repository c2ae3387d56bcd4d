import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { storedSecrets } from '../support/activities.js';
import { apiClients } from '../support/api-clients.js';
import { consoleClient } from '../support/console.js';
import { decideFor, startBlocked, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { anOrder, clientsOf, enabledOf, opens } = apiClients(env);
const POST = 'POST /clients';
const PUT = 'PUT /clients/{id}';

const rename = async (id: string, client_name: string) =>
  await consoleClient(env.simulator).clients.update(id, { data: { client_name } });

describe('a client of somebody else with the same key', () => {
  test.each([
    ['in another tenant', false],
    ['in another tenant', true],
    ['with another name', false],
    ['with another name', true],
  ])('%s is not taken over, not disabled, and named with the order (rotate: %s)', async (which, rotate) => {
    const externalRef = randomUUID();
    const theirs = anOrder({ externalRef, name: 'Billing' });
    await env.run('createApiClient', theirs);
    const fields = { externalRef, rotate, name: which === 'with another name' ? 'Monitoring' : 'Billing' };
    const order = anOrder({ ...fields, ...(which === 'with another name' && { tenant: theirs.tenant }) });
    const before = clientsOf(theirs);

    const status = await env.run('createApiClient', order);

    expect(status).toMatchObject({ failureType: 'Refused' });
    const { message } = (status as unknown as { reason: { message: string } }).reason;
    expect(message).toContain(`is "Billing" in tenant ${theirs.tenant.id}`);
    expect(message).toContain(`is for "${order.name}" in tenant ${order.tenant.id}`);
    expect(clientsOf(theirs)).toEqual(before);
    expect(await opens(theirs, before[0]!.client_id)).toBe(true);
    expect(storedSecrets.has(order.secret)).toBe(false);
  });

  test('does not hinder an order once a person has disabled it', async () => {
    const externalRef = randomUUID();
    const theirs = anOrder({ externalRef });
    await env.run('createApiClient', theirs);
    const order = anOrder({ externalRef, onFailure: 'ask' });
    const handle = await startBlocked(env, 'createApiClient', order);
    await consoleClient(env.simulator).clients.update(clientsOf(theirs)[0]!.client_id, { status: 'disabled' });

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
    expect([clientsOf(theirs).length, enabledOf(theirs), enabledOf(order).length]).toEqual([1, [], 1]);
  });
});

test('a customer and a name are never confused with another customer and name that look alike', async () => {
  const one = env.simulator.world.addTenant({ name: 'North', customer_id: 'acme' });
  const other = env.simulator.world.addTenant({ name: 'South', customer_id: 'acme berlin' });
  await env.run('createApiClient', { tenant: { customerId: 'acme' }, name: 'berlin billing' });

  const status = await env.run('createApiClient', { tenant: { customerId: 'acme berlin' }, name: 'billing' });

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: other });
  expect([one, other].map((id) => enabledOf({ tenant: { id } }).length)).toEqual([1, 1]);
});

test('an old client that was renamed while the run was blocked stays enabled, and a person is asked', async () => {
  const order = anOrder();
  await env.run('createApiClient', order);
  const [before] = enabledOf(order);
  env.simulator.faults.next(PUT, { refuse: 403 });
  const handle = await startBlocked(env, 'createApiClient', { ...order, rotate: true, onFailure: 'ask' });
  await rename(before!, 'Warehouse');

  await decideFor(handle, 'retry');

  const { blocked } = (await waitForState(handle, 'blocked')) as { blocked?: { message: string } };
  expect(blocked?.message).toContain(`${before} is "Warehouse" in tenant ${order.tenant.id} by now`);
  expect(enabledOf(order)).toContain(before);
  await rename(before!, order.name);
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(enabledOf(order)).not.toContain(before);
});

describe('a secret name', () => {
  const SECRET = { message: expect.stringMatching(/is kept.*"tenantry secret remove/) };
  const kinds = {
    client: ['createApiClient', {}],
    rotation: ['createApiClient', { rotate: true }],
    token: ['issueAgentToken', { name: undefined }],
  } as const;

  test.each(['client', 'rotation', 'token'] as const)(
    'of one client is not given to another %s, and nothing is made',
    async (kind) => {
      const theirs = anOrder();
      await env.run('createApiClient', theirs);
      const [operation, fields] = kinds[kind];
      const order = anOrder({ secret: theirs.secret, ...fields });
      env.calls();

      const status = await env.run(operation, JSON.parse(JSON.stringify(order)) as typeof order);

      expect(status).toMatchObject({ failureType: 'Refused', reason: SECRET });
      expect(env.calls().filter((route) => !route.startsWith('GET '))).toEqual([]);
      expect(await opens(theirs, enabledOf(theirs)[0]!)).toBe(true);
    },
  );

  test('is given to one of two orders that begin at once, and the other leaves nothing', async () => {
    const one = anOrder();
    const orders = [one, anOrder({ secret: one.secret })];

    const ends = await Promise.all(orders.map((order) => env.run('createApiClient', order)));

    expect(ends.map(({ state }) => state)).toContain('completed');
    for (const [nth, { state }] of ends.entries()) {
      const made = enabledOf(orders[nth]!);
      expect(made).toHaveLength(state === 'completed' ? 1 : 0);
      if (state === 'completed') expect(await opens(one, made[0]!)).toBe(true);
    }
  });

  test('of a token is not given to the token of another tenant', async () => {
    const theirs = { tenant: anOrder().tenant, secret: `token-${randomUUID()}` };
    await env.run('issueAgentToken', theirs);
    const token = storedSecrets.get(theirs.secret);

    const status = await env.run('issueAgentToken', { ...theirs, tenant: anOrder().tenant, onFailure: 'undo' });

    expect([status, storedSecrets.get(theirs.secret)]).toEqual([
      expect.objectContaining({ failureType: 'Refused' }),
      token,
    ]);
  });

  test.each(['createApiClient', 'issueAgentToken'] as const)(
    'that a person has used is not given to %s, until that secret is removed',
    async (operation) => {
      const { name, ...fields } = anOrder({ onFailure: 'ask' });
      const order = operation === 'createApiClient' ? { ...fields, name } : fields;
      storedSecrets.set(order.secret, 'a password');
      const handle = await startBlocked(env, operation, order);
      expect(storedSecrets.get(order.secret)).toBe('a password');
      storedSecrets.delete(order.secret);

      await decideFor(handle, 'retry');

      expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    },
  );

  test('can be amended where it is somebody else’s', async () => {
    const theirs = anOrder();
    await env.run('createApiClient', theirs);
    const order = anOrder({ secret: theirs.secret, onFailure: 'ask' });
    const handle = await startBlocked(env, 'createApiClient', order);

    await decideFor(handle, 'amend', { input: { ...order, secret: `${theirs.secret}-too` } });

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(await opens({ secret: `${theirs.secret}-too` }, enabledOf(order)[0]!)).toBe(true);
    expect(await opens(theirs, enabledOf(theirs)[0]!)).toBe(true);
  });

  test('that somebody else has taken during the creation keeps that secret, also when the run is given up', async () => {
    const theirs = anOrder();
    const order = anOrder({ secret: theirs.secret });
    env.simulator.faults.next(POST, { refuse: 403 });
    const handle = await startBlocked(env, 'createApiClient', { ...order, onFailure: 'ask' });
    await env.run('createApiClient', theirs);
    await decideFor(handle, 'retry');
    await waitForState(handle, 'blocked');

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect([clientsOf(order), await opens(theirs, enabledOf(theirs)[0]!)]).toEqual([[], true]);
  });

  test('under which a person has stored something meanwhile keeps it when a rotation is given up', async () => {
    const order = anOrder();
    await env.run('createApiClient', order);
    env.simulator.faults.next(PUT, { refuse: 403 });
    const handle = await startBlocked(env, 'createApiClient', { ...order, rotate: true, onFailure: 'ask' });
    storedSecrets.set(order.secret, 'something else');

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    expect(storedSecrets.get(order.secret)).toBe('something else');
  });
});
