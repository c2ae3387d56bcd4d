import { describe, expect, test } from '@jest/globals';
import type { Acronis, OfferingItem } from '../../acronis/index.js';
import { createEditionActivities } from '../../activities/editions.js';
import { counterparts } from '../../activities/edition-items.js';
import { attempt, untilSuccess } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const APPLICATION = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';

describe('quotas are carried over by usage', () => {
  const { env } = useActivityEnvironment({ each: true });

  /** A customer after a switch that carried no quotas over, and its former items. */
  function aSwitchedCustomer() {
    const tenantId = env.simulator.world.addTenant({ name: 'Switched', edition: 'pck_per_workload' });
    const quota = { value: 25, overage: 5 };
    const before = [{ application_id: APPLICATION, name: 'pg_base_vms', usage_name: 'vms', quota }];
    const spec = { cloud: 'default', tenantId, applicationId: APPLICATION, edition: 'pck_per_workload', before };
    const vms = () => env.simulator.world.items(tenantId).find(({ usage_name }) => usage_name === 'vms')!.quota;
    return { spec, vms, quota };
  }

  test('where the platform has not done so, once', async () => {
    const { spec, vms, quota } = aSwitchedCustomer();

    const first = await attempt(env.activities.carryOverQuotas, spec);
    const second = await attempt(env.activities.carryOverQuotas, spec);

    expect(vms()).toMatchObject(quota);
    expect(first).toMatchObject({ changed: true, adopted: false });
    expect(second).toMatchObject({ changed: false, adopted: true });
    expect(env.simulator.journal.calls('PUT /tenants/{id}/offering_items')).toHaveLength(1);
  });

  test('with the version that is read just before', async () => {
    const { spec, vms, quota } = aSwitchedCustomer();
    const stale = { refuse: 426, code: 1001 };
    env.simulator.faults.next('PUT /tenants/{id}/offering_items', stale);

    await untilSuccess(env.activities.carryOverQuotas, spec);

    expect(vms()).toMatchObject(quota);
  });
});

describe('a quota of the new edition', () => {
  const { env, byHand } = useActivityEnvironment({ each: true });
  const place = { cloud: 'default', applicationId: APPLICATION, edition: 'pck_per_gigabyte' };

  /** A customer of the new edition, of which ten workstations were allowed before. */
  function aSwitchedCustomer() {
    const tenantId = env.simulator.world.addTenant({ name: 'Switched', edition: 'pck_per_gigabyte' });
    const item = { application_id: APPLICATION, name: 'workstations', usage_name: 'workstations' };
    const before = [{ ...item, quota: { value: 10, overage: null } }];
    const now = () => env.simulator.world.items(tenantId).find(({ usage_name }) => usage_name === 'workstations')!;
    return { tenantId, now, spec: { ...place, tenantId, before, look: false } };
  }

  test('is not carried over below what is used by now, and is named', async () => {
    const { tenantId, now, spec } = aSwitchedCustomer();
    env.simulator.world.setUsage(tenantId, 'workstations', 30);

    const { result } = await attempt(env.activities.carryOverQuotas, spec);

    const why = expect.stringMatching(/the tenant uses 30 .*more than 10/);
    expect(result).toEqual({ notDone: [{ field: 'quotas.pg_base_workstations', why }] });
    expect(now().quota?.value ?? null).toBeNull();
  });

  test('that a person has set before a later try stays, and is named', async () => {
    const { tenantId, now, spec } = aSwitchedCustomer();
    const { name } = now();
    const quota = { value: 40, overage: null, version: 0 };
    await byHand.offeringItems.put(tenantId, [{ application_id: APPLICATION, name, status: 1, quota }]);

    const { result } = await attempt(env.activities.carryOverQuotas, { ...spec, look: true, unsure: false });

    const why = 'somebody has set another quota since the switch';
    expect(result).toEqual({ notDone: [{ field: 'quotas.pg_base_workstations', why }] });
    expect(now().quota).toMatchObject({ value: 40 });
  });
});

