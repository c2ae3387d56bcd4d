import { beforeEach, describe, expect, test } from '@jest/globals';
import { aReference, customersIn, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { pause } from '../../support/pause.js';
import { outcomesOf, rolloutsIn } from '../../support/rollouts.js';
import { decideFor, refusalMessage, waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const brake = { hour: 5, hourShare: 0, day: 10, dayShare: 0, creations: 1 };
const env = useVirtualEnvironment({}, { readFacts, brake });
const aCustomer = customersIn(env);
const aRollout = rolloutsIn(env);
beforeEach(() => void (env.notices.length = 0));

/** Customers of the source `shop`, who are only observed. */
async function observed(count: number, customer: object = {}): Promise<TestCustomer[]> {
  const all = await Promise.all(
    Array.from({ length: count }, async () => await aCustomer({}, { source: 'shop', customer })),
  );
  for (const one of all) await one.until(({ events }) => events.length === 1);
  return all;
}
/** A customer that waits for its name, so that a person must look at it. */
const nameless = async (count = 1) => await observed(count, { name: undefined });
const refsOf = (customers: readonly TestCustomer[]) => customers.map(({ ref }) => ref);
const statesOf = async (customers: readonly TestCustomer[]) =>
  await Promise.all(customers.map(async (one) => (await one.status()).state));
/** Between two looks at a rollout. */
const PAUSE_MS = 20;
const isBlocked = ({ state }: { state: string }) => state === 'blocked';

describe('a rollout over thirty customers', () => {
  test('acts for the canary first, then for the others in its window, and the brake on creations does not hold it up', async () => {
    const customers = await observed(30);
    const { status, result } = await aRollout(refsOf(customers), { canary: 3, atOnce: 8 });
    let most = 0;
    for (let state = 'running'; state === 'running';) {
      const { counts, customers: shown, ...now } = await status();
      state = now.state;
      most = Math.max(most, counts.underWay);
      const isCanaryOut = shown.slice(0, 3).every(({ outcome }) => outcome === 'done');
      if (!isCanaryOut) expect(outcomesOf({ customers: shown.slice(3) } as never)).toEqual(Array(27).fill('waiting'));
      await pause(PAUSE_MS);
    }

    expect(await result()).toMatchObject({
      state: 'completed',
      counts: { done: 30, failed: 0, waiting: 0, underWay: 0 },
    });
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(8);
    expect(await statesOf(customers)).toEqual(Array(30).fill('steady'));
    expect(env.simulator.world.customers()).toHaveLength(30);
  });

  test('lifts the brake for its own customers only', async () => {
    const [mine] = await observed(1);
    const [first, second] = [await aCustomer(), await aCustomer()];
    await waitUntil(async () => (await statesOf([first, second])).includes('steady'));
    const { result } = await aRollout([mine!.ref]);

    expect(await result()).toMatchObject({ state: 'completed' });
    expect((await statesOf([first, second])).toSorted()).toEqual(['steady', 'waiting']);
  });
});

describe('a rollout whose canary fails', () => {
  test('stops with one notice; retry begins once more with those that failed, and then goes on', async () => {
    const [bad] = await nameless();
    const [good, ...others] = await observed(4);
    const { handle, until, decide, result } = await aRollout(refsOf([bad!, good!, ...others]));

    const { blocked, customers } = await until(({ state, counts }) => state === 'blocked' && counts.done === 1);
    expect(blocked).toMatchObject({ why: '1 of the first 2 customers failed' });
    expect(customers[0]).toMatchObject({
      outcome: 'failed',
      state: 'waiting',
      why: 'it waits for name of the customer',
    });
    expect(await statesOf(others)).toEqual(Array(3).fill('observed'));
    await waitUntil(async () => env.notices.length > 0);
    const { since, why: message } = blocked!;
    expect(env.notices).toEqual([{ about: 'rollout', rollout: handle.workflowId, message, since }]);

    await bad!.tell({});
    expect(await decide('retry')).toMatchObject({ choice: 'retry', actor: 'bob', verified: false });

    expect(await result()).toMatchObject({ state: 'completed', counts: { done: 5 }, decisions: [{ choice: 'retry' }] });
    expect(env.notices).toHaveLength(1);
  });

  test('goes on without them after resume, waits for a person at its end, and completes after another one', async () => {
    const [bad] = await nameless();
    const others = await observed(3);
    const { until, decide, result } = await aRollout([bad!.ref, ...refsOf(others)], { canary: 1 });
    await until(isBlocked);

    await decide('resume');

    const last = await result();
    expect(last).toMatchObject({ state: 'completed', counts: { done: 3, failed: 1 } });
    expect(outcomesOf(last)).toEqual(['failed', 'done', 'done', 'done']);
  });

  test('ends after stop, and leaves the others as they are', async () => {
    const [bad] = await nameless();
    const others = await observed(2);
    const { until, decide, result } = await aRollout([bad!.ref, ...refsOf(others)], { canary: 1 });
    await until(isBlocked);

    await decide('stop');

    expect(await result()).toMatchObject({ state: 'stopped', counts: { failed: 1, waiting: 2 } });
    expect(await statesOf(others)).toEqual(['observed', 'observed']);
  });
});

describe('a customer of a rollout', () => {
  test('that is unknown, terminated or paused has its outcome, and holds up nobody', async () => {
    const [gone, paused, good] = await observed(3);
    await gone!.handle.terminate();
    await paused!.ask('pause', { reason: 'on holiday' });
    const refs = [aReference(), gone!.ref, paused!.ref, good!.ref];
    const { until, decide } = await aRollout(refs, { canary: 0, maxFailures: { number: 2, share: 0 } });

    const last = await until(isBlocked);

    expect(last.blocked?.why).toBe('every customer has had its turn, and 2 of 4 failed');
    const why = 'no source has spoken of this customer, or somebody has terminated its workflow';
    expect(last.customers.map(({ ref: _ref, ...one }) => one)).toEqual([
      { outcome: 'failed', why },
      { outcome: 'failed', why },
      { outcome: 'skipped', state: 'paused', why: 'ann (not verified) has paused it: on holiday' },
      { outcome: 'done' },
    ]);
    await decide('stop');
  });

  test('whose run has failed tries again after retry', async () => {
    env.simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 403 });
    const [customer] = await observed(1);
    const { until, decide, result } = await aRollout([customer!.ref]);
    const { customers } = await until(isBlocked);
    const run = `provisionCustomer:${customer!.ref}`;
    expect(customers[0]).toMatchObject({ state: 'blocked', why: expect.stringContaining(`${run}: `) });
    await decideFor(env.client.workflow.getHandle(run), 'abort');
    await customer!.until(({ runs }) => runs.length === 1);

    await decide('retry');

    expect(await result()).toMatchObject({ state: 'completed', counts: { done: 1 } });
  });

  test('that looks like an existing tenant is not created: a person must look at it', async () => {
    const ref = aReference();
    env.simulator.world.addTenant({ name: `Old ${ref}`, customer_id: ref });
    await (await aCustomer({}, { source: 'shop', ref })).until(({ events }) => events.length === 1);
    const { until, decide } = await aRollout([ref]);

    const { customers } = await until(isBlocked);

    expect(customers[0]!.why).toMatch(/^it waits for looksExisting: Old/);
    await decide('stop');
  });
});

test('what a person decides is refused with the reason when it makes no sense now', async () => {
  env.simulator.faults.next('POST /tenants', { delay: 4000 });
  const [slow] = await observed(1);
  const { decide, result, until } = await aRollout([slow!.ref]);
  await until(({ counts }) => counts.underWay === 1);

  expect(await refusalMessage(decide('resume'))).toBe('the rollout goes on already');
  expect(await refusalMessage(decide('retry'))).toBe('no customer has failed');

  expect(await result()).toMatchObject({ state: 'completed', decisions: [] });
});

test('a rollout is refused when its input is none', async () => {
  const { handle } = await aRollout([]);
  await expect(handle.result()).rejects.toMatchObject({
    cause: { type: 'InvalidInput', message: 'refs: must name the customers' },
  });
});
