import { expect, test } from '@jest/globals';
import { attempt } from '../support/attempts.js';
import { useDoctoredBench } from '../support/doctored-bench.js';

const bench = useDoctoredBench({});
const cloud = 'default';
const including = { tenants: [], users: [], usage: {} };

/** A disabled customer, and its deletion as it was confirmed. */
async function doomed() {
  const tenantId = await bench.aTenant();
  await bench.change(tenantId, { enabled: false });
  const { name, kind, parent_id, pricing_mode } = bench.simulator.world.tenant(tenantId)!;
  const confirmed = { name, kind, parentTenantId: parent_id, pricingMode: pricing_mode } as never;
  return { tenantId, spec: { cloud, tenantId, including, confirmed, look: false } };
}

test('a customer that is as it was confirmed is deleted', async () => {
  const { spec } = await doomed();

  await attempt(bench.activities.deleteTenant, spec);

  expect(bench.ids()).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['name', { name: 'Sold' }, /its name was "Acme" and is "Sold"/],
  ['kind', { kind: 'partner' }, /its kind was "customer" and is "partner"/],
  ['parent', { parent_id: 'b3a6a5c4-5d0c-4c0e-9d5e-0d8a3c7a1f11' }, /its parent was/],
  ['pricing mode', { pricing_mode: 'production' }, /its pricing mode was "trial" and is "production"/],
])('a customer of another %s is not', async (_what, other, sentence) => {
  const { tenantId, spec } = await doomed();
  bench.shown = (tenant) => ({ ...tenant, ...other });

  await expect(attempt(bench.activities.deleteTenant, spec)).rejects.toMatchObject({
    type: 'Tenantry.Unexpected',
    nonRetryable: true,
    message: expect.stringMatching(sentence),
  });
  expect(bench.ids()).toEqual([tenantId]);
});

test('a customer that keeps us out by now is not deleted, even when all users are named', async () => {
  const { tenantId, spec } = await doomed();
  await bench.change(tenantId, { ancestral_access: false });

  await expect(
    attempt(bench.activities.deleteTenant, { ...spec, including: { ...including, users: 99 } }),
  ).rejects.toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringContaining('keeps us out') });
  expect(bench.ids()).toEqual([tenantId]);
});