describe('the former edition', () => {
  const { env } = useActivityEnvironment({ each: true });

  /** A customer that was switched by its items; one of the new edition counts what the former one did not have. */
  async function restoredWith(fields: { used?: number; agent?: true; more?: true }) {
    const { world } = env.simulator;
    const tenantId = world.addTenant({ name: 'Switched', edition: 'pck_per_gigabyte' });
    const items = world.items(tenantId).filter(({ usage_name }) => ['workstations', 'vms'].includes(usage_name));
    for (const row of world.items(tenantId)) if (!items.includes(row)) row.status = 0;
    const usages = fields.more ? ['workstations'] : ['workstations', 'vms'];
    const before = usages.map((usage_name) => ({
      application_id: APPLICATION,
      name: usage_name,
      usage_name,
      quota: { value: 10, overage: null },
    }));
    if (fields.used !== undefined) world.setUsage(tenantId, fields.more ? 'vms' : 'workstations', fields.used);
    if (fields.agent) world.addMachine({ tenantId, hostname: 'pc-1' });
    const switched = { applicationId: APPLICATION, edition: 'standard', to: 'pck_per_gigabyte', before };
    const spec = { cloud: 'default', tenantId, ...switched, method: 'offeringItems' as const, unsure: true };
    const { result } = await untilSuccess(env.activities.restoreEdition, spec);
    const on = world.items(tenantId).filter(({ status }) => status === 1);
    return { result, on: Object.fromEntries(on.map(({ name, quota }) => [name, quota?.value ?? null])) };
  }

  test('comes back with its quotas', async () => {
    const { result, on } = await restoredWith({});

    expect([result, on]).toEqual([
      { undone: true, leftovers: [] },
      { workstations: 10, vms: 10 },
    ]);
  });

  test.each<[string, { used: number } | { agent: true }, object]>([
    ['more is used', { used: 30 }, { workstations: null, vms: 10 }],
    ['an agent is there', { agent: true }, { workstations: null, vms: null }],
  ])('comes back without a lower quota when %s', async (_when, fields, left) => {
    const { result, on } = await restoredWith(fields);

    expect([result, on]).toMatchObject([{ undone: true, leftovers: [{ kind: 'setting' }] }, left]);
  });

  test.each<[string, { used: number } | { agent: true }]>([
    ['is in use', { used: 1 }],
    ['may be in use by an agent', { agent: true }],
  ])('stays away when an item that only the new one has %s', async (_when, fields) => {
    const { result, on } = await restoredWith({ ...fields, more: true });

    expect(result).toMatchObject({ undone: false, leftovers: [{ reason: expect.stringContaining('pg_base_vms') }] });
    expect(on).toEqual({ pg_base_workstations: null, pg_base_vms: null });
  });
});

test('an item that a list names twice is sent once', async () => {
  const rows = ['vms', 'servers'].map((usage_name) => ({
    application_id: APPLICATION,
    name: `pw_base_${usage_name}`,
    usage_name,
    edition: 'pck_per_workload',
    infra_id: null,
    status: 1,
    quota: null,
  }));
  const sent: unknown[] = [];
  const offeringItems = {
    list: async () => [...rows, ...rows],
    put: async (_id: string, items: unknown[]) => void sent.push(...items),
  };
  const cloud = () =>
    ({ forAttempt: () => ({ offeringItems, usages: { list: async () => [] } }) }) as unknown as Acronis;
  const { carryOverQuotas } = createEditionActivities({ cloud, secret: async () => '' });
  const quota = { value: 25, overage: null };
  const before = [{ application_id: APPLICATION, name: 'pg_base_vms', usage_name: 'vms', quota }];

  const spec = { cloud: 'default', tenantId: 'any', applicationId: APPLICATION, edition: 'pck_per_workload', before };
  await attempt(carryOverQuotas, spec);

  expect(sent).toEqual([expect.objectContaining({ name: 'pw_base_vms', quota: { ...quota, version: 0 } })]);
});

describe('the counterpart of an item', () => {
  const item = (name: string, usage_name: string, infra_id: string | null = null): OfferingItem => ({
    application_id: APPLICATION,
    updated_at: null,
    name,
    usage_name,
    infra_id,
    edition: 'any',
    type: infra_id === null ? 'count' : 'infra',
    status: 1,
    locked: false,
    measurement_unit: 'bytes',
    quota: { value: 7, overage: null, version: 42 },
  });

  test('counts the same, and gets its quota', () => {
    const { items } = counterparts([item('old_vms', 'vms')], [item('new_vms', 'vms'), item('new_servers', 'servers')]);

    expect(items).toMatchObject([{ name: 'new_vms', quota: { value: 7, overage: null } }]);
  });

  test('is on the same storage, or on the only one', () => {
    const offered = ['one', 'two'].map((infra) => item('new_storage', 'storage', infra));

    const same = counterparts([item('old_storage', 'storage', 'two')], offered);
    const only = counterparts([item('old_storage', 'storage', 'three')], offered.slice(0, 1));

    expect([same.items[0]?.infra_id, only.items[0]?.infra_id]).toEqual(['two', 'one']);
  });

  test('on several other storages is not guessed', () => {
    const offered = ['one', 'two'].map((infra) => item('new_storage', 'storage', infra));

    expect(counterparts([item('old_storage', 'storage', 'three')], offered)).toEqual({
      items: [],
      unplaced: ['old_storage'],
    });
  });

  test('lies on one site with all others of its kind, or is not guessed', () => {
    const held = ['dr_storage', 'dr_traffic'].map((usage) => item(`old_${usage}`, usage, 'three'));

    const apart = counterparts(held, [
      item('new_dr_storage', 'dr_storage', 'one'),
      item('new_dr', 'dr_traffic', 'two'),
    ]);

    expect(apart).toEqual({ items: [], unplaced: ['old_dr_storage', 'old_dr_traffic'] });
  });

  test('is missing when the edition has none', () => {
    expect(counterparts([item('old_vms', 'vms')], [])).toEqual({ items: [], unplaced: [] });
  });
});
