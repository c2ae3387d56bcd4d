import { describe, expect, test } from '@jest/globals';
import { afterLostAnswer, attempt, untilSuccess } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';
import { aPlannedCustomer } from '../support/planned-customer.js';

const APPLY = 'POST /api/policy_management/v4/applications';
const ITEMS = 'PUT /tenants/{id}/offering_items';
const DELETE = 'DELETE /api/policy_management/v4/applications';
const { env, byHand } = useActivityEnvironment({ each: true });

/** A call that was scheduled now, by the clock of the worker. */
const justNow = () => ({ scheduledTimestampMs: Date.now(), currentAttemptScheduledTimestampMs: Date.now() });

async function aRole() {
  const tenantId = await env.aTenant();
  const userId = await env.aUser(tenantId);
  return { cloud: 'default', userId, tenantId, role: 'company_admin', keepOthers: true };
}

test('a role was given by this run although the answer was lost', async () => {
  env.simulator.faults.next('PUT /users/{id}/access_policies', 'commit-then-drop');

  expect(await untilSuccess(env.activities.assignRole, await aRole())).toMatchObject({ adopted: true, changed: true });
});

test('a role was given by this run although the worker died before it could say so', async () => {
  const done = await afterLostAnswer(env.activities.assignRole, await aRole());

  expect(done).toMatchObject({ adopted: true, changed: true });
});

test('a role that was there before is not this run’s, although the first look got no answer', async () => {
  const role = await aRole();
  await attempt(env.activities.assignRole, role);
  env.simulator.faults.next('GET /users/{id}/access_policies', { refuse: 503 });

  expect(await untilSuccess(env.activities.assignRole, role)).toMatchObject({ attempts: 2, changed: false });
});

describe('a role that a person gives to a new user', () => {
  const rolesOf = (userId: string) => env.simulator.world.policies(userId).map(({ role_id }) => role_id);
  const calls = () => env.simulator.journal.calls().filter(({ route }) => !route.includes('token')).length;

  async function aNewUser() {
    const { keepOthers: _, ...spec } = await aRole();
    const others = [{ ...spec, role: 'notary_user' }];
    const policies = others.map(({ tenantId, role: roleId }) => ({ tenantId, roleId }));
    const given = async () => await byHand.users.replaceAccessPolicies(spec.userId, policies);
    return { spec: { ...spec, keepOthers: false }, given };
  }

  test.each([
    ['a refused call', { look: true, unsure: false }],
    ['a call without an answer', { look: true, unsure: true }],
    ['a block', { look: true }],
  ])('stays after %s', async (_what, tries) => {
    const { spec, given } = await aNewUser();
    await given();

    await attempt(env.activities.assignRole, { ...spec, ...tries });

    expect(rolesOf(spec.userId).sort()).toEqual(['company_admin', 'notary_user']);
  });

  test('stays after a failed attempt of the same call', async () => {
    const { spec, given } = await aNewUser();
    await given();

    await attempt(env.activities.assignRole, spec, 2, { ...justNow() });

    expect(rolesOf(spec.userId).sort()).toEqual(['company_admin', 'notary_user']);
  });

  test('stays when the call has waited for a worker', async () => {
    const { spec, given } = await aNewUser();
    await given();

    await attempt(env.activities.assignRole, spec, 1, { ...justNow(), scheduledTimestampMs: Date.now() - 60_000 });

    expect(rolesOf(spec.userId).sort()).toEqual(['company_admin', 'notary_user']);
  });

  test('costs no call more when nobody has had time to give one', async () => {
    const { spec } = await aNewUser();
    const before = calls();

    await attempt(env.activities.assignRole, spec, 1, justNow());

    expect(calls() - before).toBe(1);
    expect(rolesOf(spec.userId)).toEqual(['company_admin']);
  });
});

test('a plan on many resources is revoked where it still is: a second attempt does not start from the beginning', async () => {
  const machines = ['ws-1', 'ws-2', 'ws-3'];
  const { tenantId, planId, idOf, covered } = await aPlannedCustomer(env.simulator, { machines, applied: machines });
  env.simulator.faults.next(DELETE, { refuse: 503 }, { after: 1 });
  const spec = { cloud: 'default', tenantId, planId, resourceIds: machines.map(idOf) };

  expect(await untilSuccess(env.activities.revokePlan, spec)).toMatchObject({ attempts: 2, changed: true });

  expect(covered()).toEqual([]);
  expect(env.simulator.journal.calls(DELETE)).toHaveLength(4);
});

async function someItems(look: boolean) {
  const tenantId = await env.aTenant();
  const wish = { offeringItems: ['workstations'], edition: undefined, quotas: {}, infraId: undefined };
  const offer = { cloud: 'default', parentTenantId: undefined, ...wish };
  const { items } = (await attempt(env.activities.findOfferingItems, offer)).result;
  return { cloud: 'default', tenantId, items, look };
}

test.each([false, true])(
  'items were switched on by this run although the answer was lost (looking: %s)',
  async (look) => {
    env.simulator.faults.next(ITEMS, 'commit-then-drop');

    expect(await untilSuccess(env.activities.applyOfferingItems, await someItems(look))).toMatchObject({
      changed: true,
    });
  },
);

test.each([false, true])(
  'items that others have switched on while this run waited are not its own (looking: %s)',
  async (look) => {
    env.simulator.faults.next(ITEMS, { throttle: 0, commit: true });

    expect(await untilSuccess(env.activities.applyOfferingItems, await someItems(look))).toMatchObject({
      changed: false,
    });
  },
);

test('a plan that others have put on machines while this run waited is not put there by this run', async () => {
  const machines = ['ws-1', 'ws-2'];
  const { tenantId, planId, idOf } = await aPlannedCustomer(env.simulator, { machines });
  env.simulator.faults.next(APPLY, { throttle: 0, commit: true });
  const spec = { cloud: 'default', tenantId, planId, resourceIds: machines.map(idOf) };

  expect(await untilSuccess(env.activities.applyPlan, spec)).toMatchObject({ changed: false, result: { ids: [] } });
});

test('a plan that this run has taken off some is its own work, although others have taken it off the rest', async () => {
  const machines = ['ws-1', 'ws-2'];
  const { tenantId, planId, idOf } = await aPlannedCustomer(env.simulator, { machines, applied: machines });
  env.simulator.faults.next(DELETE, { throttle: 0, commit: true }, { after: 1 });
  const spec = { cloud: 'default', tenantId, planId, resourceIds: machines.map(idOf) };

  expect(await untilSuccess(env.activities.revokePlan, spec)).toMatchObject({
    changed: true,
    result: { ids: [idOf('ws-1')] },
  });
});

test('a group that was made is not made again when the look for its id fails, and it is listed late', async () => {
  const tenantId = env.simulator.world.addTenant({ name: 'With a group' });
  const group = { name: 'Office', condition: 'ws-*' };
  const { tenantNumber } = (await attempt(env.activities.findSameGroup, { cloud: 'default', tenantId, group })).result;
  env.simulator.faults.next('POST /api/resource_management/v4/resources', { stale: 1 });
  env.simulator.faults.next('GET /api/resource_management/v4/resources', { refuse: 503 });
  const spec = { cloud: 'default', tenantId, tenantNumber, group, parentGroupId: undefined, look: false };

  expect(await untilSuccess(env.activities.ensureResourceGroup, spec)).toMatchObject({ attempts: 2, changed: true });
  expect(env.simulator.world.resources(tenantId)).toHaveLength(1);
});
