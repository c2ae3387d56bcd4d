import { describe, expect, test } from '@jest/globals';
import type { TenantChange } from '../../acronis/index.js';
import { attempt, customer, untilSuccess } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env, byHand } = useActivityEnvironment({ each: true });
const cloud = 'default';
const texts = { name: 'Acme Two', language: 'de', contact: { email: 'desk@acme.example' } };

async function change(
  tenantId: string,
  fields: Omit<TenantChange, 'version'> & { customer_id?: string },
): Promise<void> {
  const { version } = await byHand.tenants.get(tenantId);
  await byHand.tenants.update(tenantId, { version, ...fields });
}

async function remove(tenantId: string): Promise<void> {
  await change(tenantId, { enabled: false });
  await byHand.tenants.remove(tenantId, (await byHand.tenants.get(tenantId)).version);
}

/** A tenant of an earlier run that this run has updated, and how this is undone. */
async function updated() {
  const tenantId = await env.aTenant();
  const { version, name, language } = await byHand.tenants.get(tenantId);
  const { result: came } = await attempt(env.activities.updateTenant, { cloud, tenantId, texts });
  const undo = async (fields: object = {}) => {
    const spec = { cloud, tenantId, version, fields: { name, language: language! }, came, unsure: true, ...fields };
    return (await untilSuccess(env.activities.restoreAdoptedTenant, spec)).result;
  };
  return { tenantId, version, came, undo };
}

describe('an adopted tenant', () => {
  test('becomes as ordered, and a repeat changes nothing', async () => {
    const { tenantId, version, came } = await updated();

    expect(came).toEqual({ version: version + 1 });
    expect(await byHand.tenants.get(tenantId)).toMatchObject({ name: 'Acme Two', language: 'de' });
    expect(await attempt(env.activities.updateTenant, { cloud, tenantId, texts })).toMatchObject({
      result: null,
      adopted: true,
      changed: false,
    });
  });

  test('that was given to another customer meanwhile is not written over', async () => {
    const tenantId = await env.aTenant();
    const found = { name: 'Acme', customerId: 'c-1' };
    await change(tenantId, { name: 'Other', customer_id: 'c-2' });

    await expect(
      attempt(env.activities.updateTenant, { cloud, tenantId, texts, customerId: 'c-1', found }),
    ).rejects.toMatchObject({ type: 'Tenantry.Unexpected' });
    expect(await byHand.tenants.get(tenantId)).toMatchObject({ name: 'Other' });
  });

  test('that somebody has switched off is not switched on', async () => {
    const tenantId = await env.aTenant();
    await change(tenantId, { enabled: false });

    await expect(attempt(env.activities.updateTenant, { cloud, tenantId, texts })).rejects.toMatchObject({
      type: 'Tenantry.SwitchedOff',
    });
  });
});

describe('the undo of an update', () => {
  test.each([
    ['with its answer', {}],
    ['after a lost answer', { came: null }],
  ])('puts back what was there, %s, and does nothing the second time', async (_how, fields) => {
    const { tenantId, version, undo } = await updated();

    expect(await undo(fields)).toEqual({ undone: true, leftovers: [] });
    expect(await byHand.tenants.get(tenantId)).toMatchObject({ name: 'Acme', language: 'en', version: version + 2 });
    expect(await undo(fields)).toEqual({ undone: false, leftovers: [] });
  });

  test.each([
    ['with its answer', {}],
    ['after a lost answer', { came: null }],
  ])('leaves what others have changed since, and names what it was (%s)', async (_how, fields) => {
    const { tenantId, undo } = await updated();
    await change(tenantId, { language: 'fr' });

    expect(await undo(fields)).toEqual({
      undone: false,
      leftovers: [
        { kind: 'setting', id: tenantId, reason: expect.stringMatching(/others have changed it since.*"Acme"/) },
      ],
    });
    expect(await byHand.tenants.get(tenantId)).toMatchObject({ name: 'Acme Two', language: 'fr' });
  });

  test('leaves what others had changed just before', async () => {
    const { tenantId, came, undo } = await updated();

    expect(await undo({ version: came!.version! - 2 })).toMatchObject({
      leftovers: [{ kind: 'setting', id: tenantId }],
    });
  });

  test('names a tenant that was deleted meanwhile', async () => {
    const { tenantId, undo } = await updated();
    await remove(tenantId);

    expect(await undo()).toEqual({
      undone: false,
      leftovers: [{ kind: 'tenant', id: tenantId, reason: expect.stringContaining('it was deleted at') }],
    });
  });

  test('keeps a change away that was never answered and may still come', async () => {
    const tenantId = await env.aTenant();
    const { version } = await byHand.tenants.get(tenantId);
    const spec = { cloud, tenantId, version, fields: { name: 'Acme' }, came: null, unsure: true, doubted: true };

    const { result } = await untilSuccess(env.activities.restoreAdoptedTenant, spec);

    expect(result).toEqual({ undone: false, leftovers: [] });
    expect(await byHand.tenants.get(tenantId)).toMatchObject({ name: 'Acme', version: version + 1 });
  });
});

