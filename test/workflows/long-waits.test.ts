import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operatorServiceAttributes } from '../support/attributes.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Runtime, Worker } from '@temporalio/worker';
import { findTestServer } from '../../engine/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { bundlePath } from '../../worker/bundle.js';
import type { OperationStatus } from '../../workflows/shared/status.js';
import { activitiesFor } from '../support/activities.js';
import { statusAtEnd } from '../support/house.js';
import { anOrder } from '../support/orders.js';

let environment: TestWorkflowEnvironment;
let simulator: Simulator;

beforeAll(async () => {
  const { path } = await findTestServer();
  environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await environment.connection.operatorService.addSearchAttributes(
    operatorServiceAttributes(environment.namespace ?? 'default'),
  );
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.close();
  await environment.teardown();
  await Runtime.instance().shutdown();
});

async function provision(order: ReturnType<typeof anOrder>) {
  const taskQueue = `waits-${order.customer.name}`;
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: bundlePath },
    activities: activitiesFor(simulator),
  });
  const start = { taskQueue, workflowId: order.customer.name, args: [order] };
  return await worker.runUntil(
    async () => await statusAtEnd(await environment.client.workflow.start('provisionCustomer', start)),
  );
}

/** How long the run took, in the server's own time. */
function minutesOf({ startedAt, updatedAt }: OperationStatus): number {
  return (Date.parse(updatedAt) - Date.parse(startedAt)) / 60_000;
}

test('a cloud that is away for ten minutes delays a customer and nothing more', async () => {
  const order = anOrder();
  simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 503 }, { times: 22 });

  const status = await provision(order);

  expect(status).toMatchObject({ state: 'completed' });
  expect(minutesOf(status)).toBeGreaterThan(8);
  expect(simulator.world.customers().filter((tenant) => tenant.name === order.customer.name)).toHaveLength(1);
});

test('a call that fails for more than a quarter of an hour is given up, and what was made is removed', async () => {
  const order = anOrder();
  simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 503 }, { times: 1000 });

  const status = await provision(order);

  expect(status).toMatchObject({ state: 'undone', failureType: 'Undone', reason: { step: 'assignRole' } });
  expect(minutesOf(status)).toBeGreaterThanOrEqual(15);
  expect(minutesOf(status)).toBeLessThan(20);
  expect(simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
});

test('an undo is tried for an hour, then what is left is named', async () => {
  const order = anOrder();
  simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  simulator.faults.next('DELETE /tenants/{id}', { refuse: 503 }, { times: 1000 });

  const status = await provision(order);

  expect(status).toMatchObject({
    state: 'failed',
    failureType: 'Leftovers',
    leftovers: [{ kind: 'tenant', id: status.tenantId, link: `${simulator.url}/mc/` }],
  });
  simulator.faults.clear();
});

test('a call answered 429 is not repeated before its Retry-After', async () => {
  const order = anOrder();
  simulator.faults.next('PUT /tenants/{id}/mfa/status', { throttle: 3 });
  const before = simulator.journal.count;

  const status = await provision(order);

  expect(status).toMatchObject({ state: 'completed' });
  const calls = simulator.journal.calls().slice(before);
  const throttled = calls.find((call) => call.status === 429)!;
  const later = calls.filter((call) => Date.parse(call.at) > Date.parse(throttled.at) + 500);
  expect(later.every((call) => Date.parse(call.at) - Date.parse(throttled.at) >= 2900)).toBe(true);
});
