import { expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { kept } from '../support/activities.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();
const POST = 'POST /tenants/{id}/registration_tokens';
let made = 0;

function aTenant() {
  made += 1;
  return { id: house.simulator.world.addTenant({ name: `Registering ${made}` }) };
}

const nameOf = (secretRef: unknown) => String(secretRef).replace('store:', '');

test('the token is kept in the secret store and nowhere else, and is short-lived', async () => {
  const tenant = aTenant();

  const status = await house.run('issueAgentToken', { tenant });

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: tenant.id });
  const { secretRef, expiresAt } = status as unknown as { secretRef: string; expiresAt: string };
  expect(kept.get(nameOf(secretRef))).toMatch(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){2}$/);
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(3_700_000);
});

test("a user's machines register in the user's own tenant", async () => {
  const tenant = aTenant();
  const user = { login: `registering-${made}`, email: `registering-${made}@example.com` };
  await house.run('addUser', { tenant, user, role: 'backup_user' });
  const personal = house.simulator.world.users(tenant.id)[0]!['personal_tenant_id'];

  const status = await house.run('issueAgentToken', { user: { login: user.login }, secret: 'for-the-machine' });

  expect(status).toMatchObject({ tenantId: personal, secretRef: 'store:for-the-machine' });
  const { body } = house.simulator.journal.calls(POST).at(-1)!;
  expect(body).toMatchObject({ scopes: [`urn:acronis.com:tenant-id:${String(personal)}:backup_agent_admin`] });
});

test.each<[string, object, RegExp]>([
  ['a user that nobody knows', { user: { login: 'nobody' } }, /"nobody" is no user below/],
  ['a tenant that nobody knows', { tenant: { name: 'nobody' } }, /fits no tenant/],
])('%s is refused, and no token is issued', async (_words, order, sentence) => {
  house.calls();

  const status = await house.run('issueAgentToken', order);

  expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
  expect(house.calls()).not.toContain(POST);
});

test.each<[string, object]>([
  ['more than a year', { tenant: { name: 'x' }, expiresIn: '2 years' }],
  ['neither tenant nor user', {}],
  ['a name that leads out of the store', { tenant: { name: 'x' }, secret: '../x' }],
])('an input with %s fails at once', async (_words, order) => {
  expect(await house.run('issueAgentToken', order)).toMatchObject({ failureType: 'InvalidInput' });
});

test.each<Fault>(['commit-then-drop', 'drop-before', 'garble', { refuse: 503 }])(
  'a call that ends in %j leaves a token in the store',
  async (fault) => {
    const tenant = aTenant();
    house.simulator.faults.next(POST, fault);

    const status = await house.run('issueAgentToken', { tenant });

    expect(status).toMatchObject({ state: 'completed' });
    expect(kept.has(nameOf((status as unknown as { secretRef: string }).secretRef))).toBe(true);
  },
);
