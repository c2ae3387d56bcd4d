import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { policiesOf } from '../../activities/plan-settings.js';
import { useStillCloud } from './at-a-time.js';

const cloud = useStillCloud({ scheduledBackups: true });
const agents = '/api/agent_manager/v2/agents';
const tasks = '/api/task_manager/v2/tasks';
const world = () => cloud.simulator.world;

/** A plan of our own: on working days at noon, unless the test says otherwise. */
const aPlan = (at = '12:00') =>
  policiesOf(
    {
      name: 'Workstations',
      backup: { days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], at, keep: '30 days' },
    },
    { root: randomUUID(), backup: randomUUID() },
  ) as unknown as Record<string, unknown>[];
const register = async (hostname = 'ws-1.local') => {
  const { token } = await cloud.issueToken();
  return world().registerMachine({ token, hostname });
};
const backupsOf = async (resourceId: string) =>
  (await cloud.rows(`${tasks}?resourceId=${resourceId}`)).map(({ state, result, startedAt, completedAt }) => ({
    state,
    code: (result as { code: string } | null)?.code,
    startedAt,
    completedAt,
  }));

describe('a machine that registers with a token', () => {
  test('belongs to the tenant of the token, and may have the name of another one', async () => {
    const first = await register();
    const second = await register();

    expect(first.agentId).not.toBe(second.agentId);
    expect(await cloud.rows(`${agents}?hostname=ws-1.local`)).toEqual([
      expect.objectContaining({ id: first.agentId, online: true, tenant: expect.objectContaining({ name: 'Acme' }) }),
      expect.objectContaining({ id: second.agentId, online: true, tenant: expect.objectContaining({ name: 'Acme' }) }),
    ]);
  });

  test('is refused when the token does not exist, was revoked, has expired, or its tenant is disabled', async () => {
    const [revoked, short, good] = [
      await cloud.issueToken(),
      await cloud.issueToken({ expires_in: 60 }),
      await cloud.issueToken(),
    ];
    await cloud.ask('DELETE', `/api/2/registration_tokens/${revoked.id}`);
    cloud.moveTo('2026-12-07T08:01:00Z');
    const registerWith = (token: string) => () => world().registerMachine({ token });

    expect(registerWith('AAAA-BBBB-CCCC')).toThrow('token: AAAA-BBBB-CCCC does not exist');
    expect(registerWith(revoked.token)).toThrow('was revoked');
    expect(registerWith(short.token)).toThrow('expired at 2026-12-07T08:01:00.000Z');
    world().disable(cloud.customer);
    expect(registerWith(good.token)).toThrow('is for a tenant that is disabled');
    expect(world().agents(cloud.customer)).toEqual([]);
  });

  test('goes and comes, and is gone with its plans when it is removed', async () => {
    const { agentId, resourceId } = await register();
    await cloud.protect(aPlan(), resourceId);

    world().setOnline(agentId, false);
    expect(await cloud.rows(`${agents}?online=false`)).toEqual([expect.objectContaining({ id: agentId })]);
    world().removeMachine(agentId);

    expect(world().applications(resourceId)).toEqual([]);
    expect([world().agents(cloud.customer), world().resources(cloud.customer)]).toEqual([[], []]);
    expect(() => world().setOnline(agentId, true)).toThrow(`the simulator has no machine ${agentId}`);
  });

  test('has new ids and no plan when it is installed again; the old one may stay, offline', async () => {
    const old = await register();
    await cloud.protect(aPlan(), old.resourceId);

    const fresh = world().reinstallMachine(old.resourceId, { keepOld: true });

    expect(world().applications(fresh.resourceId)).toEqual([]);
    expect(world().agents(cloud.customer)).toMatchObject([
      { id: old.agentId, hostname: 'ws-1.local', online: false },
      { id: fresh.agentId, hostname: 'ws-1.local', online: true },
    ]);
    world().reinstallMachine(fresh.agentId);
    expect(world().agents(cloud.customer)).toHaveLength(2);
  });
});

describe('scheduled backups', () => {
  test('begin at the next time of the plan after it was applied, and end minutes later', async () => {
    const { resourceId } = await register();
    await cloud.protect(aPlan(), resourceId);
    const applications = `/api/policy_management/v4/applications?context_id=${resourceId}`;

    const [[, backup]] = (await cloud.rows(applications)) as unknown as [Record<string, unknown>[]];
    expect(backup).toMatchObject({ next_run_time: '2026-12-07T12:00:00.000Z', last_runtime: null, status: 'idle' });
    cloud.moveTo('2026-12-07T11:59:59Z');
    expect(await backupsOf(resourceId)).toEqual([]);
    cloud.moveTo('2026-12-07T12:04:00Z');
    expect(await backupsOf(resourceId)).toMatchObject([{ state: 'started', startedAt: '2026-12-07T12:00:00.000Z' }]);
    cloud.moveTo('2026-12-07T12:10:00Z');
    expect(await backupsOf(resourceId)).toMatchObject([
      { state: 'completed', code: 'ok', completedAt: '2026-12-07T12:10:00.000Z' },
    ]);
  });

  test('end as planned for the machine; those that nobody looked at have been made all the same', async () => {
    const { agentId, resourceId } = await register();
    await cloud.protect(aPlan(), resourceId);
    world().planResults(agentId, 'error', 'warning');

    cloud.moveTo('2026-12-14T08:00:00Z');

    expect((await backupsOf(resourceId)).map(({ startedAt, code }) => [String(startedAt).slice(0, 10), code])).toEqual([
      ['2026-12-07', 'error'],
      ['2026-12-08', 'warning'],
      ['2026-12-09', 'ok'],
      ['2026-12-10', 'ok'],
      ['2026-12-11', 'ok'],
    ]);
  });

  test('are missed while the machine is offline or the plan is disabled, and not made up for', async () => {
    const { agentId, resourceId } = await register();
    const plan = aPlan();
    await cloud.protect(plan, resourceId);
    world().setOnline(agentId, false);
    cloud.moveTo('2026-12-07T13:00:00Z');
    world().setOnline(agentId, true);
    await cloud.protect(
      plan.map((policy) => ({ ...policy, enabled: false })),
      resourceId,
    );
    cloud.moveTo('2026-12-08T13:00:00Z');
    await cloud.protect(plan, resourceId);

    expect(await backupsOf(resourceId)).toEqual([]);
    cloud.moveTo('2026-12-09T13:00:00Z');
    expect(await backupsOf(resourceId)).toHaveLength(1);
  });

  test('come at a new time when the plan is changed, never for the past', async () => {
    const { resourceId } = await register();
    const [root, backup] = aPlan('20:00');
    await cloud.protect([root!, backup!], resourceId);
    cloud.moveTo('2026-12-07T15:00:00Z');

    await cloud.protect([root!, { ...aPlan('14:00')[1]!, id: backup!['id'], parent_ids: [root!['id']] }], resourceId);

    expect(await backupsOf(resourceId)).toEqual([]);
    cloud.moveTo('2026-12-08T15:00:00Z');
    expect(await backupsOf(resourceId)).toMatchObject([{ startedAt: '2026-12-08T14:00:00.000Z' }]);
  });

  test('are only made while the simulator has the option for them', async () => {
    const { resourceId } = await register();
    await cloud.protect(aPlan(), resourceId);
    world().setScheduledBackups(false);
    cloud.moveTo('2026-12-08T08:00:00Z');
    expect(await backupsOf(resourceId)).toEqual([]);

    world().setScheduledBackups(true);
    cloud.moveTo('2026-12-08T13:00:00Z');

    expect(await backupsOf(resourceId)).toHaveLength(1);
  });
});
