import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { aPlannedCustomer } from '../support/planned-customer.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const POST = 'POST /api/policy_management/v4/applications';
const DELETE = 'DELETE /api/policy_management/v4/applications';
const lists = [
  'GET /api/policy_management/v4/policies',
  'GET /api/policy_management/v4/applications',
  'GET /api/resource_management/v4/resources',
];
const machines = ['ws-1', 'ws-2', 'ws-3'];

const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const aCustomer = (applied: string[] = []) => aPlannedCustomer(env.simulator, { machines, applied });

const cases = [
  { operation: 'applyPlan', route: POST, before: ['ws-1'], after: machines },
  { operation: 'revokePlan', route: DELETE, before: ['ws-1', 'ws-2'], after: [] },
];

describe.each(cases)('$operation', ({ operation, route, before, after }) => {
  const everywhere = async (fields: object = {}) => {
    const customer = await aCustomer(before);
    return { ...customer, order: { ...customer.order, resources: 'all', ...fields } };
  };

  test('changes what is not so yet, and a repeat writes nothing', async () => {
    const { order, planId, covered } = await everywhere();

    const first = await env.run(operation, order);
    writes();
    const second = await env.run(operation, order);

    expect(first).toMatchObject({ state: 'completed', changed: true, planId, warnings: [] });
    expect(second).toMatchObject({ state: 'completed', changed: false, adopted: [operation] });
    expect([covered(), writes()]).toEqual([after, []]);
  });

  test('makes the difference although answers are lost or garbage, others write, and the cloud is busy', async () => {
    const faults: Fault[] = ['commit-then-drop', 'drop-before', 'garble', { refuse: 503 }, { refuse: 409 }];
    const customers = await Promise.all(faults.map(() => everywhere()));
    for (const befallen of [route, ...lists]) for (const fault of faults) env.simulator.faults.next(befallen, fault);

    const ends = await Promise.all(customers.map(({ order }) => env.run(operation, order)));

    expect(ends).toEqual(customers.map(() => expect.objectContaining({ state: 'completed', changed: true })));
    expect(customers.map(({ covered }) => covered())).toEqual(customers.map(() => after));
  });

  test('that fails after its effect leaves all as it was before', async () => {
    const { order, covered } = await everywhere();
    env.simulator.faults.next(route, { lostThen: { refuse: 403 } });

    expect(await env.run(operation, order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(covered()).toEqual(before);
  });

  test('that fails before its effect is refused, with nothing to undo', async () => {
    const { order, covered } = await everywhere();
    env.simulator.faults.next(route, { refuse: 403 });

    expect(await env.run(operation, order)).toMatchObject({ state: 'failed', failureType: 'Refused' });
    expect(covered()).toEqual(before);
  });

  test('that is cancelled leaves all as it was before', async () => {
    const { order, covered } = await everywhere();
    env.simulator.faults.next(route, { refuse: 503, commit: true }, { times: 99 });
    const handle = await env.begin(operation, order);
    await waitUntil(async () => covered().length !== before.length);

    await handle.cancel();
    env.simulator.faults.clear();

    expect(await waitForState(handle, 'cancelled')).not.toHaveProperty('leftovers');
    expect(covered()).toEqual(before);
  });

  test('leaves what took effect when the order says keep', async () => {
    const { order, covered } = await everywhere({ onFailure: 'keep' });
    env.simulator.faults.next(route, { lostThen: { refuse: 403 } });

    expect(await env.run(operation, order)).toMatchObject({ failureType: 'Kept' });
    expect(covered()).not.toEqual(before);
  });

  test('says what keeps it from leaving all as it was', async () => {
    const { order, tenantId } = await everywhere({ onFailure: 'ask' });
    env.simulator.faults.next(route, { lostThen: { refuse: 403 } });
    const handle = await startBlocked(env, operation, order);
    env.simulator.faults.next(route === POST ? DELETE : POST, { refuse: 403 }, { times: 9 });

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'setting', id: tenantId, reason: expect.stringMatching(/403/) }],
    });
  });
});

test('machines are named by what the agent or a person calls them, or by id, and others are left alone', async () => {
  const customer = await aCustomer();
  const { order, planId, idOf, covered } = customer;

  const status = await env.run('applyPlan', {
    ...order,
    plan: { id: planId },
    resources: [{ name: 'WS-1' }, { id: idOf('ws-3') }, { id: idOf('ws-3') }],
  });

  expect(status).toMatchObject({ state: 'completed', resourceIds: [idOf('ws-1'), idOf('ws-3')] });
  expect(covered()).toEqual(['ws-1', 'ws-3']);
});

