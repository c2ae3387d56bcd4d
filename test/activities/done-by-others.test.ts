import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { attempt, person } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const cloud = 'default';
const { env, byHand } = useActivityEnvironment();
let made = 0;

const aTenant = () => env.simulator.world.addTenant({ name: `Of others too ${(made += 1)}` });
/** After a lost answer; otherwise the answer of the cloud is known. */
const inDoubt = { unsure: true, doubted: true };
const certain = { unsure: true, doubted: false };
const nothing = { undone: false, leftovers: [] };
const named = (kind: string, id: string) => ({ undone: false, leftovers: [expect.objectContaining({ kind, id })] });

describe('a switch of a tenant', () => {
  const undo = async (tenantId: string, version: { since: number; came: { version: number } | null }) =>
    (
      await attempt(env.activities.restoreTenant, {
        cloud,
        tenantId,
        to: { enabled: true },
        ...version,
        ...(version.came ? certain : inDoubt),
      })
    ).result;
  const put = async (id: string, enabled: boolean) =>
    await byHand.tenants.update(id, { version: (await byHand.tenants.get(id)).version, enabled });

  test('the undo resets it while the tenant still has the version of the change', async () => {
    const id = aTenant();
    const { version } = await put(id, false);

    expect(await undo(id, { since: version - 1, came: { version } })).toEqual({ undone: true, leftovers: [] });
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });

  test('the undo resets it after a lost answer when there was one change since', async () => {
    const id = aTenant();
    const { version } = await put(id, false);

    expect(await undo(id, { since: version - 1, came: null })).toEqual({ undone: true, leftovers: [] });
  });

  test.each([
    ['that this run has made', (version: number) => ({ since: version - 1, came: { version } })],
    ['that it may have made', (version: number) => ({ since: version - 1, came: null })],
  ])('%s is left, and named, when somebody has reset it and set it again', async (_words, known) => {
    const id = aTenant();
    const { version } = await put(id, false);
    await put(id, true);
    await put(id, false);

    expect(await undo(id, known(version))).toEqual(named('setting', id));
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: false });
  });
});

test('a switch that somebody may have set while the run was blocked is left, and named', async () => {
  const tenantId = aTenant();
  const { version: since } = await byHand.tenants.get(tenantId);
  await byHand.tenants.update(tenantId, { version: since, enabled: false });
  const spec = { cloud, tenantId };

  const { result: came, changed } = await attempt(env.activities.disableTenant, { ...spec, look: true, unsure: true });
  const undo = { ...spec, to: { enabled: true }, since, came, ...inDoubt };

  expect([came, changed]).toEqual([{ doubtful: true }, true]);
  expect((await attempt(env.activities.restoreTenant, undo)).result).toEqual(named('setting', tenantId));
  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
});

describe('an undo that does not know whether its step was done by this run', () => {
  const spec = { cloud, to: { enabled: true }, since: 1, came: null, ...inDoubt, makerUnknown: 'disableTenant' };
  const enabled = (id: string) => env.simulator.world.tenant(id) as { enabled?: boolean };

  test('changes nothing, and says why', async () => {
    const tenantId = aTenant();
    const { version: since } = await byHand.tenants.get(tenantId);
    await byHand.tenants.update(tenantId, { version: since, enabled: false });

    await expect(attempt(env.activities.restoreTenant, { ...spec, tenantId, since })).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
      nonRetryable: true,
      message: expect.stringMatching(/^disableTenant was cancelled between two tries/),
    });
    expect(enabled(tenantId)).toMatchObject({ enabled: false });
  });

  test('has nothing to name where nothing was done', async () => {
    expect((await attempt(env.activities.restoreTenant, { ...spec, tenantId: aTenant() })).result).toEqual(nothing);
  });
});

