import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { BULK_PRIORITY, CALL_BUDGET_QUERY, callBudgetId, type CallBudgetStatus } from '../../contract/call-budget.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';
import { waitUntil } from '../support/runs.js';

/** So few that the budget is slower than a busy machine. */
const BUDGET = 8;
const CUSTOMERS = 16;
const env = useProcessEnvironment({ TENANTRY_CALLS_PER_SECOND: String(BUDGET), TENANTRY_HEALTH_PORT: '0' });

/** Starts a provisioning; in bulk as a rollout does. */
async function start(more: { priority?: { priorityKey: number } } = {}): Promise<WorkflowHandle> {
  const order = anOrder();
  const options = { taskQueue: 'tenantry', workflowId: `provisionCustomer:${order.customer.name}`, ...more };
  return await env.client.workflow.start('provisionCustomer', { ...options, args: [order] });
}

const budget = () => env.client.workflow.getHandle(callBudgetId());
const holders = async () => (await budget().query<CallBudgetStatus>(CALL_BUDGET_QUERY)).workers;

async function metrics(): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${env.worker.ready.port}/metrics`)).text();
}

test('two workers together keep to the budget, and a customer that is ordered alone passes the bulk', async () => {
  await env.replaceWorker();
  const bulk: WorkflowHandle[] = [];
  for (let nth = 0; nth < CUSTOMERS; nth += 1) bulk.push(await start({ priority: { priorityKey: BULK_PRIORITY } }));
  const done: string[] = [];
  const ends = bulk.map(async (one) => await one.result().then(() => done.push('bulk')));
  await waitUntil(async () => (await holders()).filter(({ callsPerSecond }) => callsPerSecond > 0).length === 2);
  await waitUntil(async () => /^tenantry_calls_waiting\{(?=.*class="bulk").*\} [1-9]/m.test(await metrics()));

  await (await start()).result().then(() => done.push('single'));
  await Promise.all(ends);

  expect(done.at(-1)).toBe('bulk');
  const times = env.simulator.journal.calls().map(({ at }) => Date.parse(at));
  const seconds = (times.at(-1)! - times[0]!) / 1000;
  expect(times.length).toBeLessThanOrEqual(BUDGET * (seconds + 1));
  expect(await metrics()).toMatch(new RegExp(`^tenantry_call_budget\\{.*cloud="default".*\\} ${BUDGET}$`, 'm'));
});

test('workers without calls, and workers that stop, give their leases back', async () => {
  await env.tenantry(['show', 'tenant', env.simulator.rootTenantId]);
  await (await start()).result();
  await waitUntil(async () => (await holders()).length > 0);

  await waitUntil(async () => (await holders()).length === 0);
});