test('more than a hundred machines go out in several calls', async () => {
  const many = Array.from({ length: 101 }, (_, nth) => `ws-${nth}`);
  const { order, covered } = await aPlannedCustomer(env.simulator, { machines: many });
  writes();

  await env.run('applyPlan', { ...order, resources: 'all' });

  expect([covered().length, writes()]).toEqual([101, [POST, POST]]);
});

test('an abort in the middle applies the plan again only where the run has revoked it', async () => {
  const { order, planId, idOf, byHand, covered } = await aCustomer(machines);
  env.simulator.faults.next(DELETE, { refuse: 403 }, { after: 1 });
  const handle = await startBlocked(env, 'revokePlan', { ...order, resources: 'all', onFailure: 'ask' });
  const [left, others] = covered();
  await byHand.planApplications.revoke(planId, idOf(others!));

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', failureType: 'Undone' });
  expect(covered()).toEqual(machines.filter((machine) => machine !== others));
  expect(covered()).toContain(left);
});

test('a plan that is on nothing need not be revoked', async () => {
  const { order } = await aCustomer();

  expect(await env.run('revokePlan', { ...order, resources: 'all' })).toMatchObject({ changed: false });
});

describe('what a person did while the run was blocked', () => {
  test.each([
    { operation: 'applyPlan', route: POST, applied: [] },
    { operation: 'revokePlan', route: DELETE, applied: machines },
  ] as const)('is no change of $operation', async ({ operation, route, applied }) => {
    const { order, planId, idOf, byHand } = await aCustomer([...applied]);
    env.simulator.faults.next(route, { refuse: 403 });
    const handle = await startBlocked(env, operation, { ...order, resources: 'all', onFailure: 'ask' });
    const ids = machines.map(idOf);
    if (operation === 'applyPlan') await byHand.planApplications.apply(planId, ids);
    else for (const id of ids) await byHand.planApplications.revoke(planId, id);
    writes();

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: false, adopted: [operation] });
    expect(writes().filter((call) => call === route)).toEqual([]);
  });

  test('stays when an applyPlan is tried again, and then given up', async () => {
    const many = Array.from({ length: 102 }, (_, nth) => `ws-${nth}`);
    const { order, planId, idOf, byHand, covered } = await aPlannedCustomer(env.simulator, { machines: many });
    env.simulator.faults.next(POST, { refuse: 403 });
    const handle = await startBlocked(env, 'applyPlan', { ...order, resources: 'all', onFailure: 'ask' });
    await byHand.planApplications.apply(planId, [idOf('ws-0')]);
    env.simulator.faults.next(POST, { refuse: 403 }, { after: 1 });

    await decideFor(handle, 'retry');
    await waitUntil(async () => covered().length > 1);
    await waitForState(handle, 'blocked');
    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    expect(covered()).toEqual(['ws-0']);
  });

  test('stays when a revokePlan is tried again, and then given up', async () => {
    const { order, planId, idOf, byHand, covered } = await aCustomer(machines);
    env.simulator.faults.next(DELETE, { refuse: 403 });
    const handle = await startBlocked(env, 'revokePlan', { ...order, resources: 'all', onFailure: 'ask' });
    await byHand.planApplications.revoke(planId, idOf('ws-1'));
    env.simulator.faults.next(DELETE, { refuse: 403 }, { after: 1 });

    await decideFor(handle, 'retry');
    await waitUntil(async () => covered().length < 2);
    await waitForState(handle, 'blocked');
    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    expect(covered()).toEqual(['ws-2', 'ws-3']);
  });
});

describe('refused, with nothing changed', () => {
  test.each<[string, string, object, RegExp]>([
    ['a plan that is not there', 'applyPlan', { plan: { name: 'Nothing' } }, /plan\.name: "Nothing" fits no plan/],
    ['a machine that is not there', 'revokePlan', { resources: [{ name: 'Nobody' }] }, /resources\.0\.name: "Nobody"/],
    ['several machines of one name', 'applyPlan', { resources: [{ name: 'TWIN' }] }, /fits 2 resources \(.+\)/],
    ['a field that is neither name nor id', 'applyPlan', { resources: [{ host: 'ws-1' }] }, /resources/],
  ])('%s', async (_words, operation, fields, sentence) => {
    const { order } = await aPlannedCustomer(env.simulator, { machines: ['twin.a', 'twin.b'] });
    writes();

    const status = await env.run(operation, { ...order, resources: 'all', ...fields });

    expect(status).toMatchObject({ state: 'failed', reason: { message: expect.stringMatching(sentence) } });
    expect(writes()).toEqual([]);
  });

  test('"all" where there is no machine', async () => {
    const { order } = await aPlannedCustomer(env.simulator, { machines: [] });

    expect(await env.run('applyPlan', { ...order, resources: 'all' })).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/no machine yet/) },
    });
  });
});