describe('a user', () => {
  const spec = (tenantId: string) => ({ cloud, tenantId, person, role: 'backup_user' });
  const users = (tenantId: string) => env.simulator.world.users(tenantId).map(({ id }) => id);
  async function aUser() {
    const tenantId = aTenant();
    const login = `${person.login}-${made}`;
    const contact = { email: person.email };
    const { id } = await byHand.users.create({ tenant_id: tenantId, login, contact });
    const undo = async (known: object) =>
      (
        await attempt(env.activities.removeUser, {
          ...spec(tenantId),
          person: { ...person, login },
          ...known,
        } as never)
      ).result;
    return { tenantId, id, undo };
  }

  test('that a person has made in place of this run’s user stays', async () => {
    const { tenantId, id, undo } = await aUser();

    expect(await undo({ ...certain, came: { userId: randomUUID(), activated: false } })).toEqual(nothing);
    expect(users(tenantId)).toEqual([id]);
  });

  test('whom a person has made since the run looked is used, but does not count as this run’s', async () => {
    const { tenantId, id } = await aUser();
    const login = env.simulator.world.users(tenantId)[0]!.login;
    const ensure = { cloud, tenantId, person: { ...person, login }, language: 'en', look: false };

    expect(await attempt(env.activities.ensureUser, ensure)).toMatchObject({
      result: { userId: id, ownership: 'doubtful', roles: [] },
      adopted: true,
      changed: false,
    });
  });

  test.each<[string, 'ours' | 'doubtful', (id: string, tenantId: string) => Promise<unknown>]>([
    ['is just as ordered', 'ours', async () => undefined],
    ['is activated', 'doubtful', async (id) => env.simulator.world.activate(id)],
    ['was changed', 'doubtful', async (id) => await byHand.users.update(id, { version: 1, language: 'de' })],
    [
      'has a role',
      'doubtful',
      async (id, tenantId) => await byHand.users.replaceAccessPolicies(id, [{ tenantId, roleId: 'backup_user' }]),
    ],
  ])('that appeared after a lost answer and %s is %s', async (_words, ownership, use) => {
    const { tenantId, id } = await aUser();
    const { login } = env.simulator.world.users(tenantId)[0]!;
    await use(id, tenantId);
    const ensure = { cloud, tenantId, person: { ...person, login }, language: 'en', look: true, unsure: true };

    expect(await attempt(env.activities.ensureUser, ensure)).toMatchObject({
      result: { userId: id, ownership },
      adopted: true,
      changed: ownership === 'ours',
    });
  });

  test.each([
    ['first name', { firstName: 'Jane' }, 'en'],
    ['language', {}, 'de'],
  ])('that appeared after a lost answer with another %s is doubtful', async (_words, names, language) => {
    const tenantId = aTenant();
    const login = `${person.login}-${made}`;
    const contact = { email: person.email, firstname: 'John' };
    await byHand.users.create({ tenant_id: tenantId, login, contact });
    const ensure = { cloud, tenantId, person: { ...person, login, firstName: 'John', ...names }, language };

    expect(await attempt(env.activities.ensureUser, { ...ensure, look: true, unsure: true })).toMatchObject({
      result: { ownership: 'doubtful' },
    });
  });

  test('that the run has seen to be doubtful is never removed, and is named', async () => {
    const { tenantId, id, undo } = await aUser();

    expect(await undo({ ...inDoubt, came: { userId: id, activated: false, ownership: 'doubtful' } })).toEqual(
      named('user', id),
    );
    expect(users(tenantId)).toEqual([id]);
  });

  test('of a lost answer is removed when nobody has used it', async () => {
    const { tenantId, undo } = await aUser();

    expect(await undo({ ...inDoubt, came: null })).toEqual({ undone: true, leftovers: [] });
    expect(users(tenantId)).toEqual([]);
  });

  test.each<[string, (id: string, tenantId: string) => Promise<unknown>]>([
    ['is activated', async (id) => env.simulator.world.activate(id)],
    ['was changed', async (id) => await byHand.users.update(id, { version: 1, language: 'de' })],
    [
      'has another role',
      async (id, tenantId) => await byHand.users.replaceAccessPolicies(id, [{ tenantId, roleId: 'company_admin' }]),
    ],
  ])('of a lost answer who %s by now is left, and named', async (_words, use) => {
    const { tenantId, id, undo } = await aUser();
    await use(id, tenantId);

    expect(await undo({ ...inDoubt, came: null })).toEqual(named('user', id));
    expect(users(tenantId)).toEqual([id]);
  });

  test('keeps a role that may be this run’s when somebody has changed the roles too', async () => {
    const { tenantId, id } = await aUser();
    const roles = ['backup_user', 'notary_user'].map((roleId) => ({ tenantId, roleId }));
    await byHand.users.replaceAccessPolicies(id, roles);
    const place = { cloud, userId: id, tenantId, role: 'backup_user', held: [], ...inDoubt };

    expect((await attempt(env.activities.removeRole, place)).result).toEqual(named('user', id));
    expect(env.simulator.world.policies(id)).toHaveLength(2);
  });
});
