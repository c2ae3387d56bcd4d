import { expect, test } from '@jest/globals';
import { exitCodeOf } from '../../client/cli/exit-codes.js';
import { follow } from '../../client/cli/follow.js';
import { statusText } from '../../client/cli/format.js';
import { listOperations } from '../../client/list.js';
import { TURN_QUEUE } from '../../contract/turn-queue.js';
import { decideFor, startBlockedAt, waitForState, waitForTurnOf, waitUntil } from '../support/runs.js';
import { statusAtEnd, type FinalStatus } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const PUT = 'PUT /tenants/{id}';

test('of two runs on one tenant the second says for whom it waits, and goes on when that one has closed', async () => {
  const id = env.simulator.world.addTenant({ name: 'One at a time' });
  env.simulator.faults.next(PUT, { refuse: 403 });
  const first = await env.begin('disableTenant', { tenant: { id } }, 'the first');
  await waitForState(first, 'blocked');

  const second = await env.begin('lockTenant', { tenant: { name: 'One at a time' } }, 'the second');

  await waitForTurnOf(second, 'the first');
  expect(env.simulator.world.tenant(id)).toMatchObject({ update_lock: { enabled: false } });
  await decideFor(first, 'retry');
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', changed: true });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: false, update_lock: { enabled: true } });
});

test.each(['terminate', 'cancel'] as const)('a run that ends by %s gives its turn to the next', async (way) => {
  const id = env.simulator.world.addTenant({ name: `Left by ${way}` });
  env.simulator.faults.next(PUT, { refuse: 403 });
  const first = await env.begin('disableTenant', { tenant: { id } }, `left by ${way}`);
  await waitForState(first, 'blocked');
  const second = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(second, `left by ${way}`);

  await (way === 'terminate' ? first.terminate() : first.cancel());

  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed' });
});

test('a run that waits for its turn can be cancelled, and has changed nothing', async () => {
  const id = env.simulator.world.addTenant({ name: 'Given up' });
  env.simulator.faults.next(PUT, { refuse: 403 });
  const first = await env.begin('disableTenant', { tenant: { id } }, 'stays');
  await waitForState(first, 'blocked');
  const second = await env.begin('lockTenant', { tenant: { id } });
  await waitForTurnOf(second, 'stays');

  await second.cancel();

  await expect(second.result()).rejects.toMatchObject({ cause: { message: expect.stringMatching(/cancel/i) } });
  expect(env.simulator.world.tenant(id)).toMatchObject({ update_lock: { enabled: false } });
  await decideFor(first, 'abort');
});

test('a run that is cancelled while it takes its turn ends, and has changed nothing', async () => {
  const id = env.simulator.world.addTenant({ name: 'Cancelled at once' });
  env.simulator.faults.next('GET /tenants', { delay: 1000 });
  env.calls();
  const handle = await env.begin('disableTenant', { tenant: { name: 'Cancelled at once' } });
  await waitUntil(async () => env.calls().includes('GET /tenants'));

  await handle.cancel();

  await expect(handle.result()).rejects.toMatchObject({ message: expect.stringMatching(/cancel/i) });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
});

test('a tenant that a run is still making is left alone until that run has closed', async () => {
  const { handle, order } = await startBlockedAt(env, 'PUT /users/{id}/access_policies');
  const disabling = await env.begin('disableTenant', { tenant: { name: order.customer.name } });
  await waitForTurnOf(disabling, handle.workflowId);

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(await statusAtEnd(disabling)).toMatchObject({ state: 'completed', changed: true });
});

test('a second order for the same customer waits for the first, and starts afresh when that was undone', async () => {
  const { handle, order } = await startBlockedAt(env, 'PUT /users/{id}/access_policies');
  const second = await env.start(order, 'typed by hand');
  await waitForTurnOf(second, handle.workflowId);

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed', adopted: [] });
  expect(env.simulator.world.customers().filter(({ name }) => name === order.customer.name)).toHaveLength(1);
});

