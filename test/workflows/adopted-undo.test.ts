import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { anOrder } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const MAIL = 'POST /users/{id}/send-activation-email';
const ROLE = 'PUT /users/{id}/access_policies';

/** All that a failed order may have changed of a customer. */
async function settingsOf(tenantId: string) {
  const { tenants, twoFactor, pricing, offeringItems } = consoleClient(env.simulator);
  const { name, language, ancestral_access, enabled } = await tenants.get(tenantId);
  const items = (await offeringItems.list(tenantId)).filter(({ status }) => status === 1);
  const quotas = items.map((item) => [item.name, item.quota?.value ?? null, item.quota?.overage ?? null]);
  const { mfa_status: second } = await twoFactor.get(tenantId);
  const { mode } = await pricing.get(tenantId);
  return { name, language, ancestral_access, enabled, quotas, second, mode };
}

/** A customer whom `enableBackupUser` has made, with fewer items, and a fuller order for the same key. */
async function madeWithLess(fields: object = {}) {
  const order = anOrder({
    quotas: { workstations: { limit: 25 } },
    onFailure: 'undo',
    ...fields,
  });
  const user = { login: `user-of-${order.customer.name}`.replace(', ', '-'), email: 'user@example.com' };
  const made = await env.run('enableBackupUser', { customer: order.customer, offeringItems: ['workstations'], user });
  expect(made).toMatchObject({ state: 'completed' });
  return { order, tenantId: made.tenantId! };
}

describe('an order that fails in a customer that an earlier run has made', () => {
  test('resets items, quotas and the second factor, and leaves nothing', async () => {
    const { order, tenantId } = await madeWithLess();
    const before = await settingsOf(tenantId);
    env.simulator.faults.next(MAIL, { refuse: 403 });

    const status = await env.provision(order);

    expect(before.quotas).toEqual([['workstations', null, null]]);
    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(await settingsOf(tenantId)).toEqual(before);
    expect(env.simulator.world.users(tenantId)).toHaveLength(1);
  });

  test('names production, which cannot be undone, and resets everything else', async () => {
    const { order, tenantId } = await madeWithLess();
    const before = await settingsOf(tenantId);
    env.simulator.faults.next(MAIL, { refuse: 403 });

    const status = await env.provision({ ...order, billingMode: 'production', confirm: order.customer.name });

    expect(status).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [{ kind: 'setting', id: tenantId, reason: expect.stringContaining('production') }],
    });
    expect(await settingsOf(tenantId)).toEqual({ ...before, mode: 'production' });
  });

  test('restores what a person has changed since the same order completed', async () => {
    const order = anOrder({ quotas: { workstations: { limit: 25 } } });
    const { tenantId = '' } = await env.provision(order);
    const { offeringItems, twoFactor, users } = consoleClient(env.simulator);
    const item = (await offeringItems.list(tenantId)).find(({ name }) => name === 'workstations')!;
    const quota = { value: 99, overage: null, version: item.quota!.version };
    const { application_id, name } = item;
    await offeringItems.put(tenantId, [{ application_id, name, status: 1, quota }]);
    await twoFactor.set(tenantId, false);
    await users.replaceAccessPolicies(env.simulator.world.users(tenantId)[0]!.id, []);
    const before = await settingsOf(tenantId);
    env.simulator.faults.next(ROLE, { refuse: 403 });

    const status = await env.provision(order);

    expect(before).toMatchObject({ second: 'disabled', quotas: expect.arrayContaining([['workstations', 99, null]]) });
    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(await settingsOf(tenantId)).toEqual(before);
  });

  test('names the items that others have changed since, and those in use', async () => {
    const { order, tenantId } = await madeWithLess({ onFailure: 'ask' });
    env.simulator.faults.next(MAIL, { refuse: 403 });
    const handle = await startBlocked(env, 'provisionCustomer', order);
    const { offeringItems } = consoleClient(env.simulator);
    const item = (await offeringItems.list(tenantId)).find(({ name }) => name === 'workstations')!;
    const quota = { value: 30, overage: null, version: item.quota!.version };
    await offeringItems.put(tenantId, [{ application_id: item.application_id, name: item.name, status: 1, quota }]);
    env.simulator.world.setUsage(tenantId, 'storage', 5);

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({
      failureType: 'Leftovers',
      leftovers: [
        { kind: 'setting', id: tenantId, reason: expect.stringMatching(/in use.*storage/) },
        { kind: 'setting', id: tenantId, reason: expect.stringMatching(/others have changed.*workstations/) },
      ],
    });
    expect((await settingsOf(tenantId)).quotas).toContainEqual(['workstations', 30, null]);
  });

  test('restores our access to its users', async () => {
    const { order, tenantId } = await madeWithLess({ onFailure: 'ask' });
    const before = await settingsOf(tenantId);
    env.simulator.faults.next('PUT /tenants/{id}', { refuse: 403 });
    const customer = { ...order.customer, managedByProvider: false };
    const handle = await startBlocked(env, 'provisionCustomer', { ...order, customer });
    env.simulator.faults.next('GET /tenants/{id}', { refuse: 403 }, { after: 2 });
    await decideFor(handle, 'retry');
    await waitUntil(async () => (await waitForState(handle, 'blocked')).blocked.step === 'checkStillUsable');

    const { ancestral_access: without } = await settingsOf(tenantId);
    await decideFor(handle, 'abort');

    expect(without).toBe(false);
    expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Undone' });
    expect(await settingsOf(tenantId)).toEqual(before);
  });

  test('changes nothing of one that has all of it', async () => {
    const order = anOrder();
    const { tenantId = '' } = await env.provision(order);
    await consoleClient(env.simulator).users.replaceAccessPolicies(env.simulator.world.users(tenantId)[0]!.id, []);
    const before = await settingsOf(tenantId);
    env.simulator.faults.next(ROLE, { refuse: 403 });

    const status = await env.provision(order);

    expect(status).toMatchObject({ failureType: 'Refused' });
    expect(await settingsOf(tenantId)).toEqual(before);
  });
});

test('a change whose answer was lost is undone as well', async () => {
  const { order, tenantId } = await madeWithLess();
  const before = await settingsOf(tenantId);
  env.simulator.faults.next('PUT /tenants/{id}/offering_items', 'commit-then-drop');
  env.simulator.faults.next('PUT /tenants/{id}/mfa/status', 'commit-then-drop');
  env.simulator.faults.next(MAIL, { refuse: 403 });

  expect(await env.provision(order)).toMatchObject({ failureType: 'Undone' });
  expect(await settingsOf(tenantId)).toEqual(before);
});

test('an order that fails in a partner of an earlier run resets its items', async () => {
  const order = aPartnerOrder();
  const made = await env.run('provisionPartner', order);
  const tenantId = made.tenantId!;
  const { offeringItems, users } = consoleClient(env.simulator);
  const { application_id, name, infra_id } = (await offeringItems.list(tenantId)).find(({ status }) => status === 1)!;
  await offeringItems.put(tenantId, [{ application_id, name, ...(infra_id === null ? {} : { infra_id }), status: 0 }]);
  for (const { id } of env.simulator.world.users(tenantId)) await users.replaceAccessPolicies(id, []);
  const before = await settingsOf(tenantId);
  env.simulator.faults.next(ROLE, { refuse: 403 });

  expect(await env.run('provisionPartner', { ...order, onFailure: 'undo' })).toMatchObject({ failureType: 'Undone' });
  expect(await settingsOf(tenantId)).toEqual(before);
});
