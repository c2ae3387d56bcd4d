import { describe, expect, test } from '@jest/globals';
import { attempt } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const APPLICATION = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const cloud = 'default';
const { env } = useActivityEnvironment();

const aTenant = (edition: string) => env.simulator.world.addTenant({ name: `Of others too, ${edition}`, edition });
const named = (id: string) => ({ undone: false, leftovers: [expect.objectContaining({ kind: 'setting', id })] });

test('items of which only some are on after a lost answer are somebody else’s, and stay on', async () => {
  const tenantId = aTenant('standard');
  const [on] = env.simulator.world.items(tenantId);
  const items = [
    { application_id: on!.application_id, name: on!.name },
    { application_id: on!.application_id, name: 'is_off' },
  ];

  expect(
    (await attempt(env.activities.switchItemsOff, { cloud, tenantId, items, unsure: true, doubted: true })).result,
  ).toEqual(named(tenantId));
  expect(env.simulator.world.items(tenantId)).toContainEqual(on);
});

describe('an edition', () => {
  const undo = async (tenantId: string) => {
    const before = [{ application_id: APPLICATION, name: 'pg_base_vms', usage_name: 'vms' }];
    const from = { edition: 'pck_per_gigabyte', to: 'pck_per_workload', before, method: 'edition' as const };
    const spec = { cloud, tenantId, applicationId: APPLICATION, ...from, unsure: true, doubted: false };
    return (await attempt(env.activities.restoreEdition, spec)).result;
  };
  const items = (tenantId: string) => JSON.stringify(env.simulator.world.items(tenantId));

  test('that the tenant does not have is not undone, nor is what a person has changed of the former one', async () => {
    const tenantId = aTenant('pck_per_gigabyte');
    const before = items(tenantId);

    expect(await undo(tenantId)).toEqual({ undone: false, leftovers: [] });
    expect(items(tenantId)).toBe(before);
  });

  test('in which a person has set a quota is left, and named', async () => {
    const tenantId = aTenant('pck_per_workload');
    const vms = env.simulator.world.items(tenantId).find(({ usage_name }) => usage_name === 'vms')!;
    vms.quota = { value: 7, overage: null, version: 1 };
    const before = items(tenantId);

    expect(await undo(tenantId)).toEqual(named(tenantId));
    expect(items(tenantId)).toBe(before);
  });
});
