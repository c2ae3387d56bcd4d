import { describe, expect, test } from '@jest/globals';
import { createAcronis } from '../../acronis/index.js';
import type { Fault } from '../../simulator/index.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { aPlannedCustomer } from '../support/planned-customer.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const POST = 'POST /api/resource_management/v4/resources';
let made = 0;

function anOrder(fields: object = {}) {
  made += 1;
  const tenantId = env.simulator.world.addTenant({ name: `Grouping ${made}`, kind: 'customer' });
  return { tenant: { id: tenantId }, name: 'Office', condition: 'ws-*', onFailure: 'undo', ...fields };
}

const groupsOf = ({ tenant }: { tenant: { id: string } }) =>
  env.simulator.world.resources(tenant.id).filter(({ type }) => type.startsWith('resource.group.'));
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');

test('a customer gets a dynamic group, and the result has its id', async () => {
  const order = anOrder({ parentGroupId: 'a-parent' });

  const status = await env.run('createResourceGroup', order);

  const [group] = groupsOf(order);
  expect(group).toMatchObject({ name: 'Office', group_condition: 'ws-*', parent_group_ids: ['a-parent'] });
  expect(status).toMatchObject({ state: 'completed', changed: true, groupId: group!.id });
});

test('a repeat finds the group and writes nothing', async () => {
  const order = anOrder();
  await env.run('createResourceGroup', order);
  writes();

  const status = await env.run('createResourceGroup', order);

  expect(status).toMatchObject({ changed: false, adopted: ['ensureResourceGroup'], groupId: groupsOf(order)[0]!.id });
  expect([groupsOf(order).length, writes()]).toEqual([1, []]);
});

test('a plan that is put on the group is on it', async () => {
  const { order, tenantId } = await aPlannedCustomer(env.simulator);
  const group = { tenant: { id: tenantId }, name: 'Office', condition: 'ws-*' };
  await env.run('createResourceGroup', group);

  const status = await env.run('applyPlan', { ...order, resources: [{ name: 'Office' }] });

  expect(status).toMatchObject({ state: 'completed', changed: true, resourceIds: [groupsOf(group)[0]!.id] });
});

describe('refused, with nothing made', () => {
  test('another group of this name', async () => {
    const order = anOrder();
    await env.run('createResourceGroup', order);
    writes();

    expect(await env.run('createResourceGroup', { ...order, condition: 'srv-*' })).toMatchObject({
      failureType: 'Refused',
      reason: { message: 'name: the group "Office" is there with the condition ws-*; choose another name' },
    });
    expect(writes()).toEqual([]);
  });

  test('a group for a partner', async () => {
    const id = env.simulator.world.addTenant({ name: 'Grouping partner', kind: 'partner' });

    expect(await env.run('createResourceGroup', anOrder({ tenant: { id } }))).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/is a partner/) },
    });
  });
});

test('there is one group although answers are lost or garbage, and the cloud is busy or lists late', async () => {
  const faults: Fault[] = ['commit-then-drop', 'drop-before', 'garble', 'expire-tokens', { refuse: 503 }, { stale: 1 }];
  const orders = faults.map(() => anOrder());
  for (const fault of faults) env.simulator.faults.next(POST, fault);

  const ends = await Promise.all(orders.map((order) => env.run('createResourceGroup', order)));

  expect(ends).toEqual(orders.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  expect(orders.map((order) => groupsOf(order).length)).toEqual(orders.map(() => 1));
});

test('a lost group that is listed only after another was made is named, and neither is removed', async () => {
  const order = anOrder();
  env.simulator.faults.next(POST, { stale: 2, drop: true });

  const status = await env.run('createResourceGroup', order);

  const [first, second] = groupsOf(order).map(({ id }) => id);
  expect(status).toMatchObject({ state: 'completed', groupId: first });
  expect(status).toMatchObject({ leftovers: [{ kind: 'group', id: second }] });
});

test('a group that is not listed in time is found when a person tries again', async () => {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next(POST, { stale: 2 });
  const handle = await startBlocked(env, 'createResourceGroup', order);
  const { blocked } = await waitForState(handle, 'blocked');

  await decideFor(handle, 'retry');

  expect(blocked.message).toMatch(/was made, but is not listed yet/);
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(groupsOf(order)).toHaveLength(1);
});

describe('a run that fails after its effect', () => {
  const failing = { lostThen: { refuse: 403 } } as const;

  test('removes its group also when only the look for its id was refused', async () => {
    const order = anOrder();
    env.simulator.faults.next('GET /api/resource_management/v4/resources', { refuse: 403 }, { after: 1 });

    expect(await env.run('createResourceGroup', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(groupsOf(order)).toEqual([]);
  });

  test('names its group when the creation got no answer, because somebody else may have made it', async () => {
    const order = anOrder();
    env.simulator.faults.next(POST, failing);

    const status = await env.run('createResourceGroup', order);

    expect(status).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'group', id: groupsOf(order)[0]!.id, reason: expect.stringMatching(/got no answer/) }],
    });
  });

  test('leaves a group that somebody else has made after a call without effect', async () => {
    const order = anOrder({ onFailure: 'ask' });
    env.simulator.faults.next(POST, 'drop-before');
    env.simulator.faults.next(POST, { refuse: 403 });
    const handle = await startBlocked(env, 'createResourceGroup', order);
    const { url: baseUrl, clientId, clientSecret } = env.simulator;
    const person = createAcronis({ baseUrl, clientId, clientSecret, version: 'test' }).scopedTo(order.tenant.id);
    await person.resources.createGroup({ name: order.name, group_condition: order.condition });

    await decideFor(handle, 'abort');

    const [theirs] = groupsOf(order);
    expect(await statusAtEnd(handle)).toMatchObject({ leftovers: [{ kind: 'group', id: theirs!.id }] });
    expect(groupsOf(order)).toHaveLength(1);
  });

  test('leaves a group that has been given a plan meanwhile, and names it', async () => {
    const { order, tenantId, planId } = await aPlannedCustomer(env.simulator);
    const group = { ...anOrder({ onFailure: 'ask' }), tenant: order.tenant };
    env.simulator.faults.next(POST, failing);
    const handle = await startBlocked(env, 'createResourceGroup', group);
    const { url: baseUrl, clientId, clientSecret } = env.simulator;
    const byHand = createAcronis({ baseUrl, clientId, clientSecret, version: 'test' }).scopedTo(tenantId);
    const { id } = groupsOf(group)[0]!;
    await byHand.planApplications.apply(planId, [id]);

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      leftovers: [{ kind: 'group', id, reason: expect.stringMatching(/plan/) }],
    });
    expect(groupsOf(group)).toHaveLength(1);
  });

  test('leaves the group when the order says keep', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next(POST, failing);

    expect(await env.run('createResourceGroup', order)).toMatchObject({ failureType: 'Kept' });
    expect(groupsOf(order)).toHaveLength(1);
  });

  test('that is cancelled names what it may have made', async () => {
    const order = anOrder();
    env.simulator.faults.next(POST, { refuse: 503, commit: true }, { times: 99 });
    env.simulator.faults.next('GET /api/resource_management/v4/resources', { refuse: 503 }, { after: 1, times: 99 });
    const handle = await env.begin('createResourceGroup', order);
    await waitUntil(async () => groupsOf(order).length === 1);

    await handle.cancel();
    env.simulator.faults.clear();

    const [made] = groupsOf(order);
    expect(await waitForState(handle, 'cancelled')).toMatchObject({ leftovers: [{ kind: 'group', id: made!.id }] });
    expect(groupsOf(order)).toHaveLength(1);
  });
});
