import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { pause } from '../support/pause.js';
import { days, protectionsIn } from '../support/protections.js';
import { decideFor } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { aCustomer, begin, missing, status, untilMissing, untilState } = protectionsIn(env);
const world = () => env.simulator.world;
const reminders = (tenantId: string) =>
  env.notices.flatMap((one) => (one.about === 'onboarding' && one.tenantId === tenantId ? [one] : []));

test('a machine to which the plan could not be applied gets it after an amendment', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId);
  await untilMissing(handle, /a machine with the agent/);
  env.simulator.faults.next('POST /api/policy_management/v4/applications', { refuse: 403 });
  const { resourceId } = world().addMachine({ tenantId });
  await untilState(handle, 'blocked');

  await decideFor(handle, 'amend', { input: { tenant: { id: tenantId }, agents: 2 } });

  await untilMissing(handle, /1 machine more with the agent/);
  expect(world().applications(resourceId)).not.toEqual([]);
  await handle.cancel();
  await untilState(handle, 'cancelled');
});

test('answers that change with each look fill no history', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId, { agents: 2 });
  const { agentId } = world().addMachine({ tenantId });
  await untilMissing(handle, /1 machine more with/);
  const { fetch } = env.simulator;
  let looks = 0;
  env.simulator.fetch = async (input, init) => {
    const isLook = String(input instanceof Request ? input.url : input).includes('agent_manager');
    // a look costs an event or more, so 5,000 of them end the wait for a run that never pauses
    if (isLook && (looks += 1) < 5000) world().setOnline(agentId, looks % 2 === 0);
    return await fetch(input, init);
  };
  await days(0.2);
  env.simulator.fetch = fetch;
  expect((await handle.fetchHistory()).events!.length).toBeLessThan(3500);
  await handle.cancel();
  await untilState(handle, 'cancelled');
});

describe('reminders', () => {
  test('of a machine that comes and goes, until its backup is made; then they begin again', async () => {
    const tenantId = aCustomer();
    const handle = await begin(tenantId, { agents: 2, remindAfter: '1 day' });
    const { agentId, resourceId } = world().addMachine({ tenantId });
    await untilMissing(handle, /1 machine more with the agent/);
    for (let day = 0; day < 3; day += 1) {
      world().setOnline(agentId, false);
      await days(0.5);
      world().setOnline(agentId, true);
      await days(0.3);
    }
    expect(reminders(tenantId).map(({ nth }) => nth)).toEqual([0, 1]);
    world().backUp(resourceId);
    await days(1.2);
    expect(reminders(tenantId).map(({ nth }) => nth)).toEqual([0, 1, 0]);
    await handle.cancel();
    await untilState(handle, 'cancelled');
  });

  test('of a first backup that does not come: an operator must act, or the customer where its machine is off', async () => {
    const tenantId = aCustomer();
    const handle = await begin(tenantId, { agents: 2, remindAfter: '1 day' });
    const [one, two] = [world().addMachine({ tenantId }), world().addMachine({ tenantId })];
    await untilMissing(handle, /a first good backup/);
    expect(await missing(handle)).toMatchObject({ whoMustAct: 'nobody' });
    await days(1.2);
    expect(await missing(handle)).toMatchObject({ what: 'a first good backup', whoMustAct: 'operator' });
    expect(reminders(tenantId)).toMatchObject([{ whoMustAct: 'operator' }]);

    world().backUp(one.resourceId);
    world().setOnline(two.agentId, false);
    await untilMissing(handle, /that 1 machine is online/);
    expect(await missing(handle)).toMatchObject({ whoMustAct: 'customer' });
    await handle.cancel();
    await untilState(handle, 'cancelled');
  });
});

test('a plan that somebody has switched off does not back up', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId);
  const { resourceId } = world().addMachine({ tenantId });
  await untilMissing(handle, /a first good backup/);
  const [plan] = world().plans(tenantId);
  for (const policy of plan!.policies) Object.assign(policy, { enabled: false });
  await untilMissing(handle, /a plan that backs up: a machine has one that does not/);
  for (const policy of plan!.policies) Object.assign(policy, { enabled: true });
  world().backUp(resourceId);
  await untilState(handle, 'completed');
});

