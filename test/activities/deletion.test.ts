import { describe, expect, test } from '@jest/globals';
import { attempt } from '../support/activity-environment.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({});
const cloud = 'default';
const including = { tenants: [], users: [], usage: {} };

/** A disabled customer, and its deletion as it was confirmed. */
async function doomed() {
  const tenantId = await env.aTenant();
  await env.change(tenantId, { enabled: false });
  const { name, kind, parent_id, pricing_mode, internal_tag: tag } = env.simulator.world.tenant(tenantId)!;
  const place = { parentTenantId: parent_id, pricingMode: pricing_mode, customerId: 'acme' };
  const confirmed = { name, kind, ...place, tag } as never;
  return { tenantId, spec: { cloud, tenantId, including, confirmed, look: false } };
}

test('a customer that is as it was confirmed is deleted', async () => {
  const { spec } = await doomed();

  await attempt(env.activities.deleteTenant, spec);

  expect(env.ids()).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['name', { name: 'Sold' }, /its name was "Acme" and is "Sold"/],
  ['kind', { kind: 'partner' }, /its kind was "customer" and is "partner"/],
  ['parent', { parent_id: 'b3a6a5c4-5d0c-4c0e-9d5e-0d8a3c7a1f11' }, /its parent was/],
  ['contract number', { customer_id: 'other' }, /its contract number was "acme" and is "other"/],
  ['internal tag', { internal_tag: 'sold' }, /its internal tag was "tenantry:test:acme" and is "sold"/],
  ['pricing mode', { pricing_mode: 'production' }, /its pricing mode was "trial" and is "production"/],
])('a customer of another %s is not', async (_what, other, sentence) => {
  const { tenantId, spec } = await doomed();
  env.changeTenant = (tenant) => ({ ...tenant, ...other });

  await expect(attempt(env.activities.deleteTenant, spec)).rejects.toMatchObject({
    type: 'Tenantry.Unexpected',
    nonRetryable: true,
    message: expect.stringMatching(sentence),
  });
  expect(env.ids()).toEqual([tenantId]);
});

describe('a customer whose version is another one than the run has left', () => {
  async function changedSince() {
    const { tenantId, spec } = await doomed();
    const left = env.simulator.world.tenant(tenantId)!.version as number;
    await env.change(tenantId, { enabled: true });
    await env.change(tenantId, { enabled: false });
    return { tenantId, left, spec: { ...spec, confirmed: { ...(spec.confirmed as object), version: left } as never } };
  }

  test('is not deleted; the failure carries the version', async () => {
    const { tenantId, left, spec } = await changedSince();

    await expect(attempt(env.activities.deleteTenant, spec)).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
      nonRetryable: true,
      message: expect.stringMatching(/somebody has changed .*retry, which deletes it/),
      details: [expect.objectContaining({ shown: left + 2 })],
    });
    expect(env.ids()).toEqual([tenantId]);
  });

  test('is deleted in the version that a person was shown, and in no later one', async () => {
    const { tenantId, left, spec } = await changedSince();

    await expect(attempt(env.activities.deleteTenant, { ...spec, shown: left + 1 })).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
    });
    expect(env.ids()).toEqual([tenantId]);
    await attempt(env.activities.deleteTenant, { ...spec, shown: left + 2 });
    expect(env.ids()).toEqual([]);
  });
});

test('a customer that keeps us out by now is not deleted, even when all users are named', async () => {
  const { tenantId, spec } = await doomed();
  await env.change(tenantId, { ancestral_access: false });

  await expect(
    attempt(env.activities.deleteTenant, { ...spec, including: { ...including, users: 99 } }),
  ).rejects.toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringContaining('keeps us out') });
  expect(env.ids()).toEqual([tenantId]);
});
