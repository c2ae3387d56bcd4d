import { afterEach, expect, test } from '@jest/globals';
import { items, sendsAsDocumented } from './endpoint-table.js';
import { aRefusal, failureOf, ROOT_ID, startStandIn, TENANT_ID, type StandIn } from './stand-in.js';

let cloud: StandIn | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const APP = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const T = `/api/2/tenants/${TENANT_ID}`;
const binding = `/api/2/applications/${APP}/bindings/tenants/${TENANT_ID}`;
const to = { applicationId: APP, edition: 'pck_per_workload' };
const hit = { obj_type: 'tenant', id: TENANT_ID, parent_id: ROOT_ID, kind: 'customer', name: 'Northwind', path: [] };

sendsAsDocumented([
  [
    `GET ${T}/edition?target_edition=pck_per_workload&application_id=${APP}`,
    async (a) => a.editions.check(TENANT_ID, to),
    [200, { warnings: ['NewFeaturesBecomeAvailable'] }],
    '',
  ],
  [
    `PUT ${T}/edition`,
    async (a) => a.editions.switch(TENANT_ID, to),
    [200, { neither: 'of the two documented answers' }],
    { target_edition: 'pck_per_workload', application_id: APP },
  ],
  [
    'GET /api/2/applications',
    async (a) => a.applications.list(),
    items({ id: APP, type: 'backup', api_base_url: '/bc/', usages: [] }),
    '',
  ],
  [`GET ${T}/applications`, async (a) => a.applications.idsOf(TENANT_ID), items(APP), ''],
  [`DELETE ${binding}`, async (a) => a.applications.unbind(APP, TENANT_ID), [204], ''],
  [
    `GET /api/2/search?tenant=${ROOT_ID}&text=north&limit=300`,
    async (a) => a.search.find(ROOT_ID, 'north'),
    items(hit, { obj_type: 'user', id: TENANT_ID, login: 'jane' }),
    '',
  ],
  [
    `GET /api/2/search?tenant=${ROOT_ID}&text=north&limit=5`,
    async (a) => a.search.find(ROOT_ID, 'north', { limit: 5 }),
    items(),
    '',
  ],
]);

test.each([
  ['an array', [{ name: 'pg_base_storage' }, { name: 'pg_base_vms' }]],
  ['an object that holds one', { items: [{ name: 'pg_base_storage' }, { name: 'pg_base_vms' }] }],
])('names the items that an edition lacks, sent as %s', async (_form, context) => {
  const { error } = aRefusal(1021, 'edition is not available') as { error: object };
  cloud = await startStandIn(() => [400, { error: { ...error, context } }]);

  expect(await failureOf(cloud.acronis.editions.check(TENANT_ID, to))).toMatchObject({
    kind: 'rejected',
    facts: { reason: 'edition is not available; not available: pg_base_storage, pg_base_vms' },
  });
});

test('refuses an id that would address something else, also as the second of two', async () => {
  cloud = await startStandIn(() => [204]);

  expect(await failureOf(cloud.acronis.applications.unbind(APP, '..'))).toMatchObject({ kind: 'rejected' });
  expect(cloud.calls).toHaveLength(0);
});
