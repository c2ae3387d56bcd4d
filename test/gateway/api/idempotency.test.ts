import { expect, test } from '@jest/globals';
import { startOnce } from '../../../client/idempotent-start.js';
import { anOrder, workflowIdOf } from '../../support/orders.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { secretOf, useApi, type Answer } from './door.js';

const env = useTestEnvironment();
// another gateway, which remembers nothing itself
const [api, other] = [useApi(env), useApi(env)];

async function start(key: string, body: unknown, { at = api, by = 'operate', operation = 'provisionCustomer' } = {}) {
  const reply = await fetch(`${at.url}/v1/operations/${operation}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${secretOf(by)}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Answer['body'] };
}

/** How many runs of a customer there have been. */
const runsOf = async (id: string) => (await env.client.workflow.count(`WorkflowId = '${id}'`)).count;

test('the same key and body get the same answer, from any gateway, also when the run has ended', async () => {
  const order = anOrder();
  const id = workflowIdOf(order);

  const first = await start('"a-1"', order);
  await env.client.workflow.getHandle(id).result();
  const again = await start('a-1', Object.fromEntries(Object.entries(order).toReversed()), { at: other });

  expect(first).toMatchObject({ status: 202, body: { id, joined: false } });
  expect(again).toEqual(first);
  expect(await runsOf(id)).toBe(1);
});

test('the same key with another body or operation is refused, and starts nothing', async () => {
  const order = anOrder();
  const different = anOrder();
  await start('a-2', order);

  const refused = {
    status: 409,
    body: { detail: expect.stringContaining('came with another request before') as unknown },
  };
  expect(await start('a-2', different)).toMatchObject(refused);
  expect(await start('a-2', { tenant: { name: 'x' } }, { operation: 'lockTenant' })).toMatchObject(refused);
  expect(await runsOf(workflowIdOf(different))).toBe(0);
});

test('keys of different callers are different', async () => {
  const [one, another] = [anOrder(), anOrder()];

  expect((await start('a-3', one)).status).toBe(202);
  expect((await start('a-3', another, { by: 'decide' })).status).toBe(202);
});

test('what was refused is tried again, and an input with problems uses no key up', async () => {
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  const order = anOrder({ onFailure: 'ask' });
  expect((await start('a-4', order)).status).toBe(202);

  const refused = { status: 409, body: { detail: expect.stringContaining('twoFactor') as unknown } };
  for (const _ of ['first', 'again']) expect(await start('a-5', { ...order, twoFactor: false })).toMatchObject(refused);
  expect((await start('a-6', { customer: {} })).status).toBe(422);
  expect((await start('a-6', anOrder())).status).toBe(202);
});

test('of two that come at the same time one starts, and the other must wait or gets the same answer', async () => {
  const start = { operation: 'provisionCustomer', input: anOrder(), taskQueue: env.taskQueue, key: 'k', owner: 'o' };

  const both = await Promise.allSettled([startOnce(env.client, start), startOnce(env.client, start)]);

  const answers = both.flatMap((one) => (one.status === 'fulfilled' ? [JSON.stringify(one.value)] : []));
  const reasons = both.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  expect(new Set(answers).size).toBe(1);
  expect(reasons).toEqual(reasons.map(() => expect.stringContaining('is under way') as unknown));
  expect(await startOnce(env.client, start)).toEqual(JSON.parse(answers[0]!));
});

test.each(['a b', 'a"b', 'x'.repeat(256)])('the key %j cannot be used, and the header is named', async (key) => {
  expect(await start(key, anOrder())).toMatchObject({ status: 400, body: { errors: [{ path: 'Idempotency-Key' }] } });
});
