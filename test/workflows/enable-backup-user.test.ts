import type { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, test } from '@jest/globals';
import { isCancellation } from '@temporalio/workflow';
import type { Fault } from '../../simulator/index.js';
import { startBlocked, decideFor, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

// orders here name no place for data
const env = useTestEnvironment({ storages: 1, drSites: 1, fileStorages: 1 });
const ROLE = 'PUT /users/{id}/access_policies';
const ITEMS = 'PUT /tenants/{id}/offering_items';
let made = 0;

function anOrder(fields: object = {}) {
  made += 1;
  const user = { login: `backup-${made}`, email: `backup-${made}@example.com` };
  return { user, activation: { by: 'password', secretRef: 'env:USER' }, onFailure: 'undo', ...fields };
}

function forExisting(fields: object = {}) {
  const id = env.simulator.world.addTenant({ name: `Backing up ${made + 1}` });
  return { ...anOrder(fields), tenant: { id } };
}

const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const itemsOf = (id: string) => env.simulator.world.items(id).map(({ name }) => name);
const rolesOf = (tenantId: string) =>
  env.simulator.world.users(tenantId).map(({ id, activated }) => ({
    activated,
    roles: env.simulator.world.policies(id).map(({ role_id }) => role_id),
  }));

test('a new customer is made by the calls of the tutorial, and its user has a password', async () => {
  const order = { ...anOrder(), customer: { name: 'New with backup' } };
  env.calls();

  const status = await env.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, offeringItems: ['workstations', 'storage'] });
  expect(rolesOf(status.tenantId!)).toEqual([{ activated: true, roles: ['backup_user'] }]);
  expect(writes().sort()).toEqual(['POST /tenants', 'POST /users', 'POST /users/{id}/password', ITEMS, ROLE]);
});

test('an existing customer gets the items that it lacks, and a user', async () => {
  const order = forExisting();

  const status = await env.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: order.tenant.id });
  expect(itemsOf(order.tenant.id).sort()).toEqual(['storage', 'workstations']);
  expect(rolesOf(order.tenant.id)).toEqual([{ activated: true, roles: ['backup_user'] }]);
});

test('a repeat changes nothing, neither items nor password', async () => {
  const order = forExisting();
  await env.run('enableBackupUser', order);
  env.calls();

  const status = await env.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'completed', changed: false });
  expect(writes()).toEqual([]);
});

test('a repeat for a customer that was made for it changes nothing either', async () => {
  const order = { ...anOrder(), customer: { name: 'Made once' } };
  const first = await env.run('enableBackupUser', order);
  env.calls();

  const second = await env.run('enableBackupUser', order);

  expect(second).toMatchObject({ state: 'completed', changed: false, tenantId: first.tenantId });
  expect(writes()).toEqual([]);
});

describe('refused before anything is changed', () => {
  test.each<[string, object, RegExp]>([
    ['an item that the parent does not offer', { offeringItems: ['nothing'] }, /does not offer "nothing"/],
    ['a login that is taken', { user: { login: 'taken.login', email: 'x@example.com' } }, /taken by somebody else/],
  ])('%s', async (_words, fields, sentence) => {
    const order = forExisting(fields);

    const status = await env.run('enableBackupUser', order);

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect([itemsOf(order.tenant.id), rolesOf(order.tenant.id)]).toEqual([[], []]);
  });

  test('a partner, who has no backup of its own', async () => {
    const id = env.simulator.world.addTenant({ name: 'Backing up a partner', kind: 'partner' });

    const status = await env.run('enableBackupUser', { ...anOrder(), tenant: { id } });

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(/a partner/) } });
  });

  test('a taken login is called what the order calls it, also for a new customer', async () => {
    const user = { login: 'taken.login', email: 'x@example.com' };

    const status = await env.run('enableBackupUser', { ...anOrder({ user }), customer: { name: 'Never made' } });

    expect(status).toMatchObject({ reason: { message: expect.stringMatching(/^user\.login: /) } });
  });

  test.each<[string, object]>([
    ['neither a tenant nor a customer', {}],
    ['both', { tenant: { name: 'x' }, customer: { name: 'y' } }],
  ])('an input that names %s', async (_words, fields) => {
    expect(await env.run('enableBackupUser', anOrder(fields))).toMatchObject({ failureType: 'InvalidInput' });
  });
});

test.each<[string, Fault]>([
  ['the answer is lost', 'commit-then-drop'],
  ['the call never arrives', 'drop-before'],
  ['the cloud is busy', { refuse: 503 }],
])('all is there once although at each call %s', async (_words, fault) => {
  const orders = [ITEMS, 'POST /users', ROLE, 'POST /users/{id}/password'].map((route) => {
    env.simulator.faults.next(route, fault);
    return forExisting();
  });

  const ends = await Promise.all(orders.map((order) => env.run('enableBackupUser', order)));

  expect(ends).toEqual(orders.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  for (const { tenant } of orders) {
    expect(itemsOf(tenant.id)).toHaveLength(2);
    expect(rolesOf(tenant.id)).toEqual([{ activated: true, roles: ['backup_user'] }]);
  }
});

describe('a run that fails', () => {
  /** An order for a customer that has one of the two items already. */
  async function aHalf(fields: object = {}) {
    const order = forExisting(fields);
    await env.run('enableBackupUser', { ...forExisting(), tenant: order.tenant, offeringItems: ['workstations'] });
    return order;
  }

  test('switches off only what it switched on, and removes only its user, although the version moves under it', async () => {
    const order = await aHalf();
    env.simulator.faults.next(ROLE, { refuse: 403 });
    env.simulator.faults.next('PUT /users/{id}', 'bump-version');

    const status = await env.run('enableBackupUser', order);

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(itemsOf(order.tenant.id)).toEqual(['workstations']);
    expect(rolesOf(order.tenant.id)).toHaveLength(1);
  });

  test('leaves on what is in use by now, and names it', async () => {
    const order = await aHalf({ onFailure: 'ask' });
    env.simulator.faults.next(ROLE, { refuse: 403 });
    const handle = await startBlocked(env, 'enableBackupUser', order);
    env.simulator.world.setUsage(order.tenant.id, 'storage', 5);

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'setting', id: order.tenant.id, reason: expect.stringContaining('storage') }],
    });
    expect(rolesOf(order.tenant.id)).toHaveLength(1);
  });

  test('leaves all as it is when the order says keep', async () => {
    const order = forExisting({ onFailure: 'keep' });
    env.simulator.faults.next(ROLE, { refuse: 403 });

    expect(await env.run('enableBackupUser', order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(itemsOf(order.tenant.id)).toHaveLength(2);
  });

  test('because it is cancelled is as if it had never been', async () => {
    const order = forExisting();
    env.simulator.faults.next('POST /users', { delay: 1500 });
    const handle = await env.begin('enableBackupUser', order);
    await waitUntil(async () => itemsOf(order.tenant.id).length > 0);

    await handle.cancel();
    const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);

    expect(isCancellation(failure)).toBe(true);
    expect([itemsOf(order.tenant.id), rolesOf(order.tenant.id)]).toEqual([[], []]);
  });
});
