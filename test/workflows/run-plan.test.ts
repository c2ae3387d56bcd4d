import { expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { aPlannedCustomer } from '../support/planned-customer.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

// a backup goes on until a test ends it
const env = useTestEnvironment({ runs: { looks: 9999 } });
const PUT = 'PUT /api/policy_management/v4/applications/run';
const machines = ['ws-1', 'ws-2'];

const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const aCustomer = () => aPlannedCustomer(env.simulator, { machines, applied: machines });

test('a backup begins on every machine that has the plan', async () => {
  const { order, planId, idOf, backups } = await aCustomer();

  const status = await env.run('runPlan', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, planId, resourceIds: machines.map(idOf) });
  expect(await backups()).toEqual([1, 1]);
});

test('a backup that is under way is not begun again; one that has ended is', async () => {
  const { order, backups } = await aCustomer();
  await env.run('runPlan', { ...order, resources: [{ name: 'WS-1' }] });
  await env.run('runPlan', order);
  writes();

  const status = await env.run('runPlan', order);

  expect(status).toMatchObject({ state: 'completed', changed: false, adopted: ['runPlan'] });
  expect([await backups(), writes()]).toEqual([[1, 1], []]);
  env.simulator.world.finishRuns();
  expect(await env.run('runPlan', order)).toMatchObject({ changed: true });
  expect(await backups()).toEqual([2, 2]);
});

test('one backup begins although answers are lost and the cloud is busy', async () => {
  const faults: Fault[] = ['commit-then-drop', 'drop-before', { refuse: 503 }, { refuse: 503, commit: true }];
  const customers = await Promise.all(faults.map(aCustomer));
  for (const fault of faults) env.simulator.faults.next(PUT, fault);

  const ends = await Promise.all(customers.map(({ order }) => env.run('runPlan', order)));

  expect(ends).toEqual(customers.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  expect(await Promise.all(customers.map(({ backups }) => backups()))).toEqual(customers.map(() => [1, 1]));
});

test('one backup begins although a person tries again after it took effect, and has ended meanwhile', async () => {
  const { order, backups } = await aCustomer();
  env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } });
  const handle = await startBlocked(env, 'runPlan', { ...order, onFailure: 'ask' });
  env.simulator.world.finishRuns();

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true, adopted: ['runPlan'] });
  expect(await backups()).toEqual([1, 1]);
});

test.each<[string, object, RegExp]>([
  ['a machine that does not have the plan', { resources: [{ name: 'WS-2' }] }, /"WS-2" does not have the plan/],
  ['a plan that is not there', { plan: { id: 'b1a5e000-0000-4000-8000-00000000000f' } }, /fits no plan/],
])('%s is refused', async (_words, fields, sentence) => {
  const { order } = await aPlannedCustomer(env.simulator, { machines, applied: ['ws-1'] });
  writes();

  expect(await env.run('runPlan', { ...order, ...fields })).toMatchObject({
    failureType: 'Refused',
    reason: { message: expect.stringMatching(sentence) },
  });
  expect(writes()).toEqual([]);
});

test('a plan that is on nothing is refused', async () => {
  const { order } = await aPlannedCustomer(env.simulator);

  expect(await env.run('runPlan', order)).toMatchObject({
    failureType: 'Refused',
    reason: { message: expect.stringMatching(/on nothing yet/) },
  });
});

test('a backup that began in a run that failed or was cancelled is named, and goes on', async () => {
  const [failed, cancelled] = [await aCustomer(), await aCustomer()];
  env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } });
  const named = (planId: string) => ({ leftovers: [{ kind: 'plan', id: planId, reason: expect.any(String) }] });

  expect(await env.run('runPlan', failed.order)).toMatchObject({
    failureType: 'Leftovers',
    ...named(failed.planId),
  });

  env.simulator.faults.next(PUT, { refuse: 503, commit: true }, { times: 99 });
  env.simulator.faults.next('GET /api/policy_management/v4/applications', { refuse: 503 }, { after: 1, times: 99 });
  const handle = await env.begin('runPlan', cancelled.order);
  await waitUntil(async () => (await cancelled.backups())[0] === 1);
  await handle.cancel();
  env.simulator.faults.clear();
  expect(await waitForState(handle, 'cancelled')).toMatchObject(named(cancelled.planId));
});

test('nothing is named where nothing began', async () => {
  const { order, backups } = await aCustomer();
  env.simulator.faults.next(PUT, { refuse: 403 });

  expect(await env.run('runPlan', order)).toMatchObject({ state: 'failed', failureType: 'Refused' });
  expect(await backups()).toEqual([0, 0]);
});
