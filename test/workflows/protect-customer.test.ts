import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Protection } from '../../contract/protection.js';
import type { OperationState, OperationStatus } from '../../contract/status.js';
import { storedSecrets } from '../support/activities.js';
import { consoleClient } from '../support/console.js';
import { pause } from '../support/pause.js';
import { decideFor, waitForState } from '../support/runs.js';
import { within30Days } from '../support/within-30-days.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const DAY_MS = 24 * 3_600_000;
let made = 0;

function aCustomer() {
  made += 1;
  return env.simulator.world.addTenant({ name: `Protected ${made}`, kind: 'customer' });
}

const orderFor = (tenantId: string, fields: object = {}) => ({
  tenant: { id: tenantId },
  onFailure: 'undo',
  ...fields,
});
const begin = async (tenantId: string, fields?: object) =>
  await env.begin('protectCustomer', orderFor(tenantId, fields));
const days = async (count: number) => await pause(count * DAY_MS);
const world = () => env.simulator.world;

async function protectionOf(handle: WorkflowHandle): Promise<Protection | undefined> {
  return (await handle.query<OperationStatus>('status')).protection;
}

const missingOf = async (handle: WorkflowHandle) => (await protectionOf(handle))?.missing?.what;

async function untilMissing(handle: WorkflowHandle, what: RegExp): Promise<void> {
  await within30Days(async () => what.test((await missingOf(handle)) ?? 'nothing'));
}

async function untilState<S extends OperationState>(handle: WorkflowHandle, state: S) {
  await within30Days(async () => (await handle.query<OperationStatus>('status')).state === state);
  return await waitForState(handle, state);
}

const planOn = (resourceId: string) => world().applications(resourceId);

test('a customer is protected once its machine has come, got the plan, and made a good backup', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId);
  await untilMissing(handle, /a machine with the agent installed/);
  const [plan] = world().plans(tenantId);
  expect(plan!.policies[0]!.name).toBe('Tenantry workstations');
  const { token } = (await protectionOf(handle))!;
  const [issued] = world().registrationTokens(tenantId);
  expect(storedSecrets.get(token!.secretRef.replace('store:', ''))).toContain(issued!.token);

  await days(3);
  const { resourceId } = world().addMachine({ tenantId });
  await untilMissing(handle, /a first good backup/);
  expect(planOn(resourceId).map(({ planId }) => planId)).toContain(plan!.id);
  await days(1);
  world().backUp(resourceId);

  const status = await untilState(handle, 'completed');
  expect(await handle.result()).toMatchObject({ tenantId, planId: plan!.id, changed: true });
  const { milestones, missing, machines } = status.protection!;
  expect(missing).toBeUndefined();
  expect(machines).toEqual({ expected: 1, registered: 1, withPlan: 1, protected: 1, failing: 0 });
  const times = [milestones.agentOnline, milestones.planApplied, milestones.protected].map((at) => Date.parse(at!));
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});

test('looks without news add nothing to the history', async () => {
  const handle = await begin(aCustomer(), { remindAfter: '200 days', tokenFor: '200 days' });
  await untilMissing(handle, /a machine with the agent/);
  const events = async () => (await handle.fetchHistory()).events!.length;
  const before = await events();
  await days(10);
  expect(await events()).toBe(before);
  await handle.cancel();
});

test('every machine gets the plan, also one that comes late; as many as ordered must be protected', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId, { agents: 2 });
  const first = world().addMachine({ tenantId });
  await untilMissing(handle, /1 machine more with the agent/);
  world().backUp(first.resourceId);
  await days(2);
  const second = world().addMachine({ tenantId });
  await untilMissing(handle, /a first good backup/);
  expect(planOn(second.resourceId)).not.toEqual([]);
  world().backUp(second.resourceId);
  const status = await untilState(handle, 'completed');
  expect(status.protection!.machines).toMatchObject({ expected: 2, protected: 2 });
});