test('a tenant that the cloud does not show for a moment is not gone; one that it hides for hours is', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId, { onFailure: 'undo' });
  await untilMissing(handle, /a machine with the agent/);
  env.simulator.faults.next('GET /tenants/{id}', { refuse: 404 }, { times: 3, about: [tenantId] });
  world().addMachine({ tenantId });
  await untilMissing(handle, /a first good backup/);

  env.simulator.faults.next('GET /tenants/{id}', { refuse: 404 }, { times: 40, about: [tenantId] });
  await untilState(handle, 'failed');
  expect(await status(handle)).toMatchObject({ reason: { message: expect.stringMatching(/out of our reach/) } });
  expect(await consoleClient(env.simulator).tenants.get(tenantId)).toMatchObject({ deleted_at: null });
});

test('while the tenant is off, the machines that it had still count', async () => {
  const tenantId = aCustomer();
  const handle = await begin(tenantId, { agents: 2 });
  world().addMachine({ tenantId });
  await untilMissing(handle, /1 machine more/);
  await env.run('disableTenant', { tenant: { id: tenantId } });
  await untilMissing(handle, /that the tenant is enabled again/);
  expect(await status(handle)).toMatchObject({ protection: { machines: { registered: 1, withPlan: 1 } } });
  await handle.cancel();
  await untilState(handle, 'cancelled');
});

describe('a machine for which the plan comes late', () => {
  const APPLY = 'POST /api/policy_management/v4/applications';

  /** A run that was not allowed to apply its plan to two machines. */
  async function refused() {
    const tenantId = aCustomer();
    const handle = await begin(tenantId, { agents: 2 });
    await untilMissing(handle, /a machine with the agent/);
    env.simulator.faults.next(APPLY, { refuse: 403 });
    const machines = [world().addMachine({ tenantId }), world().addMachine({ tenantId })] as const;
    await untilState(handle, 'blocked');
    return { tenantId, handle, machines };
  }

  test('gets no second plan, and one that is gone stops nobody', async () => {
    const { tenantId, handle, machines } = await refused();
    const [one, two] = machines;
    const theirs = await env.run('createPlan', { tenant: { id: tenantId }, name: 'Theirs' });
    const { planApplications } = consoleClient(env.simulator).scopedTo(tenantId);
    await planApplications.apply((theirs as unknown as { planId: string }).planId, [one.resourceId]);
    world().removeMachine(two.agentId);
    const three = world().addMachine({ tenantId });

    await decideFor(handle, 'retry');

    await untilMissing(handle, /a first good backup/);
    expect(
      new Set(
        world()
          .applications(one.resourceId)
          .map(({ planId }) => planId),
      ).size,
    ).toBe(1);
    expect(world().applications(three.resourceId)).not.toEqual([]);
    await handle.cancel();
    await untilState(handle, 'cancelled');
  });

  test('gets the plan that a person has edited; when it is gone, a person is asked before there is another', async () => {
    const tenantId = aCustomer();
    const handle = await begin(tenantId, { agents: 2 });
    await untilMissing(handle, /a machine with the agent/);
    const [plan] = world().plans(tenantId);
    plan!.policies[0]!.name = 'Edited';
    const one = world().addMachine({ tenantId });
    await untilMissing(handle, /1 machine more/);
    expect(
      world()
        .applications(one.resourceId)
        .map(({ planId }) => planId),
    ).toContain(plan!.id);

    await consoleClient(env.simulator).scopedTo(tenantId).plans.remove(plan!.id);
    const two = world().addMachine({ tenantId });
    await untilState(handle, 'blocked');
    expect(await status(handle)).toMatchObject({
      blocked: { step: 'applyPlan', message: expect.stringMatching(/is gone.*"retry" makes it again/) },
    });
    await decideFor(handle, 'retry');
    await pause(3_600_000);
    expect(world().applications(two.resourceId)).not.toEqual([]);
    expect(world().applications(one.resourceId)).toEqual([]);
    await handle.cancel();
    await untilState(handle, 'cancelled');
  });
});
