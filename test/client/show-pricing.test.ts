import { afterEach, describe, expect, test } from '@jest/globals';
import { trialEndByVersion, findTenant, pricing, trial } from '../../lookups/index.js';
import { startCloud, type Cloud } from '../support/cloud.js';

let cloud: Cloud;
afterEach(async () => {
  await cloud.close();
});

const tenantNamed = async (name: string) => (await findTenant(cloud.acronis, name)).id;

describe('trial', () => {
  test('of a customer is shown in both ways', async () => {
    cloud = await startCloud({ tenants: [{ name: 'Northwind' }] });
    const id = await tenantNamed('Northwind');
    const { version, production_start_date } = await cloud.acronis.pricing.get(id);

    const rows = await cloud.rows(trial, {}, id);

    expect(rows).toEqual([
      {
        name: 'Northwind',
        mode: 'trial',
        endsByDate: `${production_start_date}Z`,
        endsByVersion: trialEndByVersion(version),
        tenantId: id,
      },
    ]);
  });

  test('of every customer below that is in trial, and of no other', async () => {
    cloud = await startCloud({ tree: { partners: 1, customers: 2 } });
    const inProduction = await tenantNamed('Customer 0001-0001');
    const { version } = await cloud.acronis.pricing.get(inProduction);
    await cloud.acronis.pricing.put(inProduction, { version, mode: 'production' });

    const rows = await cloud.rows(trial, {}, await tenantNamed('Partner 0001'));

    expect(rows.map(({ name }) => name)).toEqual(['Customer 0001-0002']);
    expect(await cloud.rows(trial, {}, inProduction)).toMatchObject([
      { mode: 'production', endsByDate: null, endsByVersion: null },
    ]);
  });

  test.each([
    ['2024-07-02T10:11:12Z', '2024-08-31T23:59:59Z'],
    ['2024-07-01T23:59:59Z', '2024-07-31T23:59:59Z'],
    ['2024-01-31T00:00:00Z', '2024-02-29T23:59:59Z'],
    ['2024-12-15T12:00:00Z', '2025-01-31T23:59:59Z'],
  ])('made at %s ends at %s', async (made, ends) => {
    cloud = await startCloud();

    expect(trialEndByVersion(Date.parse(made))).toBe(ends);
  });
});

test('pricing shows mode and currency', async () => {
  cloud = await startCloud({ tenants: [{ name: 'Northwind' }] });

  expect(await cloud.rows(pricing, {}, await tenantNamed('Northwind'))).toMatchObject([
    { name: 'Northwind', mode: 'trial', currency: null, productionStart: expect.stringMatching(/T23:59:59Z$/) },
  ]);
});
