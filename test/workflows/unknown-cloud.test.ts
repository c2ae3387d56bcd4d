import { expect, test } from '@jest/globals';
import { exitCodeOf } from '../../client/cli/exit-codes.js';
import type { OperationStatus } from '../../contract/status.js';
import { pause } from '../support/pause.js';
import { waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { anOrder } from '../support/orders.js';

const env = useVirtualEnvironment({}, { clouds: ['default'] });
const both = { clouds: ['default', 'eu'] };
const TWENTY_MINUTES_MS = 1_200_000;

test('an order for a cloud that no worker knows is refused as InvalidInput after a minute, with exit code 2', async () => {
  const calls = env.simulator.journal.count;

  const status = await env.provision(anOrder({ cloud: 'eu' }));

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
  env.replaceWorker(both);
  const handle = await env.start(order);
  const status = async () => await handle.query<OperationStatus>('status');
  await waitUntil(async () => env.simulator.journal.calls(route).length > 0);
  env.simulator.faults.clear();

  env.replaceWorker();
  await pause(TWENTY_MINUTES_MS);
  await waitUntil(async () => (await status()).state === 'blocked');
  expect(await status()).toMatchObject({
    blocked: { step: 'assignRole', type: 'Tenantry.UnknownCloud', waitsForCloud: true },
  });
  env.replaceWorker(both);
  const end = await statusAtEnd(handle);

  expect(end).toMatchObject({ state: 'completed' });
  expect(env.simulator.world.customers().filter(({ name }) => name === order.customer.name)).toHaveLength(1);
  expect(env.notices.filter(({ about }) => about === 'run')).toEqual([]);
});
