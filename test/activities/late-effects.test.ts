import { describe, expect, test } from '@jest/globals';
import { attempt } from '../support/activity-environment.js';
import { waitForCall, consoleClient } from '../support/console.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({});
const cloud = 'default';
const inDoubt = { unsure: true, doubted: true };
const clean = { undone: false, leftovers: [] };
const PUT_TENANT = 'PUT /tenants/{id}';

/** As a person in the console, or as a call of ours that comes late. */
const byHand = () => consoleClient(env.simulator);

describe('a switch of a tenant whose change was never answered', () => {
  const enabled = (id: string) => (env.simulator.world.tenant(id) as { enabled?: boolean }).enabled;
  async function aCustomer() {
    const tenantId = env.simulator.world.addTenant({ name: 'Of others too' });
    const { version: since } = await byHand().tenants.get(tenantId);
    const undo = async (known: object = {}) => {
      const spec = { cloud, tenantId, to: { enabled: true }, since, came: null, ...inDoubt, ...known };
      return (await attempt(env.activities.restoreTenant, spec)).result;
    };
    return { tenantId, since, undo };
  }

  test.each<[string, object]>([
    ['is known', {}],
    ['may be anybody', { makerUnknown: 'disableTenant' }],
  ])('can take no effect after the undo when its maker %s', async (_words, known) => {
    const { tenantId, since, undo } = await aCustomer();

    expect(await undo(known)).toEqual(clean);

    await expect(byHand().tenants.update(tenantId, { version: since, enabled: false })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect(enabled(tenantId)).toBe(true);
  });

  test('is looked for, and undone, where the tenant cannot be brought to a new version', async () => {
    const { tenantId, undo } = await aCustomer();
    env.simulator.faults.next(PUT_TENANT, { refuse: 403 });
    let looks = 0;
    env.changeTenant = (tenant) => {
      looks += 1;
      if (looks === 2) {
        env.simulator.world.disable(tenantId);
        env.simulator.world.bumpVersion(tenantId);
      }
      return tenant;
    };

    expect(await undo()).toEqual({ undone: true, leftovers: [] });
    expect(enabled(tenantId)).toBe(true);
  });

  test('is named where the cloud counts no version and nothing is seen of it', async () => {
    const { tenantId, since, undo } = await aCustomer();
    env.changeTenant = (tenant) => ({ ...tenant, version: since });

    expect(await undo()).toMatchObject({
      undone: false,
      leftovers: [
        { kind: 'setting', id: tenantId, reason: expect.stringContaining('never answered may still change') },
      ],
    });
  });

  test('costs no call where every call was answered', async () => {
    const { tenantId, since, undo } = await aCustomer();

    expect(await undo({ doubted: false, came: { version: since + 1 } })).toEqual(clean);
    expect(await byHand().tenants.get(tenantId)).toMatchObject({ version: since });
  });
});

test('an adopted tenant is not renamed by a change that comes after the undo, and keeps the sign of an earlier one', async () => {
  const { id: tenantId, version } = await byHand().tenants.get(await env.aTenant());
  await env.change(tenantId, { internal_tag: `tenantry:test:acme:run-1:undoing:${version + 1}` });
  const since = version + 1;
  const { internal_tag } = await byHand().tenants.get(tenantId);
  const fields = { name: 'Acme', internal_tag };
  const spec = { cloud, tenantId, version: since, fields, came: null, ...inDoubt };

  expect((await attempt(env.activities.restoreAdoptedTenant, spec as never)).result).toEqual(clean);

  expect(await byHand().tenants.get(tenantId)).toMatchObject({
    version: since + 1,
    internal_tag: `tenantry:test:acme:run-1:undoing:${since + 1}`,
  });
  await expect(byHand().tenants.update(tenantId, { version: since, name: 'Late' })).rejects.toMatchObject({
    kind: 'conflict',
  });
});

describe('a role whose change was never answered', () => {
  const GET_ROLES = 'GET /users/{id}/access_policies';
  async function aMember() {
    const tenantId = env.simulator.world.addTenant({ name: 'Of others too' });
    const userId = env.simulator.world.addUser({ tenant_id: tenantId, login: 'there.before' });
    const place = { cloud, userId, tenantId, role: 'backup_user', held: [] };
    const undo = async (known: object) =>
      (await attempt(env.activities.removeRole, { ...place, ...known } as never)).result;
    return { tenantId, userId, undo };
  }

  test('is removed when it appears while the undo looks', async () => {
    const { tenantId, userId, undo } = await aMember();
    const undone = undo(inDoubt);
    await waitForCall(env.simulator, GET_ROLES);
    await byHand().users.replaceAccessPolicies(userId, [{ tenantId, roleId: 'backup_user' }]);

    expect(await undone).toEqual({ undone: true, leftovers: [] });
    expect(env.simulator.world.policies(userId)).toEqual([]);
  });

  test('is named when it does not come', async () => {
    const { userId, undo } = await aMember();

    expect(await undo(inDoubt)).toMatchObject({
      undone: false,
      leftovers: [{ kind: 'user', id: userId, reason: expect.stringContaining('never answered may still give') }],
    });
  });

  test('is not looked for where every call was answered', async () => {
    const { undo } = await aMember();

    expect(await undo({ unsure: true, doubted: false })).toEqual(clean);
  });
});
