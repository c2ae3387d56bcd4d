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
  const cloud = () => ({ forAttempt: () => ({ offeringItems }) }) as unknown as Acronis;
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
