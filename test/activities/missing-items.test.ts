import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attempt, startActivityEnvironment, type ActivityEnvironment } from '../support/activity-environment.js';

let env: ActivityEnvironment;
let tenantId: string;
let storages: string[];
let sites: string[];
beforeEach(async () => {
  env = await startActivityEnvironment({ storages: 2, drSites: 2 });
  tenantId = await env.aTenant();
  const rows = env.simulator.world.items(env.simulator.rootTenantId);
  storages = rows.filter(({ name }) => name === 'pg_base_storage').map(({ infra_id }) => infra_id!);
  sites = rows.filter(({ name }) => name === 'pg_base_dr_storage').map(({ infra_id }) => infra_id!);
});
afterEach(async () => {
  await env.simulator.close();
});

/** The items that the tenant lacks, on one of the two storages. */
async function missing(offeringItems: string[], infraId?: string, infra?: Record<string, string>) {
  const spec = { cloud: 'default', tenantId, kind: 'customer', parentTenantId: env.simulator.rootTenantId };
  const { result } = await attempt(env.activities.findMissingItems, { ...spec, offeringItems, infraId, infra });
  return result.items;
}

async function give(offeringItems: string[], infraId?: string) {
  const items = await missing(offeringItems, infraId);
  await attempt(env.activities.applyOfferingItems, { cloud: 'default', tenantId, items, look: false });
}

test('only what is missing is found, on the storage that was named', async () => {
  await give(['workstations']);

  const items = await missing(['workstations', 'storage'], storages[1]);

  expect(items).toEqual([expect.objectContaining({ name: 'storage', infra_id: storages[1] })]);
});

test('a storage that the tenant already has may be named again, or not', async () => {
  await give(['storage'], storages[0]);

  const [unnamed, named] = [
    await missing(['workstations', 'storage']),
    await missing(['workstations', 'storage'], storages[0]),
  ];

  expect(unnamed).toEqual([expect.objectContaining({ name: 'workstations' })]);
  expect(named).toEqual(unnamed);
});

test('data are never moved: a storage that lies elsewhere is refused', async () => {
  await give(['storage'], storages[0]);

  await expect(missing(['storage'], storages[1])).rejects.toMatchObject({
    type: 'Acronis.Rejected',
    message: expect.stringContaining(`lies on ${storages[0]}`),
  });
});

test('a storage that is named moves no site for disaster recovery, and the other way round', async () => {
  await give(['storage'], storages[0]);
  await give(['dr_storage'], sites[1]);

  expect(await missing(['storage', 'dr_storage'], storages[0])).toEqual([]);
  expect(await missing(['storage', 'dr_storage'], sites[1])).toEqual([]);
});

test('what is missing lies where the tenant has that kind of data already', async () => {
  await give(['dr_storage'], sites[1]);

  expect(await missing(['compute_points'])).toEqual([expect.objectContaining({ infra_id: sites[1] })]);
  await expect(missing(['compute_points'], undefined, { dr: sites[0]! })).rejects.toMatchObject({
    type: 'Acronis.Rejected',
    message: `infra.dr: the dr data of this tenant lies on ${sites[1]} already; name that place, or none`,
  });
});

test('each missing kind lies on the storage that is named for it', async () => {
  const items = await missing(['storage', 'dr_storage'], undefined, { backup: storages[1]!, dr: sites[0]! });

  expect(new Set(items.map(({ infra_id }) => infra_id))).toEqual(new Set([storages[1], sites[0]]));
});

test('a storage for a kind that no ordered item needs is refused', async () => {
  await expect(missing(['workstations'], undefined, { dr: sites[0]! })).rejects.toMatchObject({
    message: 'infra.dr: no ordered item keeps data of this kind; leave it out',
  });
});

describe('a place that is named twice, or for nothing, is refused: never dropped', () => {
  test.each<[string, string[], () => [string, Record<string, string>?], RegExp]>([
    [
      'another place by infraId than by infra',
      ['storage'],
      () => [storages[0]!, { backup: storages[1]! }],
      /^infraId and infra\.backup name two places of one kind/,
    ],
    [
      'an infraId that nobody offers, beside infra',
      ['storage'],
      () => ['00000000-0000-4000-8000-000000000000', { backup: storages[1]! }],
      /^infraId: 00000000-.* is not among the storages offered/,
    ],
    [
      'an infraId that is only offered for what is not ordered',
      ['storage'],
      () => [sites[0]!, { backup: storages[1]! }],
      /^infraId: .* is not among the storages offered/,
    ],
    [
      'an infraId where no item keeps data',
      ['workstations'],
      () => [storages[0]!],
      /^infraId: no ordered item keeps data on a storage or site; leave it out$/,
    ],
  ])('%s', async (_words, items, places, sentence) => {
    await expect(missing(items, ...places())).rejects.toMatchObject({ message: expect.stringMatching(sentence) });
  });
});

test('a customer of one edition gets no items of another', async () => {
  await give(['workstations']);

  await expect(missing(['pg_base_vms'])).rejects.toMatchObject({
    type: 'Acronis.Rejected',
    message: expect.stringMatching(/^offeringItems: pg_base_vms belongs to pck_per_gigabyte, the tenant has standard/),
  });
});

test('which of several storages is never guessed', async () => {
  await expect(missing(['storage'])).rejects.toMatchObject({ type: 'Tenantry.NotOffered' });
});

test('a parent that is gone is reported with the field of the order: the tenant', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  const spec = {
    cloud: 'default',
    tenantId,
    kind: 'customer',
    parentTenantId: nobody,
    offeringItems: ['workstations'],
  };

  const finding = attempt(env.activities.findMissingItems, { ...spec, infraId: undefined });

  await expect(finding).rejects.toMatchObject({
    type: 'Acronis.Rejected',
    message: expect.stringMatching(/^tenant: /),
  });
});