describe('a later run of the same key', () => {
  const first = '7d3c0d9e-6f0a-4b6e-9a51-0c2f6b1f7a10';
  const aTenant = async () => {
    const mark = { ...env.place.mark, runId: first };
    return (await attempt(env.activities.ensureCustomerTenant, { ...env.place, mark, customer, look: false })).result
      .tenantId;
  };
  const later = () => ({ ...env.place, mark: { ...env.place.mark, runId: 'run-2' }, customer, look: true });
  const made = (tenantId: string) => [{ tenantId, workflowId: 'provisionCustomer:acme', runId: first }];

  test('makes no second tenant beside one whose tag somebody has changed', async () => {
    const tenantId = await aTenant();
    await change(tenantId, { internal_tag: 'mine' });

    await expect(
      attempt(env.activities.ensureCustomerTenant, { ...later(), made: made(tenantId) }),
    ).rejects.toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringContaining('"mine"') });
  });

  test('makes another tenant when the earlier one is deleted', async () => {
    const tenantId = await aTenant();
    await remove(tenantId);

    const { result } = await attempt(env.activities.ensureCustomerTenant, { ...later(), made: made(tenantId) });

    expect(result).toMatchObject({ ownership: 'ours' });
    expect(result.tenantId).not.toBe(tenantId);
  });

  test('adopts no tenant with a copied tag', async () => {
    await aTenant();
    const runs = [{ runId: first, tenantId: 'another' }];

    await expect(attempt(env.activities.ensureCustomerTenant, { ...later(), runs })).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
      message: expect.stringContaining('somebody may have copied the tag'),
    });
  });

  test.each([
    ['not finished', false, 'write another internal tag on it'],
    ['finished', true, 'order under another key'],
  ])('adopts no tenant that was given to another customer (the earlier run is %s)', async (_how, isMade, remedy) => {
    const tenantId = await aTenant();
    await change(tenantId, { name: 'Other', contact: { email: 'other@other.example' } });
    const runs = [{ runId: first, tenantId, ordered: [{ name: 'Acme' }] }];

    await expect(
      attempt(env.activities.ensureCustomerTenant, { ...later(), runs, ...(isMade && { made: made(tenantId) }) }),
    ).rejects.toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringContaining(remedy) });
  });

  test('adopts the tenant that an earlier run has ordered under another name', async () => {
    const tenantId = await aTenant();
    await change(tenantId, { name: 'Acme Before' });
    const runs = [{ runId: first, tenantId, ordered: [{ name: 'Acme Before' }] }];

    const { result } = await attempt(env.activities.ensureCustomerTenant, { ...later(), runs });

    expect(result).toMatchObject({
      tenantId,
      ownership: 'our-customers',
      madeBy: first,
      unlike: true,
      found: { name: 'Acme Before' },
      former: { fields: { name: 'Acme Before' } },
    });
  });

  test('is not updated when a person gives it to another customer after it was found', async () => {
    const tenantId = await aTenant();
    const spec = { cloud: 'default', tenantId, texts: { name: 'Acme Right', language: 'en', contact: undefined } };
    const found = { name: 'Acme', email: 'john@acme.example' };
    await change(tenantId, { name: 'Other', contact: { email: 'other@other.example' } });

    await expect(attempt(env.activities.updateTenant, { ...spec, found })).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
    });
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ name: 'Other' });
  });
});
