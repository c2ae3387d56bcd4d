import { calls } from '../../bench/kill-scenarios.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { anOrder, type Order } from '../support/orders.js';
import type { OperationStatus } from '../../contract/status.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();

/** Starts an order, and replaces the worker once a call of this route is open. Gives the final status. */
async function completedAfterKill(order: Order, route: string): Promise<OperationStatus> {
  const { simulator } = env;
  const before = simulator.journal.calls(route).length;
  const handle = await env.client.workflow.start('provisionCustomer', {
    taskQueue: 'tenantry',
    workflowId: order.customer.name,
    args: [order],
    workflowTaskTimeout: '5 seconds',
  });
  while (simulator.journal.calls(route).length === before) await sleep(10);
  // the effect of a delayed call comes at once, its answer late
  await sleep(50);
  env.worker.kill();
  await env.replaceWorker();
  return (await handle.result()) as OperationStatus;
}

const moments: [when: string, fault: Fault][] = [
  ['before it has reached the cloud', 'hang'],
  ['after it took effect and before the answer', { delay: 60_000 }],
];
test.each(calls.flatMap((route) => moments.map(([when, fault]) => [route, when, fault] as const)))(
  'a worker killed during %s, %s, leaves one tenant, one user and the right items',
  async (route, _when, fault) => {
    const { simulator } = env;
    const order = anOrder();
    simulator.faults.next(route, fault);

    const result = await completedAfterKill(order, route);

    expect(result.state).toBe('completed');
    const tenants = simulator.world.customers().filter((tenant) => tenant.name === order.customer.name);
    expect(tenants).toHaveLength(1);
    const id = tenants[0]!.id;
    expect(simulator.world.users(id).map((user) => user.login)).toEqual([order.administrator.login]);
    expect(
      simulator.world
        .items(id)
        .map((item) => item.name)
        .sort(),
    ).toEqual(['storage', 'workstations']);
  },
);

test('the time that a killed worker costs counts for the step that it was doing, and for no other', async () => {
  env.simulator.faults.next('PUT /users/{id}/access_policies', 'hang');

  const { steps } = await completedAfterKill(anOrder(), 'PUT /users/{id}/access_policies');

  const [assigned, sent] = ['assignRole', 'sendActivationEmail'].map((name) => {
    const { startedAt = '', endedAt = '' } = steps.find((step) => step.name === name)!;
    return { from: Date.parse(startedAt), to: Date.parse(endedAt) };
  });
  // Temporal notices the death two seconds after the last heartbeat
  expect(assigned!.to - assigned!.from).toBeGreaterThanOrEqual(1500);
  expect(sent!.from).toBeGreaterThanOrEqual(assigned!.to);
});
