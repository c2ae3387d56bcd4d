import { describe, expect, test } from '@jest/globals';
import { attempt } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';
import { aPlannedCustomer } from '../support/planned-customer.js';

const cloud = 'default';
const { env, byHand } = useActivityEnvironment();
let made = 0;

const aTenant = () => {
  made += 1;
  return env.simulator.world.addTenant({ name: `With things ${made}` });
};
/** After a lost answer; otherwise the cloud itself has told what came. */
const inDoubt = { unsure: true, doubted: true };
const certain = { unsure: true, doubted: false };
const nothing = { undone: false, leftovers: [] };
const named = (kind: string, id: string) => ({ undone: false, leftovers: [expect.objectContaining({ kind, id })] });

describe('an API client', () => {
  const mark = { environment: 'test', key: 'clients', runId: 'run-1' };
  async function clientsOf(origin: string, marks: (string | undefined)[]) {
    const tenant_id = aTenant();
    const ids: string[] = [];
    for (const tenantry_mark of marks) {
      const data = { client_name: 'Billing', ...(tenantry_mark && { tenantry_mark }) };
      ids.push((await byHand.clients.create({ tenant_id, data, origin_id: origin })).client_id);
    }
    return ids;
  }
  const left = async (originId: string) => (await byHand.clients.list({ originId })).map(({ client_id }) => client_id);

  test('of this run’s mark is removed after a lost answer, another run’s stays, and one without a mark is named', async () => {
    const origin = 'origin-1';
    const [, others, unmarked] = await clientsOf(origin, [
      'tenantry:test:clients:run-1',
      'tenantry:test:clients:run-2',
      undefined,
    ]);
    const spec = { cloud, originId: origin, secret: 'nobody’s', known: [], mark, came: null, ...inDoubt };

    const { result } = await attempt(env.activities.removeApiClients, spec);

    expect(result).toEqual({
      undone: true,
      leftovers: [expect.objectContaining({ kind: 'api-client', id: unmarked })],
    });
    expect(await left(origin)).toEqual([others, unmarked]);
  });

  test('that a person has disabled is not let in again', async () => {
    const origin = 'origin-2';
    const clientIds = await clientsOf(origin, [undefined, undefined]);
    for (const id of clientIds) await byHand.clients.update(id, { status: 'disabled' });
    const spec = { cloud, originId: origin, clientIds, came: { ids: clientIds.slice(0, 1) }, ...certain };

    await attempt(env.activities.enableApiClients, spec);

    expect((await byHand.clients.list({ originId: origin })).map(({ status }) => status)).toEqual([
      'enabled',
      'disabled',
    ]);
  });
});

describe('a group', () => {
  async function groups(count: number) {
    const tenantId = aTenant();
    const { resources } = byHand.scopedTo(tenantId);
    for (let n = 0; n < count; n += 1) await resources.createGroup({ name: 'Office', group_condition: 'ws-*' });
    const ids = env.simulator.world.resources(tenantId).map(({ id }) => id);
    const tenantNumber = await byHand.tenants.numberOf(tenantId);
    const place = { cloud, tenantId, tenantNumber, group: { name: 'Office', condition: 'ws-*' } };
    const undo = async (known: object) =>
      (await attempt(env.activities.removeResourceGroup, { ...place, ...known } as never)).result;
    return { ids, undo, left: () => env.simulator.world.resources(tenantId).map(({ id }) => id) };
  }

  test('of which there are two of one name is left, and both are named', async () => {
    const { ids, undo, left } = await groups(2);

    const { leftovers } = await undo({ ...certain, came: { groupId: ids[0] } });

    expect([leftovers.map(({ id }) => id).sort(), left()]).toEqual([ids.toSorted(), ids]);
  });

  test('that a person has made in the place of this run’s stays', async () => {
    const { ids, undo, left } = await groups(1);

    expect(await undo({ ...certain, came: { groupId: 'another' } })).toEqual(nothing);
    expect(left()).toEqual(ids);
  });
});

test('a report that somebody else may have ordered is never deleted, but named', async () => {
  const tenantId = aTenant();
  await byHand.reports.create({ tenant_id: tenantId, kind: 'usage_current', level: 'accounts', formats: ['csv_v2_0'] });
  const wish = {
    kind: 'usage_current',
    level: 'accounts',
    format: 'csv_v2_0',
    hideZeroUsage: false,
    showSkus: false,
  } as const;

  const { result } = await attempt(env.activities.removeReport, {
    cloud,
    tenantId,
    wish,
    known: [],
    came: null,
    ...inDoubt,
  });

  expect(result).toEqual(named('report', tenantId));
  expect(env.simulator.world.reports(tenantId)).toHaveLength(1);
});

test('a plan is taken off only where the run has put it', async () => {
  const machines = ['ws-1', 'ws-2'];
  const { tenantId, planId, idOf, covered } = await aPlannedCustomer(env.simulator, { machines, applied: machines });
  const resourceIds = machines.map(idOf);

  await attempt(env.activities.takePlanOff, {
    cloud,
    tenantId,
    planId,
    resourceIds,
    came: { ids: [idOf('ws-1')] },
    ...certain,
  });

  expect(covered()).toEqual(['ws-2']);
});
