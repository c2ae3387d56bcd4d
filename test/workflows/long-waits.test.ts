import { expect, test } from '@jest/globals';
import type { ReadInput } from '../../activities/input.js';
import type { OperationStatus } from '../../contract/status.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import type { Activities } from '../simulation/worker.js';
import { anOrder } from '../support/orders.js';

/** On a Temporal server that cannot search, no worker can look for other runs. */
const replaceActivities = ({ readInput }: Activities): Activities => ({
  readInput: async ({ operation, input, passOn }: ReadInput) => await readInput!({ operation, input, passOn } as never),
  earlierRuns: async () => ({ known: 'unknown', tenants: [], parents: [] }),
  whoMade: async () => null,
  claimTurn: async () => ({ waited: false, known: false }),
  releaseTurn: async () => undefined,
});
const env = useVirtualEnvironment({}, { afresh: true, replaceActivities });

/** How long the run took. */
function minutesOf({ startedAt, updatedAt }: OperationStatus): number {
  return (Date.parse(updatedAt) - Date.parse(startedAt)) / 60_000;
}

test('a cloud that is down for ten minutes delays a customer and nothing more', async () => {
  const order = anOrder();
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 503 }, { times: 22 });

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'completed' });
  expect(minutesOf(status)).toBeGreaterThan(8);
  expect(env.simulator.world.customers().filter((tenant) => tenant.name === order.customer.name)).toHaveLength(1);
});

test('a call that fails for more than a quarter of an hour is given up, and what was made is removed', async () => {
  const order = anOrder();
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 503 }, { times: 1000 });

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'undone', failureType: 'Undone', reason: { step: 'assignRole' } });
  expect(minutesOf(status)).toBeGreaterThanOrEqual(15);
  expect(minutesOf(status)).toBeLessThan(20);
  expect(env.simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
});

test('an undo is tried for an hour, then what is left is named', async () => {
  const order = anOrder();
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 503 }, { times: 1000 });

  const status = await env.provision(order);

  expect(status).toMatchObject({
    state: 'failed',
    failureType: 'Leftovers',
    leftovers: [{ kind: 'tenant', id: status.tenantId, link: `${env.simulator.url}/mc/` }],
  });
});

test('a call answered 429 is not repeated before its Retry-After', async () => {
  const order = anOrder();
  env.simulator.faults.next('PUT /tenants/{id}/mfa/status', { throttle: 3 });
  const before = env.simulator.journal.count;

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'completed' });
  const calls = env.simulator.journal.calls().slice(before);
  const throttled = calls.find((call) => call.status === 429)!;
  const later = calls.filter((call) => Date.parse(call.at) > Date.parse(throttled.at) + 500);
  expect(later.every((call) => Date.parse(call.at) - Date.parse(throttled.at) >= 2900)).toBe(true);
});

test('a call answered 503 is not repeated before its Retry-After', async () => {
  const order = anOrder();
  const route = 'PUT /tenants/{id}/mfa/status';
  env.simulator.faults.next(route, { refuse: 503, retryAfter: '300' });

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'completed' });
  expect(minutesOf(status)).toBeGreaterThanOrEqual(5);
  expect(minutesOf(status)).toBeLessThan(10);
});

test('where Temporal knows no earlier runs, the run asks the cloud before it makes a tenant', async () => {
  const order = anOrder();

  expect(await env.provision(order)).toMatchObject({ state: 'completed', changed: true });

  const routes = env.simulator.journal.calls().map(({ route }) => route);
  expect(routes.indexOf('GET /tenants')).toBeGreaterThan(0);
  expect(routes.indexOf('GET /tenants')).toBeLessThan(routes.indexOf('POST /tenants'));
});
