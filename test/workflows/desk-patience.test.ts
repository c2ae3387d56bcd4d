import { expect, test } from '@jest/globals';
import { pause } from '../support/pause.js';
import { decideFor, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { CLOUD_TROUBLE } from '../../contract/cloud-trouble.js';
import { anOrder } from '../support/orders.js';

const env = useVirtualEnvironment({}, { afresh: true });
const ROLE = 'PUT /users/{id}/access_policies';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const forbidden = { refuse: 403 } as const;
const asking = (fields = {}) => anOrder({ onFailure: 'ask', ...fields });
const there = (name: string) => env.simulator.world.customers().some((tenant) => tenant.name === name);

test('a run blocked for sixty days has removed nothing, has reminded ever less often, and goes on after a decision', async () => {
  const order = asking();
  env.simulator.faults.next(ROLE, forbidden);
  const handle = await env.start(order, order.customer.name);
  await waitForState(handle, 'blocked');
  await pause(60 * DAY_MS);
  await decideFor(handle, 'retry');
  const status = await statusAtEnd(handle);

  expect(status).toMatchObject({ state: 'completed' });
  expect(there(order.customer.name)).toBe(true);
  expect(env.notices.length).toBeGreaterThanOrEqual(10);
  expect(env.notices.length).toBeLessThan(20);
  expect(env.notices[0]).toMatchObject({ about: 'run', run: order.customer.name, step: 'assignRole', nth: 0 });
});

test('a decision works the same after the worker was down', async () => {
  const order = asking();
  env.simulator.faults.next(ROLE, forbidden);
  const handle = await env.start(order);
  await waitForState(handle, 'blocked');
  env.stopWorker();
  await pause(HOUR_MS);
  env.replaceWorker();

  await decideFor(handle, 'retry');
  const status = await statusAtEnd(handle);

  expect(status).toMatchObject({ state: 'completed', decisions: [{ choice: 'retry' }] });
});

test.each([
  ['undo', 'Undone', false],
  ['keep', 'Kept', true],
] as const)('once its deadline has passed, a run ends as its order says: %s', async (then, type, kept) => {
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  const order = asking({ decisionDeadline: '3 days', then });
  env.simulator.faults.next(ROLE, forbidden);
  const handle = await env.start(order);
  const [blocked, status] = [await waitForState(handle, 'blocked'), await statusAtEnd(handle)];

  expect(Date.parse(blocked.blocked.until!) - Date.parse(blocked.blocked.since)).toBeGreaterThan(2.9 * 86_400_000);
  expect(status).toMatchObject({ failureType: type, reason: { step: 'assignRole' } });
  expect((status as { reason: { message: string } }).reason.message).toContain('nobody decided within 3 days');
  expect(there(order.customer.name)).toBe(kept);
});

test('one call that never answers although the cloud does is a matter for a person', async () => {
  const order = asking();
  env.simulator.faults.next(ROLE, { refuse: 503 }, { times: Infinity });
  const handle = await env.start(order);
  await pause(2 * HOUR_MS);
  const { blocked } = await waitForState(handle, 'blocked');
  expect(blocked).toMatchObject({ step: 'assignRole', type: 'Acronis.Unavailable' });
  env.simulator.faults.clear();
  await decideFor(handle, 'retry');
  const status = await statusAtEnd(handle);

  expect(status).toMatchObject({ state: 'completed' });
  expect(env.notices.some((notice) => notice.about === 'run' && notice.type === 'Acronis.Unavailable')).toBe(true);
  expect(env.notices.some(({ about }) => about === 'cloud')).toBe(false);
});

test('a cloud that is down for two hours causes ever fewer notices and no question, and the run goes on when it is back', async () => {
  env.simulator.faults.next('POST /idp/token', { refuse: 401 }, { times: Infinity });
  const handle = await env.start(asking());
  await pause(2 * HOUR_MS);
  await waitForState(handle, 'blocked');
  env.simulator.faults.clear();
  const end = await statusAtEnd(handle);
  await env.client.workflow.getHandle('cloudTrouble:default').result();
  const status = end;

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
  const handle = await env.start(order);
  const { blocked } = await waitForState(handle, 'blocked');
  await pause(DAY_MS);
  env.simulator.faults.next('*', { refuse: 503 }, { times: Infinity });
  const trouble = { cloud: 'default', type: 'Acronis.Unavailable', message: 'it does not answer' };
  const watch = await env.begin(CLOUD_TROUBLE, trouble, `${CLOUD_TROUBLE}:default`);
  await pause(4 * HOUR_MS);
  env.simulator.faults.clear();
  await watch.result();
  await pause(46 * HOUR_MS);
  const [first, later, status] = [blocked, (await waitForState(handle, 'blocked')).blocked, await statusAtEnd(handle)];

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
  const handle = await env.start(order);
  await waitForState(handle, 'blocked');
  env.simulator.faults.next('*', { refuse: 503 }, { times: Infinity });
  await pause(25 * HOUR_MS);
  const { blocked } = await waitForState(handle, 'blocked');
  env.simulator.faults.clear();
  await pause(HOUR_MS / 6);
  const { blocked: after } = await waitForState(handle, 'blocked');
  await decideFor(handle, 'retry');
  const [away, back, status] = [blocked, after, await statusAtEnd(handle)];

  expect(away).not.toHaveProperty('until');
  expect((Date.parse(back.until!) - Date.parse(back.since)) / HOUR_MS).toBeGreaterThan(48);
  expect(status).toMatchObject({ state: 'completed' });
  expect(env.notices.some(({ about }) => about === 'cloud')).toBe(true);
});
