import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  ASK_LEASE_SIGNAL,
  CALL_BUDGET,
  CALL_BUDGET_QUERY,
  callBudgetId,
  type CallBudgetStatus,
  type LeaseAsk,
} from '../../contract/call-budget.js';
import { doorTo } from '../../worker/call-budgets.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();

function aCloud() {
  const cloud = `cloud-${randomUUID().slice(0, 8)}`;
  const handle = env.client.workflow.getHandle(callBudgetId(cloud));
  const door = doorTo(env.client, cloud, env.taskQueue);
  const status = async () => await handle.query<CallBudgetStatus>(CALL_BUDGET_QUERY);
  return { cloud, handle, door, status };
}

function question(worker: string, nth: number, more: Partial<LeaseAsk> = {}): LeaseAsk {
  return { worker, callsPerSecond: 10, urgent: 1, bulk: 100, nth, uses: nth - 1, ...more };
}

test('two workers share the budget of their cloud, and people can see who has what', async () => {
  const { cloud, door, status } = aCloud();
  expect(await door.ask(question('a', 1, { bulk: 0, urgent: 4 }))).toEqual({ nth: 1, callsPerSecond: 7.5, share: 7.5 });

  expect(await door.ask(question('b', 1, { bulk: 0, urgent: 1 }))).toMatchObject({ callsPerSecond: 2.25 });

  expect(await status()).toMatchObject({
    cloud,
    callsPerSecond: 10,
    workers: [
      { worker: 'a', callsPerSecond: 7.5, urgent: 4, bulk: 0 },
      { worker: 'b', callsPerSecond: 2.25, urgent: 1, bulk: 0 },
    ],
  });
  await door.ask(question('a', 2, { bulk: 0, urgent: 0 }));
  expect((await status()).workers.map(({ worker }) => worker)).toEqual(['b']);
});

test('nonsense changes nothing', async () => {
  const { handle, door, status } = aCloud();
  await door.ask(question('a', 1));
  const before = await status();

  const { worker: _worker, ...unnamed } = question('b', 1);
  const nonsense = [
    null,
    'lease',
    [],
    unnamed,
    question('', 1),
    question('x'.repeat(201), 1),
    question('b', 1, { callsPerSecond: 0 }),
    question('b', 1, { callsPerSecond: 1e9 }),
    question('b', 1, { urgent: -1 }),
    question('b', 1, { bulk: 'all' as never }),
    question('b', Number.NaN),
  ];
  for (const content of nonsense) await handle.signal(ASK_LEASE_SIGNAL, content);

  expect(await status()).toEqual(before);
});

test('it goes on after many asks with what it knows', async () => {
  const { handle, door, status } = aCloud();
  await door.ask(question('b', 1));
  const { runId } = await handle.describe();
  for (let nth = 1; (await handle.describe()).runId === runId; nth += 1) await door.ask(question('a', nth));

  expect((await status()).workers.map(({ worker }) => worker)).toContain('a');
});

test('a start without a cloud is refused', async () => {
  const handle = await env.client.workflow.start(CALL_BUDGET, {
    workflowId: `budget-${randomUUID()}`,
    taskQueue: env.taskQueue,
    args: [{}],
  });

  await expect(handle.result()).rejects.toMatchObject({ cause: { message: 'cloud: is missing: it names the cloud' } });
});
