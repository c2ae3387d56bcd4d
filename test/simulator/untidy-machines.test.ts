import { beforeEach, describe, expect, test } from '@jest/globals';
import { collect, createAcronis, type Acronis } from '../../acronis/index.js';
import type { Trait } from '../../simulator/index.js';
import { aPlan } from './a-plan.js';
import { useStillCloud, type StillCloud } from './at-a-time.js';

const agents = '/api/agent_manager/v2/agents';

/** A cloud with one trait that strikes whenever it can, and our client of it; two machines with one name and a plan. */
function useMachines(...wanted: Trait[]) {
  const cloud = useStillCloud({ untidy: { seed: 1, traits: wanted, often: 1 } }) as StillCloud & {
    acronis: Acronis;
    machines: { agentId: string; resourceId: string }[];
  };
  beforeEach(async () => {
    const { url, clientId, clientSecret, fetch, world } = cloud.simulator;
    cloud.acronis = createAcronis({ baseUrl: url, clientId, clientSecret, version: '1.0.0', fetch });
    cloud.machines = [1, 2].map(() => world.addMachine({ tenantId: cloud.customer, hostname: 'ws-1.local' }));
    await cloud.protect(aPlan().subject.policy, ...cloud.machines.map(({ resourceId }) => resourceId));
    for (const { resourceId } of cloud.machines) world.backUp(resourceId);
  });
  return cloud;
}

describe('repeatedRows', () => {
  const cloud = useMachines('repeatedRows');

  test('a list of agents has one of them twice, and all the others', async () => {
    const ids = (await cloud.rows(`${agents}?hostname=ws-1.local`)).map(({ id }) => id);

    expect(ids).toHaveLength(3);
    expect(new Set(ids)).toEqual(new Set(cloud.machines.map(({ agentId }) => agentId)));
  });
});

describe('vagueMachines', () => {
  const cloud = useMachines('vagueMachines');

  test('whether an agent is online, the status of an application and the result of a task are left open', async () => {
    const [agent] = await cloud.rows(agents);
    const [applied] = (await cloud.rows('/api/policy_management/v4/applications')) as unknown as [{ id: string }[]];
    const [task] = await cloud.rows('/api/task_manager/v2/tasks');

    expect(agent).toMatchObject({ id: expect.any(String), hostname: expect.any(String) });
    expect(agent!['online'] ?? null).toBeNull();
    expect(applied.map((one) => ('status' in one ? one.status : null))).toEqual(applied.map(() => null));
    expect(task).toMatchObject({ state: 'completed' });
    expect(task!['result'] ?? null).toBeNull();
  });

  test('it does not hinder our client', async () => {
    const { acronis, machines } = cloud;

    expect((await acronis.agents.get(machines[0]!.agentId)).online).toBeNull();
    expect((await collect(acronis.tasks.list()))[0]).toMatchObject({ state: 'completed', result: null });
  });
});

describe('ghostAgents', () => {
  const cloud = useMachines('ghostAgents');

  test('a list has an agent of a removed tenant, which cannot be read and has no resource', async () => {
    const ghost = (await cloud.rows(agents)).at(-1)!;

    expect(ghost['tenant']).toEqual({ id: '404404', name: 'Removed tenant' });
    expect(await cloud.ask('GET', `${agents}/${String(ghost['id'])}`)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await cloud.rows(`/api/resource_management/v4/resources?agent_id=${String(ghost['id'])}`)).toEqual([]);
  });
});
