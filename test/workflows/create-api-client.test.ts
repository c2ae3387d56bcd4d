import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { ADMINISTRATOR, storedSecrets } from '../support/activities.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { apiClients } from '../support/api-clients.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const { anOrder, clientsOf, enabledOf, opens } = apiClients(env);
const POST = 'POST /clients';
test('a client is made, and the secret in the store is its own', async () => {
  const order = anOrder();

  const status = await env.run('createApiClient', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, secretRef: `store:${order.secret}` });
  expect(clientsOf(order)).toHaveLength(1);
  expect(await opens(order, clientsOf(order)[0]!.client_id)).toBe(true);
});

test('a repeat finds it and makes none', async () => {
  const order = anOrder();
  await env.run('createApiClient', order);
  const [before] = clientsOf(order);
  env.calls();

  const status = await env.run('createApiClient', order);

  expect(status).toMatchObject({ state: 'completed', changed: false, clientId: before!.client_id });
  expect(env.calls().filter((route) => !route.startsWith('GET '))).toEqual([]);
});

test('a client whose secret is not kept here is left alone, unless it is to be replaced', async () => {
  const order = anOrder();
  await env.run('createApiClient', order);
  const [before] = clientsOf(order);
  storedSecrets.delete(order.secret);

  expect(await env.run('createApiClient', order)).toMatchObject({
    failureType: 'Refused',
    reason: { message: expect.stringMatching(/is there already, and its secret is not kept here/) },
  });
  expect(clientsOf(order)).toEqual([before]);

  const handle = await startBlocked(env, 'createApiClient', { ...order, onFailure: 'ask' });
  await decideFor(handle, 'amend', { input: { ...order, rotate: true, onFailure: 'ask' } });
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(enabledOf(order)).not.toContain(before!.client_id);
});

test('a lost client that is listed only after another was made is removed, because it has the mark of the run', async () => {
  const order = anOrder();
  env.simulator.faults.next(POST, { stale: 2, drop: true });

  const status = await env.run('createApiClient', order);

  expect(status).toMatchObject({ state: 'completed', clientId: clientsOf(order)[0]!.client_id });
  expect(status).not.toHaveProperty('leftovers');
  expect(clientsOf(order)).toHaveLength(1);
});

test('there is one client, and its secret is kept, although answers are lost or garbage, and the cloud is busy', async () => {
  const faults: Fault[] = ['commit-then-drop', 'garble', 'drop-before', { refuse: 500, commit: true }];
  const orders = faults.map(() => anOrder());
  for (const fault of faults) env.simulator.faults.next(POST, fault);

  const ends = await Promise.all(orders.map((order) => env.run('createApiClient', order)));

  expect(ends).toEqual(orders.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  for (const order of orders) {
    expect(clientsOf(order)).toHaveLength(1);
    expect(await opens(order, clientsOf(order)[0]!.client_id)).toBe(true);
  }
});

describe('with the login of a user', () => {
  test('the client is made in that user’s name', async () => {
    const order = anOrder({ login: { login: env.simulator.login, secretRef: ADMINISTRATOR } });

    expect(await env.run('createApiClient', order)).toMatchObject({ state: 'completed', changed: true });
    expect(env.simulator.journal.calls(POST).at(-1)).toMatchObject({ tokenId: 'basic' });
  });

  test('that is refused, nothing is made, and the refusal says what to do', async () => {
    const order = anOrder({ login: { login: env.simulator.login, secretRef: 'env:WRONG' } });

    expect(await env.run('createApiClient', order)).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/password is wrong, or the account demands a second factor/) },
    });
    expect(clientsOf(order)).toEqual([]);
  });
});

describe('a run that does not complete', () => {
  test('leaves no client behind, and forgets the secret', async () => {
    const order = anOrder();
    env.simulator.faults.next(POST, { lostThen: { refuse: 403 } });

    expect(await env.run('createApiClient', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect([clientsOf(order), storedSecrets.has(order.secret)]).toEqual([[], false]);
  });

  test('that is cancelled leaves no client behind', async () => {
    const order = anOrder();
    env.simulator.faults.next(POST, { refuse: 503, commit: true });
    env.simulator.faults.next('GET /clients', { refuse: 503 }, { after: 1, times: 99 });
    const handle = await env.begin('createApiClient', order);
    await waitUntil(async () => clientsOf(order).length === 1);

    await handle.cancel();
    env.simulator.faults.clear();

    expect(await waitForState(handle, 'cancelled')).not.toHaveProperty('leftovers');
    expect(clientsOf(order)).toEqual([]);
  });

  test('leaves what it made when the order says keep', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next(POST, { lostThen: { refuse: 403 } });

    expect(await env.run('createApiClient', order)).toMatchObject({ failureType: 'Kept' });
    expect(clientsOf(order)).toHaveLength(1);
  });
});