describe('what people have done stays', () => {
  test('a machine from which somebody has revoked the plan stays without it', async () => {
    const tenantId = aCustomer();
    const handle = await begin(tenantId);
    const { resourceId } = world().addMachine({ tenantId });
    await untilMissing(handle, /a first good backup/);
    const [{ planId } = { planId: '' }] = planOn(resourceId);
    await consoleClient(env.simulator).scopedTo(tenantId).planApplications.revoke(planId, resourceId);
    await days(3);
    expect(planOn(resourceId)).toEqual([]);
    expect(await missingOf(handle)).toMatch(/somebody has revoked it from 1 machine/);
    await handle.cancel();
    await untilState(handle, 'cancelled');
  });

  test('a machine that others protect already counts, and gets no second plan', async () => {
    const tenantId = aCustomer();
    const { resourceId } = world().addMachine({ tenantId });
    await env.run('createPlan', { tenant: { id: tenantId }, name: 'Theirs' });
    await env.run('applyPlan', { tenant: { id: tenantId }, plan: { name: 'Theirs' }, resources: 'all' });
    world().backUp(resourceId);
    const status = await env.run('protectCustomer', orderFor(tenantId));
    expect(status).toMatchObject({ state: 'completed' });
    expect(new Set(planOn(resourceId).map(({ planId }) => planId)).size).toBe(1);
    expect(world().registrationTokens(tenantId)).toEqual([]);
  });
});

test('cancelled while it waits, it takes plan and token back; a machine that has the plan keeps it, and it is named', async () => {
  const [waiting, protecting] = [aCustomer(), aCustomer()];
  const one = await begin(waiting);
  await untilMissing(one, /a machine with the agent/);
  await one.cancel();
  expect(await untilState(one, 'cancelled')).not.toHaveProperty('leftovers');
  expect([world().plans(waiting), world().registrationTokens(waiting)]).toEqual([[], []]);

  const other = await begin(protecting);
  const { resourceId } = world().addMachine({ tenantId: protecting });
  await untilMissing(other, /a first good backup/);
  // the cloud lists late what it has applied
  for (const one of planOn(resourceId)) one.hiddenReads = 100;
  await other.cancel();
  const { leftovers } = await untilState(other, 'cancelled');
  expect(leftovers).toEqual([
    expect.objectContaining({ kind: 'plan', reason: expect.stringMatching(/goes on to protect/) }),
  ]);
  expect(planOn(resourceId)).not.toEqual([]);
});

test('while it waits, others change the tenant; a tenant that is off waits; a deleted one ends the run', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId);
  await untilMissing(handle, /a machine with the agent/);

  expect(await env.run('disableTenant', { tenant: { id: tenantId } })).toMatchObject({ state: 'completed' });

  await untilMissing(handle, /that the tenant is enabled again/);
  await env.run('enableTenant', { tenant: { id: tenantId } });
  await untilMissing(handle, /a machine with the agent/);

  await env.run('disableTenant', { tenant: { id: tenantId } });
  const { tenants } = consoleClient(env.simulator);
  await tenants.remove(tenantId, (await tenants.get(tenantId)).version);
  const { reason } = await untilState(handle, 'undone');
  expect(reason.message).toMatch(/deleted before it was protected/);
});

test('a failing backup is named, a token that is over is replaced, and the operator is reminded', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId, { tokenFor: '10 days', remindAfter: '4 days' });
  await untilMissing(handle, /a machine with the agent/);
  await days(13);
  const { token } = (await protectionOf(handle))!;
  expect(Date.parse(token!.expiresAt!)).toBeGreaterThan(Date.now());
  const reminders = env.notices.filter((notice) => notice.about === 'onboarding' && notice.tenantId === tenantId);
  expect(reminders.map((notice) => 'nth' in notice && notice.nth)).toEqual([0, 1, 2]);

  const { resourceId } = world().addMachine({ tenantId });
  await untilMissing(handle, /a first good backup/);
  world().backUp(resourceId, 'error');
  await untilMissing(handle, /the last one of 1 machine failed/);
  world().backUp(resourceId, 'ok');
  await untilState(handle, 'completed');
});

test('refused before anything is made: a partner, a plan of that name with other settings', async () => {
  const partner = world().addTenant({ name: 'A partner', kind: 'partner' });
  expect(await env.run('protectCustomer', orderFor(partner))).toMatchObject({ state: 'failed' });
  const tenantId = aCustomer();
  await env.run('createPlan', { tenant: { id: tenantId }, name: 'Tenantry workstations', template: 'servers' });
  expect(await env.run('protectCustomer', orderFor(tenantId))).toMatchObject({ state: 'failed' });
  expect(world().registrationTokens(tenantId)).toEqual([]);
});

test('a worker that dies during the wait changes nothing; a person can amend what blocks', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId, { onFailure: 'ask' });
  await untilMissing(handle, /a machine with the agent/);
  env.replaceWorker();
  env.simulator.faults.next('POST /api/policy_management/v4/applications', { refuse: 403, message: 'not for you' });
  world().addMachine({ tenantId });
  await untilState(handle, 'blocked');
  await decideFor(handle, 'retry');
  await untilMissing(handle, /a first good backup/);
  await handle.cancel();
  await untilState(handle, 'cancelled');
});
