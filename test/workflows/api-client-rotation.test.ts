import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { refuse } from '../../activities/failures.js';
import { FailureType } from '../../contract/failures.js';
import { storedSecrets } from '../support/activities.js';
import { apiClients } from '../support/api-clients.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const { anOrder, clientsOf, enabledOf, opens } = apiClients(env);
const POST = 'POST /clients';
const PUT = 'PUT /clients/{id}';

async function aRotation(fields: object = {}) {
  const order = anOrder(fields);
  await env.run('createApiClient', order);
  const [before] = enabledOf(order);
  return { order: { ...order, rotate: true }, before: before!, secret: storedSecrets.get(order.secret)! };
}

test('a rotation puts another client in the place of the one there was, which is disabled and its secret set aside', async () => {
  const { order, before, secret } = await aRotation();

  const status = await env.run('createApiClient', order);

  expect(status).toMatchObject({ state: 'completed', changed: true });
  const [after, ...more] = enabledOf(order);
  expect([after === before, more, storedSecrets.get(`${order.secret}.previous`)]).toEqual([false, [], secret]);
  expect(await opens(order, after!)).toBe(true);
  expect(clientsOf(order)).toHaveLength(2);
});

test('a rotation that fails at any step leaves the client and the secret that there were', async () => {
  for (const route of [POST, PUT]) {
    const { order, before, secret } = await aRotation();
    env.simulator.faults.next(route, { lostThen: { refuse: 403 } });

    expect(await env.run('createApiClient', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect([enabledOf(order), clientsOf(order).length]).toEqual([[before], 1]);
    expect([storedSecrets.get(order.secret), storedSecrets.has(`${order.secret}.previous`)]).toEqual([secret, false]);
  }
});

test('a rotation that fails before the secret is set aside leaves the newest secret, whatever an earlier rotation has set aside', async () => {
  const { order } = await aRotation();
  await env.run('createApiClient', order);
  const [newest, previous] = [storedSecrets.get(order.secret), storedSecrets.get(`${order.secret}.previous`)];
  const keep = storedSecrets.set.bind(storedSecrets);
  storedSecrets.set = (name, value) => {
    if (name === `${order.secret}.previous`) throw refuse(FailureType.Secret, 'the store is full');
    return keep(name, value);
  };

  const status = await env.run('createApiClient', order).finally(() => (storedSecrets.set = keep));

  expect(status).toMatchObject({ state: 'failed' });
  expect([storedSecrets.get(order.secret), storedSecrets.get(`${order.secret}.previous`)]).toEqual([newest, previous]);
});

test('a rotation that is given up after an amendment leaves the client and the secret that there were', async () => {
  const { order, before, secret } = await aRotation({ onFailure: 'ask', externalRef: randomUUID() });
  env.simulator.faults.next(POST, { refuse: 403 });
  const handle = await startBlocked(env, 'createApiClient', order);
  env.simulator.faults.next(PUT, { refuse: 403 });
  await decideFor(handle, 'amend', { input: { ...order, name: 'Accounts' } });
  await waitUntil(async () => clientsOf(order).length === 2);
  await waitForState(handle, 'blocked');

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
  expect([enabledOf(order), storedSecrets.get(order.secret)]).toEqual([[before], secret]);
});

test('a rotation that is refused before its effect has nothing to undo', async () => {
  const { order, before, secret } = await aRotation();
  env.simulator.faults.next(POST, { refuse: 403 });

  expect(await env.run('createApiClient', order)).toMatchObject({ state: 'failed', failureType: 'Refused' });
  expect([enabledOf(order), storedSecrets.get(order.secret)]).toEqual([[before], secret]);
});
