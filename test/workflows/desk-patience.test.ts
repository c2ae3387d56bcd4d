import { expect, jest, test } from '@jest/globals';
import { decideFor, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTimeSkippingEnvironment } from '../support/time-skipping-environment.js';
import { CLOUD_TROUBLE } from '../../contract/cloud-trouble.js';
import { anOrder } from '../support/orders.js';

// Temporal's test server can stop skipping time for good when a busy machine lets a workflow task time out
jest.setTimeout(100_000);
jest.retryTimes(2);
const env = useTimeSkippingEnvironment();
const ROLE = 'PUT /users/{id}/access_policies';
const HOUR_MS = 3_600_000;
const forbidden = { refuse: 403 } as const;
const asking = (fields = {}) => anOrder({ onFailure: 'ask', ...fields });
const there = (name: string) => env.simulator.world.customers().some((tenant) => tenant.name === name);

test('a run blocked for sixty days has removed nothing, has reminded ever less often, and goes on after a decision', async () => {
  const order = asking();
  env.simulator.faults.next(ROLE, forbidden);
  const status = await env.withWorker(async () => {
    const handle = await env.start(order);
    await waitForState(handle, 'blocked');
    await env.temporal.sleep('60 days');
    await decideFor(handle, 'retry');
    return await statusAtEnd(handle);
  });

  expect(status).toMatchObject({ state: 'completed' });
  expect(there(order.customer.name)).toBe(true);
  expect(env.notices.length).toBeGreaterThanOrEqual(10);
  expect(env.notices.length).toBeLessThan(20);
  expect(env.notices[0]).toMatchObject({ about: 'run', run: order.customer.name, step: 'assignRole', nth: 0 });
});

test('a decision works the same after the worker was down', async () => {
  const order = asking();
  env.simulator.faults.next(ROLE, forbidden);
  const handle = await env.withWorker(async () => {
    const started = await env.start(order);
    await waitForState(started, 'blocked');
    return started;
  });

  const status = await env.withWorker(async () => {
    await decideFor(handle, 'retry');
    return await statusAtEnd(handle);
  });

  expect(status).toMatchObject({ state: 'completed', decisions: [{ choice: 'retry' }] });
});

test.each([
  ['undo', 'Undone', false],
  ['keep', 'Kept', true],
] as const)('once its deadline has passed, a run ends as its order says: %s', async (then, type, kept) => {
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  const order = asking({ decisionDeadline: '3 days', then });
  env.simulator.faults.next(ROLE, forbidden);
  const [blocked, status] = await env.withWorker(async () => {
    const handle = await env.start(order);
    return [await waitForState(handle, 'blocked'), await statusAtEnd(handle)];
  });

  expect(Date.parse(blocked.blocked.until!) - Date.parse(blocked.blocked.since)).toBeGreaterThan(2.9 * 86_400_000);
  expect(status).toMatchObject({ failureType: type, reason: { step: 'assignRole' } });
  expect((status as { reason: { message: string } }).reason.message).toContain('nobody decided within 3 days');
  expect(there(order.customer.name)).toBe(kept);
});

test('one call that never answers although the cloud does is a matter for a person', async () => {
  const order = asking();
  env.simulator.faults.next(ROLE, { refuse: 503 }, { times: Infinity });
  const status = await env.withWorker(async () => {
    const handle = await env.start(order);
    await env.temporal.sleep('2 hours');
    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ step: 'assignRole', type: 'Acronis.Unavailable' });
    env.simulator.faults.clear();
    await decideFor(handle, 'retry');
    return await statusAtEnd(handle);
  });

  expect(status).toMatchObject({ state: 'completed' });
  expect(env.notices.some((notice) => notice.about === 'run' && notice.type === 'Acronis.Unavailable')).toBe(true);
  expect(env.notices.some(({ about }) => about === 'cloud')).toBe(false);
});

test('a cloud that is down for two hours causes ever fewer notices and no question, and the run goes on when it is back', async () => {
  env.simulator.faults.next('POST /idp/token', { refuse: 401 }, { times: Infinity });
  const status = await env.withWorker(async () => {
    const handle = await env.start(asking());
    await env.temporal.sleep('2 hours');
    await waitForState(handle, 'blocked');
    env.simulator.faults.clear();
    const end = await statusAtEnd(handle);
    await env.temporal.client.workflow.getHandle('cloudTrouble:default').result();
    return end;
  });

  expect(status).toMatchObject({ state: 'completed' });
  expect(env.notices.map((notice) => [notice.about, 'nth' in notice ? notice.nth : 'back'])).toEqual([
    ['cloud', 0],
    ['cloud', 1],
    ['cloud', 2],
    ['cloud-back', 'back'],
  ]);
});

test('a deadline stands still while the cloud is in trouble, and the status says until when it is now', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  const order = asking({ decisionDeadline: '3 days', then: 'undo' });
  env.simulator.faults.next(ROLE, forbidden);
  const [first, later, status] = await env.withWorker(async () => {
    const handle = await env.start(order);
    const { blocked } = await waitForState(handle, 'blocked');
    await env.temporal.sleep('1 day');
    env.simulator.faults.next('*', { refuse: 503 }, { times: Infinity });
    const trouble = { cloud: 'default', type: 'Acronis.Unavailable', message: 'it does not answer' };
    const watch = await env.begin(CLOUD_TROUBLE, trouble, `${CLOUD_TROUBLE}:default`);
    await env.temporal.sleep('4 hours');
    env.simulator.faults.clear();
    await watch.result();
    await env.temporal.sleep('46 hours');
    return [blocked, (await waitForState(handle, 'blocked')).blocked, await statusAtEnd(handle)];
  });

  const [before, now, end] = [first.until!, later.until!, status.updatedAt].map((text) => Date.parse(text));
  expect((now! - before!) / HOUR_MS).toBeGreaterThan(3);
  expect((now! - before!) / HOUR_MS).toBeLessThan(4.5);
  expect(end).toBeGreaterThanOrEqual(now!);
  expect(status).toMatchObject({ state: 'undone', reason: { step: 'assignRole' } });
});

test('a run whose deadline comes while the cloud is away waits until it is back, and has the whole deadline again', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  const order = asking({ decisionDeadline: '1 day', then: 'undo' });
  env.simulator.faults.next(ROLE, forbidden);
  const [away, back, status] = await env.withWorker(async () => {
    const handle = await env.start(order);
    await waitForState(handle, 'blocked');
    env.simulator.faults.next('*', { refuse: 503 }, { times: Infinity });
    await env.temporal.sleep('25 hours');
    const { blocked } = await waitForState(handle, 'blocked');
    env.simulator.faults.clear();
    await env.temporal.sleep('10 minutes');
    const { blocked: after } = await waitForState(handle, 'blocked');
    await decideFor(handle, 'retry');
    return [blocked, after, await statusAtEnd(handle)];
  });

  expect(away).not.toHaveProperty('until');
  expect((Date.parse(back.until!) - Date.parse(back.since)) / HOUR_MS).toBeGreaterThan(48);
  expect(status).toMatchObject({ state: 'completed' });
  expect(env.notices.some(({ about }) => about === 'cloud')).toBe(true);
});
