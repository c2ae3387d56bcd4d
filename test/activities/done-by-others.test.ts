import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAcronis, type Acronis } from '../../acronis/index.js';
import { attempt, person, setUpBench, type Bench } from '../support/attempts.js';
import { aPlannedCustomer } from '../support/planned-customer.js';

const APPLICATION = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const cloud = 'default';
let bench: Bench;
let byHand: Acronis;
let made = 0;
beforeAll(async () => {
  bench = await setUpBench();
  const { url: baseUrl, clientId, clientSecret } = bench.simulator;
  byHand = createAcronis({ baseUrl, clientId, clientSecret, version: 'test' });
});
afterAll(() => bench.simulator.close());

const aTenant = (fields: { edition?: string } = {}) => {
  made += 1;
  return bench.simulator.world.addTenant({ name: `Of others too ${made}`, ...fields });
};
/** After a lost answer; otherwise the cloud itself has told what came. */
const inDoubt = { unsure: true, doubted: true };
const certain = { unsure: true, doubted: false };
const nothing = { undone: false, leftovers: [] };
const named = (kind: string, id: string) => ({ undone: false, leftovers: [expect.objectContaining({ kind, id })] });

describe('a switch of a tenant', () => {
  const undo = async (tenantId: string, version: object) =>
    (await attempt(bench.activities.restoreTenant, { cloud, tenantId, to: { enabled: true }, ...version, ...certain }))
      .result;
  const put = async (id: string, enabled: boolean) =>
    await byHand.tenants.update(id, { version: (await byHand.tenants.get(id)).version, enabled });

  test('is put back while the tenant is in the version that the change has brought', async () => {
    const id = aTenant();
    const { version } = await put(id, false);

    expect(await undo(id, { since: version - 1, came: { version } })).toEqual({ undone: true, leftovers: [] });
    expect(bench.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });

  test('is put back after a lost answer when there was one change since', async () => {
    const id = aTenant();
    const { version } = await put(id, false);

    expect(await undo(id, { since: version - 1, came: null })).toEqual({ undone: true, leftovers: [] });
  });

  test.each([
    ['that this run has made', (version: number) => ({ since: version - 1, came: { version } })],
    ['that it may have made', (version: number) => ({ since: version - 1, came: null })],
  ])('%s is left, and named, when somebody has put it back and to again', async (_words, known) => {
    const id = aTenant();
    const { version } = await put(id, false);
    await put(id, true);
    await put(id, false);

    expect(await undo(id, known(version))).toEqual(named('tenant', id));
    expect(bench.simulator.world.tenant(id)).toMatchObject({ enabled: false });
  });
});

describe('a user', () => {
  const spec = (tenantId: string) => ({ cloud, tenantId, person, role: 'backup_user' });
  const users = (tenantId: string) => bench.simulator.world.users(tenantId).map(({ id }) => id);
  async function aUser() {
    const tenantId = aTenant();
    const login = `${person.login}-${made}`;
    const contact = { email: person.email };
    const { id } = await byHand.users.create({ tenant_id: tenantId, login, contact });
    const undo = async (known: object) =>
      (
        await attempt(bench.activities.removeUser, {
          ...spec(tenantId),
          person: { ...person, login },
          ...known,
        } as never)
      ).result;
    return { tenantId, id, undo };
  }

  test('whom a person has made in the place of this run’s stays', async () => {
    const { tenantId, id, undo } = await aUser();

    expect(await undo({ ...certain, came: { userId: 'another', activated: false } })).toEqual(nothing);
    expect(users(tenantId)).toEqual([id]);
  });

  test('of a lost answer whom nobody has used is removed', async () => {
    const { tenantId, undo } = await aUser();

    expect(await undo({ ...inDoubt, came: null })).toEqual({ undone: true, leftovers: [] });
    expect(users(tenantId)).toEqual([]);
  });

  test.each<[string, (id: string, tenantId: string) => Promise<unknown>]>([
    ['is activated', async (id) => bench.simulator.world.activate(id)],
    ['was changed', async (id) => await byHand.users.update(id, { version: 1, language: 'de' })],
    [
      'has another role',
      async (id, tenantId) => await byHand.users.replaceAccessPolicies(id, [{ tenantId, roleId: 'company_admin' }]),
    ],
  ])('of a lost answer who %s by now is left, and named', async (_words, use) => {
    const { tenantId, id, undo } = await aUser();
    await use(id, tenantId);

    expect(await undo({ ...inDoubt, came: null })).toEqual(named('user', id));
    expect(users(tenantId)).toEqual([id]);
  });

  test('keeps a role that may be this run’s when somebody has changed the roles too', async () => {
    const { tenantId, id } = await aUser();
    const roles = ['backup_user', 'notary_user'].map((roleId) => ({ tenantId, roleId }));
    await byHand.users.replaceAccessPolicies(id, roles);
    const place = { cloud, userId: id, tenantId, role: 'backup_user', held: [], ...inDoubt };

    expect((await attempt(bench.activities.removeRole, place)).result).toEqual(named('user', id));
    expect(bench.simulator.world.policies(id)).toHaveLength(2);
  });
});

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

    const { result } = await attempt(bench.activities.removeApiClients, spec);

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

    await attempt(bench.activities.enableApiClients, spec);

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
    const ids = bench.simulator.world.resources(tenantId).map(({ id }) => id);
    const tenantNumber = await byHand.tenants.numberOf(tenantId);
    const place = { cloud, tenantId, tenantNumber, group: { name: 'Office', condition: 'ws-*' } };
    const undo = async (known: object) =>
      (await attempt(bench.activities.removeResourceGroup, { ...place, ...known } as never)).result;
    return { ids, undo, left: () => bench.simulator.world.resources(tenantId).map(({ id }) => id) };
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

  const { result } = await attempt(bench.activities.removeReport, {
    cloud,
    tenantId,
    wish,
    known: [],
    came: null,
    ...inDoubt,
  });

  expect(result).toEqual(named('report', tenantId));
  expect(bench.simulator.world.reports(tenantId)).toHaveLength(1);
});

