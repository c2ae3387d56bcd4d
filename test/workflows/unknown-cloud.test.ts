import { expect, test } from '@jest/globals';
import { exitCodeOf } from '../../client/cli/exit-codes.js';
import { bundlePath } from '../../worker/bundle.js';
import type { OperationStatus } from '../../contract/status.js';
import { waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTimeSkippingEnvironment } from '../support/time-skipping-environment.js';
import { anOrder } from '../support/orders.js';

const env = useTimeSkippingEnvironment();
const bundle = { codePath: bundlePath };
const both = ['default', 'eu'];

test('an order for a cloud that no worker knows is refused as InvalidInput after a minute, with exit code 2', async () => {
  const calls = env.simulator.journal.count;

  const status = await env.withWorker(async () => await statusAtEnd(await env.start(anOrder({ cloud: 'eu' }))));

  expect(status).toMatchObject({
    state: 'failed',
    failureType: 'InvalidInput',
    reason: { type: 'InvalidInput', message: expect.stringMatching(/^cloud: .*no cloud "eu", only default/) },
  });
  expect(exitCodeOf(status)).toBe(2);
  expect(Date.parse(status.updatedAt) - Date.parse(status.startedAt)).toBeGreaterThan(50_000);
  expect(env.simulator.journal.count).toBe(calls);
});

test('a run whose cloud its workers do not know any more waits, is never undone, and goes on once one knows it', async () => {
  const order = anOrder({ cloud: 'eu', onFailure: 'undo' });
  const route = 'PUT /users/{id}/access_policies';
  env.simulator.faults.next(route, { refuse: 503 }, { times: Infinity });
  const handle = await env.start(order);
  const status = async () => await handle.query<OperationStatus>('status');
  await env.withWorker(
    async () => await waitUntil(async () => env.simulator.journal.calls(route).length > 0),
    bundle,
    both,
  );
  env.simulator.faults.clear();

  await env.withWorker(async () => {
    await env.temporal.sleep('20 minutes');
    await waitUntil(async () => (await status()).state === 'blocked');
    expect(await status()).toMatchObject({
      blocked: { step: 'assignRole', type: 'Tenantry.UnknownCloud', waitsForCloud: true },
    });
  });
  const end = await env.withWorker(async () => await statusAtEnd(handle), bundle, both);

  expect(end).toMatchObject({ state: 'completed' });
  expect(env.simulator.world.customers().filter(({ name }) => name === order.customer.name)).toHaveLength(1);
  expect(env.notices.filter(({ about }) => about === 'run')).toEqual([]);
});
