import type { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, test } from '@jest/globals';
import { isCancellation } from '@temporalio/workflow';
import type { Fault } from '../../simulator/index.js';
import { startBlocked, decideFor, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { aPartnerOrder, completePartner, mailsTo, partnersOf, portraitOf } from '../support/partners.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const ITEMS = 'PUT /tenants/{id}/offering_items';
const ROLE = 'PUT /users/{id}/access_policies';
const MAIL = 'POST /users/{id}/send-activation-email';

const provision = async (order: object) => await env.run('provisionPartner', order);

test.each<[string, Fault]>([
  ['the answer is lost', 'commit-then-drop'],
  ['the call never arrives', 'drop-before'],
  ['the cloud is busy', { refuse: 503 }],
  ['the answer is garbage', 'garble'],
])('there is one complete partner although at each call %s', async (_words, fault) => {
  const routes = [
    'GET /tenants/{id}/offering_items/available_for_child',
    'POST /tenants',
    ITEMS,
    'POST /users',
    ROLE,
    MAIL,
  ];
  const orders = routes.map((route) => {
    env.simulator.faults.next(route, fault);
    return aPartnerOrder();
  });

  const ends = await Promise.all(orders.map(provision));

  expect(ends).toEqual(orders.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  expect(orders.map((order) => portraitOf(env.simulator, order))).toEqual(orders.map(completePartner));
  expect(orders.every((order) => [1, 2].includes(mailsTo(env.simulator, order)))).toBe(true);
});

describe('a run that fails at the role', () => {
  test('removes what it made, although the version moves under it', async () => {
    const order = aPartnerOrder();
    env.simulator.faults.next(ROLE, { refuse: 403 });
    env.simulator.faults.next('PUT /tenants/{id}', 'bump-version');

    expect(await provision(order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(partnersOf(env.simulator, order)).toEqual([]);
  });

  test('leaves a partner that has a customer by now, and names it', async () => {
    const order = aPartnerOrder({ onFailure: 'ask' });
    env.simulator.faults.next(ROLE, { refuse: 403 });
    const handle = await startBlocked(env, 'provisionPartner', order);
    const [{ id } = { id: '' }] = partnersOf(env.simulator, order);
    env.simulator.world.addTenant({ name: 'Quick', parent_id: id });

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'tenant', id, reason: expect.stringContaining('made below it') }],
    });
  });

  test('leaves all as it is when the order says keep', async () => {
    const order = aPartnerOrder({ onFailure: 'keep' });
    env.simulator.faults.next(ROLE, { refuse: 403 });

    expect(await provision(order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(partnersOf(env.simulator, order)).toHaveLength(1);
  });
});

test('a run that is cancelled waits for the call in flight and removes what it made', async () => {
  const order = aPartnerOrder();
  env.simulator.faults.next(ITEMS, { delay: 1500 });
  const handle = await env.begin('provisionPartner', order);
  await waitUntil(async () => partnersOf(env.simulator, order).length > 0);

  await handle.cancel();
  const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);

  expect(isCancellation(failure)).toBe(true);
  expect(partnersOf(env.simulator, order)).toEqual([]);
});

test('another login may be given to a run that waits because of a taken one', async () => {
  const order = aPartnerOrder({ onFailure: 'ask' });
  const administrator = { ...order.administrator, login: 'taken.login' };
  const handle = await startBlocked(env, 'provisionPartner', { ...order, administrator });

  await decideFor(handle, 'amend', { input: order });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(portraitOf(env.simulator, order)).toEqual(completePartner(order));
});
