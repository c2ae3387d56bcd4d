import { describe, expect, test } from '@jest/globals';
import type { OperationStatus } from '../../contract/status.js';
import { startBlocked, decideFor, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const EDITION = 'pck_per_workload';
/** Two storages for backup, and two sites for disaster recovery. */
const env = useTestEnvironment({ storages: 2, drSites: 2 });

const offered = (usage: string) =>
  env.simulator.world
    .items(env.simulator.rootTenantId)
    .filter(({ name }) => name === `pw_base_${usage}`)
    .map(({ infra_id }) => infra_id!);
const itemsOf = ({ tenantId }: OperationStatus) => env.simulator.world.items(tenantId!);
const placesOf = (status: OperationStatus) =>
  [...new Set(itemsOf(status).flatMap(({ infra_id }) => infra_id ?? []))].toSorted();

describe('a customer is completed as ordered', () => {
  test('with an edition and further items', async () => {
    const infra = { backup: offered('storage')[0]!, dr: offered('dr_storage')[0]! };
    const offeringItems = ['local_storage', 'pg_base_fc_seats'];

    const status = await env.provision(anOrder({ edition: EDITION, offeringItems, infra }));

    expect(status).toMatchObject({ state: 'completed' });
    const names = itemsOf(status).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...offeringItems, 'pw_base_workstations', 'pw_base_storage']));
  });

  test('on one place of each kind', async () => {
    const places = [offered('storage')[1]!, offered('dr_storage')[1]!];
    const order = anOrder({ edition: EDITION, infraId: places[0], infra: { dr: places[1] } });

    const status = await env.provision(order);

    expect(status).toMatchObject({ state: 'completed' });
    expect(placesOf(status)).toEqual(places.toSorted());
  });

  test('with compute points as people count them', async () => {
    const offeringItems = ['pw_base_compute_points'];
    const infra = { dr: offered('dr_storage')[0]! };

    const status = await env.provision(
      anOrder({ offeringItems, infra, quotas: { compute_points: { limit: 10, overage: '90 minutes' } } }),
    );

    expect(itemsOf(status)).toMatchObject([{ quota: { value: 36_000, overage: 5400 } }]);
  });
});

test.each<[string, () => object, RegExp]>([
  ['a site that nobody named', () => ({ edition: EDITION, infraId: offered('storage')[0] }), /^infra\.dr: several/],
  [
    'a quota of what is only on or off',
    () => ({ offeringItems: ['device_control'], quotas: { device_control: { limit: 5 } } }),
    /^quotas\.device_control\.limit: .* only on or off/,
  ],
  [
    'an item of another edition',
    () => ({
      edition: EDITION,
      offeringItems: ['pg_base_vms'],
      infra: { backup: offered('storage')[0], dr: offered('dr_storage')[0] },
    }),
    /^offeringItems and edition: pg_base_vms/,
  ],
])('%s has the order refused before anything is made', async (_words, fields, sentence) => {
  env.calls();

  const status = await env.provision(anOrder({ ...fields(), onFailure: 'undo' }));

  expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
  expect(env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token')).toEqual([]);
});

test('the run goes on once a person has answered where data lies', async () => {
  const order = anOrder({ edition: EDITION, infraId: offered('storage')[0], onFailure: 'ask' });
  const handle = await startBlocked(env, 'provisionCustomer', order);
  expect(await waitForState(handle, 'blocked')).toMatchObject({
    blocked: { step: 'findOfferingItems', type: 'Tenantry.NotOffered', message: expect.stringMatching(/^infra\.dr: /) },
  });

  await decideFor(handle, 'amend', { input: { ...order, infra: { dr: offered('dr_storage')[1] } } });

  const status = await statusAtEnd(handle);
  expect(status).toMatchObject({ state: 'completed' });
  expect(new Set(placesOf(status))).toEqual(new Set([offered('storage')[0], offered('dr_storage')[1]]));
});

test('an existing customer gets backup on the storage that it has, and disaster recovery on the site that is named', async () => {
  const [storage, site] = [offered('storage')[1]!, offered('dr_storage')[1]!];
  const made = await env.provision(anOrder({ offeringItems: ['pw_base_storage'], infraId: storage }));
  const order = {
    tenant: { id: made.tenantId },
    user: { login: 'as.ordered', email: 'as.ordered@example.com' },
    offeringItems: ['pw_base_storage', 'pw_base_dr_storage'],
    infra: { dr: site },
  };

  const status = await env.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'completed' });
  expect(placesOf(status)).toEqual([storage, site].toSorted());
});

test('compute points in use are shown as points, and the shown amount is enough to name them', async () => {
  const name = 'Uses points';
  const id = env.simulator.world.addTenant({ name });
  const infra = { dr: offered('dr_storage')[0]! };
  const order = { tenant: { id }, grace: '1 second', confirm: name, finalReport: false, onFailure: 'undo' };
  await env.run('enableBackupUser', {
    tenant: { id },
    user: { login: 'uses.points', email: 'uses.points@example.com' },
    offeringItems: ['pw_base_compute_points'],
    infra,
  });
  env.simulator.world.setUsage(id, 'compute_points', 36_001);

  const refused = await env.run('offboardCustomer', { ...order, including: { users: 1 } });
  const told = /compute_points (10\.01 points)/.exec((refused as { reason: { message: string } }).reason.message)![1]!;
  const status = await env.run('offboardCustomer', {
    ...order,
    including: { users: 1, usage: { compute_points: told } },
  });

  expect(status).toMatchObject({ state: 'completed' });
  expect(env.simulator.world.tenant(id)).toBeUndefined();
});