test('a plan is taken off only where the run has put it', async () => {
  const machines = ['ws-1', 'ws-2'];
  const { tenantId, planId, idOf, covered } = await aPlannedCustomer(bench.simulator, { machines, applied: machines });
  const resourceIds = machines.map(idOf);

  await attempt(bench.activities.takePlanOff, {
    cloud,
    tenantId,
    planId,
    resourceIds,
    came: { ids: [idOf('ws-1')] },
    ...certain,
  });

  expect(covered()).toEqual(['ws-2']);
});

test('items of which only some are on after a lost answer are somebody else’s, and stay on', async () => {
  const tenantId = aTenant({ edition: 'standard' });
  const [on] = bench.simulator.world.items(tenantId);
  const items = [
    { application_id: on!.application_id, name: on!.name },
    { application_id: on!.application_id, name: 'is_off' },
  ];

  expect((await attempt(bench.activities.switchItemsOff, { cloud, tenantId, items, ...inDoubt })).result).toEqual(
    named('setting', tenantId),
  );
  expect(bench.simulator.world.items(tenantId)).toContainEqual(on);
});

describe('an edition', () => {
  const undo = async (tenantId: string) => {
    const before = [{ application_id: APPLICATION, name: 'pg_base_vms', usage_name: 'vms' }];
    const from = { edition: 'pck_per_gigabyte', to: 'pck_per_workload', before, method: 'edition' as const };
    const spec = { cloud, tenantId, applicationId: APPLICATION, ...from, ...certain };
    return (await attempt(bench.activities.restoreEdition, spec)).result;
  };
  const items = (tenantId: string) => JSON.stringify(bench.simulator.world.items(tenantId));

  test('that the tenant does not have is not taken back, nor is what a person has changed of the former one', async () => {
    const tenantId = aTenant({ edition: 'pck_per_gigabyte' });
    const before = items(tenantId);

    expect(await undo(tenantId)).toEqual(nothing);
    expect(items(tenantId)).toBe(before);
  });

  test('in which a person has set a quota is left, and named', async () => {
    const tenantId = aTenant({ edition: 'pck_per_workload' });
    const vms = bench.simulator.world.items(tenantId).find(({ usage_name }) => usage_name === 'vms')!;
    vms.quota = { value: 7, overage: null, version: 1 };
    const before = items(tenantId);

    expect(await undo(tenantId)).toEqual(named('setting', tenantId));
    expect(items(tenantId)).toBe(before);
  });
});
