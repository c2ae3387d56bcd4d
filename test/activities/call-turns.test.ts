import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createCallBucket, type ByClass } from '../../acronis/index.js';
import { turnOf } from '../../activities/call-turns.js';
import { BudgetSlots } from '../../activities/index.js';
import { BULK_PRIORITY } from '../../contract/call-budget.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { activitiesFor } from '../support/activities.js';
import { person, silent } from '../support/activity-environment.js';
import { waitUntil } from '../support/runs.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

const mark = { environment: 'test', key: 'acme', runId: 'run-1' };
const urgent = { isLocal: false };
const bulk = { isLocal: false, priority: { priorityKey: BULK_PRIORITY } };
const local = { isLocal: true };

/** A worker with ten slots, and the calls that wait there. */
function slotsWith(waiting: ByClass, rate = 1) {
  return new BudgetSlots(new Map([['eu', { waiting: () => waiting, rate }]]), { ordinary: 10, local: 4 });
}

/** How many attempts may begin. */
function fill(slots: BudgetSlots, info: Parameters<BudgetSlots['enter']>[1], onlyLooks = false): number {
  let begun = 0;
  while (begun < 100 && slots.enter('eu', info, onlyLooks) !== undefined) begun += 1;
  return begun;
}

test('while calls wait, bulk attempts leave half of the slots to urgent ones, and both leave a fifth to other work', () => {
  const slots = slotsWith({ urgent: 0, bulk: 1 });

  expect(fill(slots, bulk)).toBe(5);
  expect(fill(slots, urgent)).toBe(3);
  expect(slots.enter('a cloud without a budget', urgent, true)).toBeDefined();
});

test('an attempt that ends leaves its slot to the next one', () => {
  const slots = slotsWith({ urgent: 0, bulk: 1 });
  const leave = slots.enter('eu', bulk, false)!;
  expect(fill(slots, bulk)).toBe(4);

  leave();

  expect(fill(slots, bulk)).toBe(1);
});

test('while no call waits, every attempt begins; a local one also while few calls wait', () => {
  expect(fill(slotsWith({ urgent: 0, bulk: 0 }), bulk)).toBe(100);
  expect(fill(slotsWith({ urgent: 1, bulk: 2 }), local)).toBe(100);
  expect(fill(slotsWith({ urgent: 1, bulk: 3 }), local)).toBe(0);
});

test('a look begins only while few calls wait before it: the run is perhaps about to begin', () => {
  const slots = slotsWith({ urgent: 4, bulk: 6 }, 4);
  expect(slots.enter('eu', urgent, true)).toBeDefined();
  expect(slots.enter('eu', bulk, true)).toBeUndefined();
  expect(slots.enter('eu', bulk, false)).toBeDefined();

  expect(slotsWith({ urgent: 8, bulk: 0 }, 4).enter('eu', urgent, true)).toBeUndefined();
  expect(slotsWith({ urgent: 3, bulk: 0 }, 0).enter('eu', bulk, true)).toBeDefined();
});

test('older runs go first; where the id of a run does not say its age, it counts as new', () => {
  const turn = (runId: string) => turnOf({ workflowExecution: { workflowId: 'w', runId } }).since!;
  const [old, young] = [turn('01a22d6e-22a5-7646-a826-7bb193d442a2'), turn('01a22d6f-22a5-7646-a826-7bb193d442a2')];

  expect(new Date(old).toISOString()).toBe('2026-11-30T17:08:42.277Z');
  expect(young).toBeGreaterThan(old);
  expect(turn('7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69')).toBeGreaterThanOrEqual(Date.now() - 60_000);
});

/** A worker whose cloud has a budget, and no lease yet. */
function worker() {
  const budget = createCallBucket(() => performance.now());
  const budgets = new BudgetSlots(new Map([['default', budget]]), { ordinary: 2, local: 2 });
  const lease = (rate: number) => budget.setLease({ rate, until: Infinity, afterwards: 0 });
  return { budget, lease, activities: activitiesFor(simulator, { budget, budgets }) };
}

/** Runs one look-up as an attempt of its own. */
function looking({ activities }: ReturnType<typeof worker>, info: { priority?: { priorityKey: number } } = {}) {
  const environment = new MockActivityEnvironment(info, { logger: silent });
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  const spec = { cloud: 'default', mark, person, field: 'administrator' };
  const ended = environment.run(activities.checkLogin as never, spec as never).catch((error: unknown) => error);
  return { ended, environment, beats: () => beats };
}

test('an attempt whose call waits for the budget goes on beating, and ends well once the call may go', async () => {
  const there = worker();
  const { ended, beats } = looking(there);

  await waitUntil(async () => beats() > 1);
  expect(there.budget.waiting()).toEqual({ urgent: 1, bulk: 0 });
  there.lease(1000);

  expect(await ended).toMatchObject({ attempts: 1 });
});

test('a cancelled attempt stops waiting', async () => {
  const { ended, environment } = looking(worker());

  environment.cancel('CANCELLED');

  expect(await ended).toMatchObject({ name: 'CancelledFailure' });
});

test('the calls of a run of low priority are bulk; a token is for everybody', async () => {
  const there = worker();
  there.lease(1000);

  await looking(there, bulk).ended;
  expect(there.budget.asked()).toEqual({ urgent: 1, bulk: 1 });
  await looking(there).ended;

  expect(there.budget.asked()).toEqual({ urgent: 2, bulk: 1 });
});

test('an attempt that finds no room gives its slot back, and is made again later', async () => {
  const there = worker();
  const attempts = [looking(there), looking(there)];
  await waitUntil(async () => there.budget.waiting().urgent > 0);

  expect(await looking(there).ended).toMatchObject({ type: 'Tenantry.StoodBack', nonRetryable: false });

  there.lease(1000);
  for (const { ended } of attempts) expect(await ended).toMatchObject({ attempts: 1 });
});
