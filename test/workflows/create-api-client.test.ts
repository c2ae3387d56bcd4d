import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { ADMINISTRATOR, kept } from '../support/activities.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();
const POST = 'POST /clients';
let made = 0;

function anOrder(fields: object = {}) {
  made += 1;
  const id = house.simulator.world.addTenant({ name: `Integrated ${made}` });
  return { tenant: { id }, name: 'Billing', secret: `billing-${made}`, onFailure: 'undo', ...fields };
}

const clientsOf = ({ tenant }: { tenant: { id: string } }) =>
  house.simulator.world.clients().filter(({ tenant_id }) => tenant_id === tenant.id);

/** Whether the kept secret opens the door. */
async function opens({ secret }: { secret: string }, clientId: string): Promise<boolean> {
  const basic = Buffer.from(`${clientId}:${kept.get(secret)}`).toString('base64');
  const { status } = await fetch(`${house.simulator.url}/api/2/idp/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  return status === 200;
}

test('a client is made, and the secret in the store is its own', async () => {
  const order = anOrder();

  const status = await house.run('createApiClient', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, secretRef: `store:${order.secret}` });
  expect(clientsOf(order)).toHaveLength(1);
  expect(await opens(order, clientsOf(order)[0]!.client_id)).toBe(true);
});

test('a repeat finds it and makes none', async () => {
  const order = anOrder();
  await house.run('createApiClient', order);
  const [before] = clientsOf(order);

  const status = await house.run('createApiClient', order);

  expect(status).toMatchObject({ state: 'completed', changed: false, clientId: before!.client_id });
  expect(clientsOf(order)).toHaveLength(1);
});

test('a rotation puts another client in its place', async () => {
  const order = anOrder();
  await house.run('createApiClient', order);
  const [before] = clientsOf(order);

  const status = await house.run('createApiClient', { ...order, rotate: true });

  expect(status).toMatchObject({ state: 'completed', changed: true });
  const [after, ...more] = clientsOf(order);
  expect(more).toEqual([]);
  expect(after!.client_id).not.toBe(before!.client_id);
  expect(await opens(order, after!.client_id)).toBe(true);
});

test.each<Fault>(['commit-then-drop', 'garble', 'drop-before', { refuse: 500, commit: true }])(
  'after a call that ends in %j there is one client, and its secret is kept',
  async (fault) => {
    const order = anOrder();
    house.simulator.faults.next(POST, fault);

    const status = await house.run('createApiClient', order);

    expect(status).toMatchObject({ state: 'completed', changed: true });
    expect(clientsOf(order)).toHaveLength(1);
    expect(await opens(order, clientsOf(order)[0]!.client_id)).toBe(true);
  },
);

describe('with the login of a user', () => {
  test('the client is made in that user’s name', async () => {
    const order = anOrder({ login: { login: house.simulator.login, secretRef: ADMINISTRATOR } });

    expect(await house.run('createApiClient', order)).toMatchObject({ state: 'completed', changed: true });
    expect(house.simulator.journal.calls(POST).at(-1)).toMatchObject({ tokenId: 'basic' });
  });

  test('that is refused, nothing is made', async () => {
    const order = anOrder({ login: { login: house.simulator.login, secretRef: 'env:WRONG' } });

    const status = await house.run('createApiClient', order);

    expect(status).toMatchObject({ state: 'failed', failureType: 'Refused' });
    expect(clientsOf(order)).toEqual([]);
  });
});

test('a run that fails after its effect leaves no client behind', async () => {
  const order = anOrder();
  house.simulator.faults.next(POST, { refuse: 403, commit: true });

  expect(await house.run('createApiClient', order)).toMatchObject({ state: 'undone' });
  expect(clientsOf(order)).toEqual([]);
});
