import { describe, expect, test } from '@jest/globals';
import { attempt, person } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env, byHand } = useActivityEnvironment();
let made = 0;

type Happening = (id: string, tenantId: string) => unknown;
const certain = { unsure: true, doubted: false };
const named = (kind: string, id: string) => ({ undone: false, leftovers: [expect.objectContaining({ kind, id })] });
const users = (tenantId: string) => env.simulator.world.users(tenantId).map(({ id }) => id);

async function aUser() {
  made += 1;
  const tenantId = env.simulator.world.addTenant({ name: `With a user ${made}` });
  const login = `${person.login}-${made}`;
  const { id } = await byHand.users.create({ tenant_id: tenantId, login, contact: { email: person.email } });
  const place = { cloud: 'default', tenantId, person: { ...person, login }, role: 'backup_user' };
  const undo = async (known: { unsure: boolean; came: { userId: string; activated: boolean } }) =>
    (await attempt(env.activities.removeUser, { ...place, ...known })).result;
  return { tenantId, id, undo };
}

describe('a user whom this run has made for certain', () => {
  const activated: Happening = (id) => env.simulator.world.activate(id);
  const roles = (...ids: string[]) => {
    const give: Happening = async (id, tenantId) =>
      await byHand.users.replaceAccessPolicies(
        id,
        ids.map((roleId) => ({ tenantId, roleId })),
      );
    return give;
  };

  test.each<[string, Happening, object?]>([
    ['who is activated by a password of this run', activated, { passwordSet: true }],
    ['who has the role of this run', roles('backup_user')],
  ])('%s is removed', async (_words, happen, known = {}) => {
    const { tenantId, id, undo } = await aUser();
    await happen(id, tenantId);

    expect(await undo({ ...certain, ...known, came: { userId: id, activated: false } })).toMatchObject({
      undone: true,
    });
    expect(users(tenantId)).toEqual([]);
  });

  test.each<[string, Happening]>([
    ['who is activated by somebody else', activated],
    ['who has been given another role', roles('backup_user', 'notary_user')],
    [
      'who has another e-mail address by now',
      async (id) => await byHand.users.update(id, { version: 1, contact: { email: 'new@acme.example' } }),
    ],
    [
      'who has another login by now',
      async (id) => await byHand.users.update(id, { version: 1, login: `other-${made}` }),
    ],
  ])('%s stays, and is named', async (_words, happen) => {
    const { tenantId, id, undo } = await aUser();
    await happen(id, tenantId);

    expect(await undo({ ...certain, came: { userId: id, activated: false } })).toEqual(named('user', id));
    expect(env.simulator.world.users(tenantId)).toMatchObject([{ id, enabled: true }]);
  });
});
