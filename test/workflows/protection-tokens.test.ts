import { describe, expect, test } from '@jest/globals';
import { pause } from '../support/pause.js';
import { days, protectionsIn } from '../support/protections.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { aCustomer, begin, status, untilMissing, untilState } = protectionsIn(env);
const world = () => env.simulator.world;
const ISSUE = 'POST /tenants/{id}/registration_tokens';

describe('tokens', () => {
  test('a run that is given up after it has renewed its token revokes both', async () => {
    const tenantId = aCustomer();
    const handle = await begin(tenantId, { tokenFor: '2 days' });
    await untilMissing(handle, /a machine with the agent/);
    await days(1.9);
    expect(world().registrationTokens(tenantId)).toHaveLength(2);

    await handle.cancel();

    await untilState(handle, 'cancelled');
    expect(world().registrationTokens(tenantId)).toEqual([]);
  });

  test('a renewal that is refused ends the wait at once, and blocks nobody else', async () => {
    const [given, asking] = [aCustomer(), aCustomer()];
    const up = await begin(given, { tokenFor: '2 days', onFailure: 'undo' });
    const blocked = await begin(asking, { tokenFor: '2 days' });
    await untilMissing(blocked, /a machine with the agent/);
    env.simulator.faults.next(ISSUE, { refuse: 403 }, { times: 2 });
    await days(1.9);

    expect(await status(up)).toMatchObject({ state: 'undone' });
    expect(await status(blocked)).toMatchObject({ state: 'blocked', blocked: { step: 'issueAgentToken' } });
    const other = await env.run('disableTenant', { tenant: { id: asking } });
    expect(other).toMatchObject({ state: 'completed' });
    await blocked.cancel();
    await untilState(blocked, 'cancelled');
  });

  test('none is issued while no machine is missing, or the tenant is off; one as soon as a machine is', async () => {
    const tenantId = aCustomer();
    const { agentId } = world().addMachine({ tenantId });
    const handle = await begin(tenantId, { tokenFor: '2 days' });
    await untilMissing(handle, /a first good backup/);
    await days(3);
    expect(world().registrationTokens(tenantId)).toEqual([]);

    await env.run('disableTenant', { tenant: { id: tenantId } });
    world().removeMachine(agentId);
    await days(3);
    expect(await status(handle)).toMatchObject({ state: 'running' });
    expect(world().registrationTokens(tenantId)).toEqual([]);

    await env.run('enableTenant', { tenant: { id: tenantId } });
    await untilMissing(handle, /a machine with the agent/);
    await pause(60_000);
    expect(world().registrationTokens(tenantId)).toHaveLength(1);
    await handle.cancel();
    await untilState(handle, 'cancelled');
    expect(world().registrationTokens(tenantId)).toEqual([]);
  });

  test('a token that no list shows is revoked all the same', async () => {
    const tenantId = aCustomer();
    env.simulator.faults.next(ISSUE, { stale: 1000 });
    const handle = await begin(tenantId);
    await untilMissing(handle, /a machine with the agent/);
    expect(world().registrationTokens(tenantId)).toHaveLength(1);
    await handle.cancel();
    await untilState(handle, 'cancelled');
    expect(world().registrationTokens(tenantId)).toEqual([]);
  });

  test('a plan that no list shows is deleted all the same', async () => {
    const tenantId = aCustomer();
    env.simulator.faults.next('POST /api/policy_management/v4/policies', { stale: 1000 });
    const handle = await begin(tenantId);
    await untilMissing(handle, /a machine with the agent/);
    expect(world().plans(tenantId)).toHaveLength(1);
    await handle.cancel();
    await untilState(handle, 'cancelled');
    expect(world().plans(tenantId)).toEqual([]);
  });

  test('the same order after a terminated run goes on with its token and its plan', async () => {
    const tenantId = aCustomer();
    const lost = await begin(tenantId, { tokenFor: '4 days' });
    await untilMissing(lost, /a machine with the agent/);
    await days(1);
    await lost.terminate();

    const again = await begin(tenantId, { tokenFor: '4 days' });
    await untilMissing(again, /a machine with the agent/);
    expect([world().registrationTokens(tenantId), world().plans(tenantId)]).toMatchObject([
      { length: 1 },
      { length: 1 },
    ]);
    await days(2.9);
    expect(world().registrationTokens(tenantId)).toHaveLength(2);
    await again.cancel();
    await untilState(again, 'cancelled');
    expect(world().registrationTokens(tenantId)).toHaveLength(1);
  });
});