test('fifty shuffled pairs never write to a tenant at the same time, and all complete', async () => {
  const pairs = Array.from({ length: 50 }, (_none, at) => ({
    id: env.simulator.world.addTenant({ name: `Pair ${at}` }),
    operations: at % 2 === 0 ? (['disableTenant', 'lockTenant'] as const) : (['lockTenant', 'disableTenant'] as const),
  }));
  const { count } = env.simulator.journal;

  const ends: FinalStatus[] = [];
  const shuffled = pairs.toSorted((a, b) => a.id.localeCompare(b.id));
  for (let from = 0; from < shuffled.length; from += 25)
    await Promise.all(
      shuffled.slice(from, from + 25).map(async ({ id, operations }) => {
        const both = await Promise.all(operations.map((operation) => env.run(operation, { tenant: { id } })));
        ends.push(...both);
      }),
    );

  expect(ends.map(({ state }) => state)).toEqual(Array<string>(2 * pairs.length).fill('completed'));
  for (const { id } of pairs)
    expect(env.simulator.world.tenant(id)).toMatchObject({
      enabled: false,
      update_lock: { enabled: true },
      version: 3,
    });
  const writes = env.simulator.journal.calls(PUT).filter(({ seq }) => seq > count);
  const conflicts = writes.filter(({ status }) => status !== 200);
  // on a busy machine a worker can count as dead while its call is under way; then its own run repeats the call
  const repeated = ends.flatMap(({ steps }) => steps).reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0);
  expect(writes.length - conflicts.length).toBe(2 * pairs.length);
  expect(conflicts.length).toBeLessThanOrEqual(repeated);
});

test('who waits until a tenant is switched on has the turn there, and only the remedy passes', async () => {
  const id = env.simulator.world.addTenant({ name: 'Off' });
  env.simulator.world.disable(id);
  const user = { login: 'off.user', email: 'off@example.com' };
  const adding = await env.begin('addUser', { tenant: { id }, user, role: 'company_admin' }, 'adding');
  await waitForState(adding, 'blocked');

  expect(await env.run('enableTenant', { tenant: { id } })).toMatchObject({ state: 'completed', changed: true });
  const locking = await env.begin('lockTenant', { tenant: { id } }, 'locking');
  await waitForTurnOf(locking, 'adding');
  await decideFor(adding, 'retry');

  expect(await statusAtEnd(adding)).toMatchObject({ state: 'completed', changed: true });
  expect(await statusAtEnd(locking)).toMatchObject({ state: 'completed', changed: true });
});

test('what only looks waits for nobody', async () => {
  const id = env.simulator.world.addTenant({ name: 'Looked at' });
  env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });
  const handle = await env.begin('disableTenant', { tenant: { id } }, 'Looked at');
  await waitForState(handle, 'blocked');

  const report = await env.run('produceReport', { tenant: { id }, kind: 'usage_current', level: 'accounts' });

  expect(report).toMatchObject({ state: 'completed' });
  await decideFor(handle, 'abort');
});

test('turns have no rows of their own in the list of runs', async () => {
  const ids = Array.from({ length: 20 }, (_none, at) => env.simulator.world.addTenant({ name: `Row ${at}` }));
  await Promise.all(ids.map(async (id) => await env.run('lockTenant', { tenant: { id } })));

  const types: string[] = [];
  for await (const run of env.client.workflow.list({})) types.push(run.type);

  expect(types).not.toContain('tenantTurn');
  expect(types.filter((type) => type === TURN_QUEUE).length).toBeLessThanOrEqual(32);
});

test('a run that waits for a blocked run shows it in its status, in the list and by exit code 4', async () => {
  const id = env.simulator.world.addTenant({ name: 'Blocked ahead' });
  env.simulator.faults.next(PUT, { refuse: 403, message: 'not for you' }, { about: [id] });
  const handle = await env.begin('disableTenant', { tenant: { id } }, 'Blocked ahead');
  await waitForState(handle, 'blocked');
  const second = await env.begin('lockTenant', { tenant: { id } }, 'behind it');

  const last = await follow(env.client, { id: 'behind it' }, env.taskQueue, {
    show: () => undefined,
    end: () => undefined,
  });

  expect(exitCodeOf(last)).toBe(4);
  const ahead = { id: 'Blocked ahead', step: 'disableTenant', type: 'Acronis.Forbidden', message: expect.any(String) };
  expect(last).toMatchObject({ state: 'running', waitsFor: 'Blocked ahead', waitsForBlocked: ahead });
  expect(statusText(last)).toMatch(
    /waits for Blocked ahead, and Blocked ahead is blocked at disableTenant: .*not for you/,
  );
  expect(statusText(last)).toMatch(/tenantry retry 'Blocked ahead'/);
  const listed = async () => (await listOperations(env.client, { customer: id })).find((run) => run.id === 'behind it');
  await waitUntil(async () => (await listed())?.waitsFor === 'Blocked ahead');
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(second)).toMatchObject({ state: 'completed' });
  await waitUntil(async () => (await listed())?.state === 'completed' && (await listed())?.waitsFor === undefined);
});
