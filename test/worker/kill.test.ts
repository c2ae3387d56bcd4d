import { calls } from '../../bench/kill-scenarios.js';
import { expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();

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
    const before = simulator.journal.calls(route).length;
    const handle = await env.client.workflow.start('provisionCustomer', {
      taskQueue: 'tenantry',
      workflowId: order.customer.name,
      args: [order],
      workflowTaskTimeout: '5 seconds',
    });
    while (simulator.journal.calls(route).length === before) await new Promise((resolve) => setTimeout(resolve, 10));
    // the effect of a delayed call comes at once, its answer late
    await new Promise((resolve) => setTimeout(resolve, 50));

    env.worker.kill();
    await env.replaceWorker();
    const result = (await handle.result()) as { state: string };

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
