import { describe, expect, test } from '@jest/globals';
import { attempt, person } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env, byHand } = useActivityEnvironment();
const cloud = 'default';
const role = 'backup_user';
let made = 0;

const world = () => env.simulator.world;
const aTenant = (fields: object = {}) => world().addTenant({ name: `Moved meanwhile ${(made += 1)}`, ...fields });

/** A user with the role of a run, whom a person has moved to another customer since. */
async function movedUser() {
  const [tenantId, elsewhere] = [aTenant(), aTenant()];
  const login = `moved-${made}`;
  const { id: userId } = await byHand.users.create({ tenant_id: tenantId, login, contact: { email: person.email } });
  await byHand.users.replaceAccessPolicies(userId, [{ tenantId, roleId: role }]);
  world().moveUser(userId, elsewhere);
  return { cloud, tenantId, elsewhere, userId, person: { ...person, login } };
}

const changes = () => env.simulator.journal.calls().filter(({ route }) => !/^GET|token/.test(route)).length;

describe('a user whom a person has moved to another customer', () => {
  test('is neither switched off nor deleted by the undo of the run that has made it: it is named', async () => {
    const { tenantId, elsewhere, userId, person } = await movedUser();
    const came = { userId, activated: false, ownership: 'ours' as const };
    const before = changes();

    const { result } = await attempt(env.activities.removeUser, {
      cloud,
      tenantId,
      person,
      role,
      came,
      unsure: true,
      doubted: false,
    });

    const reason = expect.stringContaining(elsewhere);
    expect(result).toEqual({ undone: false, leftovers: [{ kind: 'user', id: userId, reason }] });
    expect(world().users(elsewhere)).toMatchObject([{ id: userId, enabled: true }]);
    expect(changes()).toBe(before);
  });

  test('keeps a role that it has in the tenant of the run, and is named', async () => {
    const { tenantId, elsewhere, userId } = await movedUser();
    world().policies(userId)[0]!.tenant_id = tenantId;
    const before = changes();

    const { result } = await attempt(env.activities.removeRole, {
      cloud,
      tenantId,
      userId,
      role,
      held: [],
      unsure: true,
      doubted: false,
    });

    const reason = expect.stringMatching(new RegExp(`${elsewhere}.*${role}`));
    expect(result).toEqual({ undone: false, leftovers: [{ kind: 'user', id: userId, reason }] });
    expect(changes()).toBe(before);
  });

  type Act = (spec: Awaited<ReturnType<typeof movedUser>>) => Promise<unknown>;
  test.each<[string, Act]>([
    [
      'role besides its own ones',
      async ({ tenantId, userId }) =>
        await attempt(env.activities.assignRole, { cloud, tenantId, userId, role: 'notary_user', keepOthers: true }),
    ],
    [
      'role after the run was blocked',
      async ({ tenantId, userId }) =>
        await attempt(env.activities.assignRole, { cloud, tenantId, userId, role, keepOthers: false, look: true }),
    ],
    [
      'password after a failed try',
      async ({ tenantId, userId }) =>
        await attempt(env.activities.setPassword, { cloud, tenantId, userId, secretRef: 'env:USER', look: true }),
    ],
    [
      'mail after a failed try',
      async ({ tenantId, userId }) =>
        await attempt(env.activities.sendActivationEmail, { cloud, tenantId, userId, look: true, unsure: false }),
    ],
  ])('gets no %s', async (_what, act) => {
    const user = await movedUser();
    const before = changes();

    await expect(act(user)).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
      nonRetryable: true,
      message: expect.stringMatching(new RegExp(`${user.elsewhere}.*${user.tenantId}.*retry`)),
    });
    expect(changes()).toBe(before);
  });
});

describe('a partner that waits for its turn', () => {
  async function updated(happen: (id: string, elsewhere: string) => unknown) {
    const [parentTenantId, elsewhere] = [aTenant({ kind: 'folder' }), aTenant({ kind: 'folder' })];
    for (const id of [parentTenantId, elsewhere]) world().giveItems(id, 'pck_per_gigabyte');
    const tenantId = aTenant({ kind: 'partner', parent_id: parentTenantId });
    await happen(tenantId, elsewhere);
    const spec = { cloud, tenantId, parentTenantId, to: { editions: 'all' } as const };
    return { tenantId, elsewhere, act: async () => await attempt(env.activities.updatePartnerItems, spec) };
  }

  test.each<[string, (id: string, elsewhere: string) => unknown, RegExp]>([
    [
      'and is moved meanwhile',
      async (id, parent_id) =>
        await byHand.tenants.update(id, { version: (await byHand.tenants.get(id)).version, parent_id }),
      /lies below/,
    ],
    ['and is switched off meanwhile', (id) => world().disable(id), /is disabled/],
  ])('%s gets no items', async (_what, happen, reason) => {
    const { tenantId, act } = await updated(happen);

    await expect(act()).rejects.toMatchObject({ type: 'Acronis.Rejected', message: expect.stringMatching(reason) });
    expect(world().items(tenantId)).toEqual([]);
  });

  test('gets them where it was', async () => {
    const { tenantId, act } = await updated(() => undefined);

    expect(await act()).toMatchObject({ changed: true });
    expect(world().items(tenantId)).not.toEqual([]);
  });
});
