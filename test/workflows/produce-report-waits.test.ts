import { expect, test } from '@jest/globals';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

/** Where no report is made unless somebody sees to it. */
const env = useTestEnvironment({ reports: { ms: 10_000_000 } });
const POST = 'POST /reports';
const LIST = 'GET /tenants/{id}/reports';
const aCustomer = (name: string) => env.simulator.world.addTenant({ name });
const anOrder = (id: string, fields: object = {}) => ({
  tenant: { id },
  kind: 'usage_current',
  level: 'accounts',
  ...fields,
});

/** Lets the next report on a tenant end in this way, once it is ordered. */
async function next(id: string, how: 'completeReport' | 'failReport', but: readonly string[] = []): Promise<string> {
  const fresh = () => env.simulator.world.reports(id).find((one) => !but.includes(one.id));
  await waitUntil(async () => fresh() !== undefined);
  const { id: reportId } = fresh()!;
  env.simulator.world[how](reportId);
  return reportId;
}

test('one that fails is ordered again, and what failed is deleted', async () => {
  const id = aCustomer('Failing once');
  const handle = await env.begin('produceReport', anOrder(id));

  const failed = await next(id, 'failReport');
  await next(id, 'completeReport', [failed]);

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(env.simulator.world.reports(id)).toEqual([]);
});

test('one that fails three times has a person asked, who has it tried again', async () => {
  const id = aCustomer('Failing');
  const handle = await env.begin('produceReport', anOrder(id));
  const first = await next(id, 'failReport');
  const second = await next(id, 'failReport', [first]);
  await next(id, 'failReport', [first, second]);

  const { blocked } = await waitForState(handle, 'blocked');
  expect(blocked).toMatchObject({
    step: 'awaitReport',
    type: 'Tenantry.NotReady',
    message: expect.stringMatching(/3 times/),
  });
  expect(env.simulator.world.reports(id)).toEqual([]);
  await decideFor(handle, 'retry');
  await next(id, 'completeReport');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});

test('one that is not there in time has a person asked, who gives it longer; it is ordered once more', async () => {
  const id = aCustomer('Late');
  const order = anOrder(id, { within: '1 second' });
  const handle = await startBlocked(env, 'produceReport', order);
  const { blocked } = await waitForState(handle, 'blocked');
  expect(blocked).toMatchObject({
    step: 'awaitReport',
    type: 'Tenantry.NotReady',
    message: expect.stringMatching(/1 second/),
  });
  expect(env.simulator.world.reports(id)).toEqual([]);
  env.calls();

  await decideFor(handle, 'amend', { input: { ...order, within: '2 hours' } });
  await next(id, 'completeReport');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(env.calls().filter((route) => route === POST)).toHaveLength(1);
});

test('a report that is not ready in time is removed when the order asks nobody', async () => {
  const id = aCustomer('Late, and nobody asked');

  const status = await env.run('produceReport', anOrder(id, { within: '1 second', onFailure: 'undo' }));

  expect(status).toMatchObject({
    state: 'undone',
    reason: { message: expect.stringMatching(/not there after 1 second/) },
  });
  expect(env.simulator.world.reports(id)).toEqual([]);
});

test('a report whose order was not answered, and which the run may not look for, is left and named', async () => {
  const id = aCustomer('Ordered unseen');
  env.simulator.faults.next(POST, 'garble', { about: [id] });
  env.simulator.faults.next(LIST, 'garble', { after: 1, times: 3, about: [id] });
  const handle = await startBlocked(env, 'produceReport', anOrder(id));
  env.simulator.faults.next(LIST, { refuse: 403 }, { about: [id] });
  await decideFor(handle, 'retry');
  await waitUntil(async () => (await waitForState(handle, 'blocked')).blocked.type === 'Acronis.Forbidden');

  await decideFor(handle, 'abort');

  const [{ id: reportId } = { id: '' }, ...others] = env.simulator.world.reports(id);
  expect(others).toEqual([]);
  expect(await statusAtEnd(handle)).toMatchObject({
    failureType: 'Leftovers',
    leftovers: [{ kind: 'report', id, reason: expect.stringContaining(reportId) }],
  });
});
