import { describe, expect, test } from '@jest/globals';
import type { TenantChange } from '../../acronis/index.js';
import { attempt } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env, byHand } = useActivityEnvironment({ each: true });
const cloud = 'default';
const role = 'company_admin';

async function change(tenantId: string, fields: Omit<TenantChange, 'version'>): Promise<void> {
  const { version } = await byHand.tenants.get(tenantId);
  await byHand.tenants.update(tenantId, { version, ...fields });
}

async function remove(tenantId: string): Promise<void> {
  await change(tenantId, { enabled: false });
  await byHand.tenants.remove(tenantId, (await byHand.tenants.get(tenantId)).version);
}

/** A tenant with a user, a role and items, as a run has made them before it was blocked. */
async function made() {
  const tenantId = await env.aTenant();
  const userId = await env.aUser(tenantId);
  await byHand.users.replaceAccessPolicies(userId, [{ tenantId, roleId: role }]);
  env.simulator.world.giveItems(tenantId, 'standard');
  const { result: items } = await attempt(env.activities.findHeldItems, { cloud, tenantId });
  const spec = { cloud, tenantId, parentTenantId: env.simulator.rootTenantId, userId, role, items };
  const check = async (fields: object = {}, number = 1) =>
    await attempt(env.activities.checkStillUsable, { ...spec, ...fields }, number);
  return { ...spec, check };
}

type Made = Awaited<ReturnType<typeof made>>;

describe('what a run has made before it was blocked', () => {
  test('is another customer’s once somebody has given the tenant away', async () => {
    const { tenantId, check } = await made();
    const { name } = await byHand.tenants.get(tenantId);
    const meant = { cloud, tenantId, orders: [{ name, customerId: 'c-1' }] };
    await change(tenantId, { name: 'Another', customer_id: 'another' } as never);

    await expect(check({ meant })).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
      message: expect.stringContaining("another customer's by now"),
    });
  });

  test('can still be used when nobody has changed it', async () => {
    expect(await (await made()).check()).toMatchObject({ result: null });
  });

  test.each<[string, string, (things: Made) => Promise<unknown>]>([
    [
      'the tenant is switched off',
      'Tenantry.SwitchedOff',
      async ({ tenantId }) => change(tenantId, { enabled: false }),
    ],
    ['the tenant is deleted', 'Acronis.NotFound', async ({ tenantId }) => remove(tenantId)],
    [
      'the user is switched off',
      'Tenantry.SwitchedOff',
      async ({ userId }) =>
        byHand.users.update(userId, { version: (await byHand.users.get(userId)).version, enabled: false }),
    ],
    ['the role is taken', 'Tenantry.Unexpected', async ({ userId }) => byHand.users.replaceAccessPolicies(userId, [])],
    [
      'the user has another role',
      'Tenantry.Unexpected',
      async ({ userId, tenantId }) =>
        byHand.users.replaceAccessPolicies(userId, [{ tenantId, roleId: 'protection_admin' }]),
    ],
    [
      'an item is switched off',
      'Tenantry.Unexpected',
      async ({ tenantId, items }) => byHand.offeringItems.put(tenantId, [{ ...items[0]!, status: 0 } as never]),
    ],
  ])('cannot when %s: %s', async (_what, type, arrange) => {
    const things = await made();
    await arrange(things);

    await expect(things.check({}, 4)).rejects.toMatchObject({ type });
  });

  test('cannot when it lies elsewhere', async () => {
    const { check } = await made();

    await expect(check({ parentTenantId: 'another' })).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
      message: expect.stringMatching(/moved the tenant "Acme" .* below/),
    });
  });

  test('is looked for again before a user counts as gone', async () => {
    const { check } = await made();
    const userId = '00000000-0000-4000-8000-000000000000';

    await expect(check({ userId }, 1)).rejects.toMatchObject({ type: 'Acronis.NotFound', nonRetryable: false });
    await expect(check({ userId }, 4)).rejects.toMatchObject({
      message: expect.stringContaining('somebody has removed it meanwhile'),
    });
  });

  test('is not looked into where the tenant keeps us out', async () => {
    const { tenantId, userId, check } = await made();
    await byHand.users.replaceAccessPolicies(userId, []);
    await change(tenantId, { ancestral_access: false });

    expect(await check({ items: [] })).toMatchObject({ result: null });
  });
});

describe('a tenant that was deleted', () => {
  const restore = async (tenantId: string, force = false) =>
    await attempt(env.activities.restoreDeletedTenant, { cloud, tenantId, force, look: false });

  test('comes back with what is in it, and is never deleted again by an undo', async () => {
    const tenantId = await env.aTenant();
    await env.aUser(tenantId);
    await remove(tenantId);

    expect(await attempt(env.activities.awaitRestored, { cloud, tenantId })).toMatchObject({ result: null });
    expect(await restore(tenantId)).toMatchObject({ adopted: false, changed: true });
    expect(await restore(tenantId)).toMatchObject({ adopted: true, changed: false });
    expect((await attempt(env.activities.awaitRestored, { cloud, tenantId })).result).toMatchObject({
      name: 'Acme',
      tenants: 0,
      users: 1,
    });
    expect((await attempt(env.activities.accountForRestored, { cloud, tenantId, unsure: false })).result).toMatchObject(
      {
        undone: false,
        leftovers: [{ kind: 'tenant', id: tenantId }],
      },
    );
  });

  test('is accounted for only when it is back', async () => {
    const tenantId = await env.aTenant();
    await remove(tenantId);

    expect((await attempt(env.activities.accountForRestored, { cloud, tenantId, unsure: false })).result).toEqual({
      undone: false,
      leftovers: [],
    });
  });

  test.each([
    ['disabled', /is disabled: let it work again first/, async (id: string) => change(id, { enabled: false })],
    ['deleted', /was deleted at .*: have it restored/, remove],
  ])('cannot come back below one that is %s', async (_how, message, arrange) => {
    const above = env.simulator.world.addTenant({ name: 'Above', kind: 'partner' });
    expect(await attempt(env.activities.checkAbove, { cloud, tenantId: above })).toMatchObject({ result: null });
    await arrange(above);

    await expect(attempt(env.activities.checkAbove, { cloud, tenantId: above })).rejects.toMatchObject({
      type: 'Acronis.Rejected',
      message: expect.stringMatching(message),
    });
  });
});
