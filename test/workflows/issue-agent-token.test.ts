import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { storedSecrets } from '../support/activities.js';
import { waitUntil, waitForState } from '../support/runs.js';
import type { FinalStatus } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const POST = 'POST /tenants/{id}/registration_tokens';
const LIST = 'GET /tenants/{id}/registration_tokens';
let made = 0;

function aTenant() {
  made += 1;
  return { id: env.simulator.world.addTenant({ name: `Registering ${made}` }) };
}

type Kept = FinalStatus & { secretRef: string };

const tokensOf = ({ id }: { id: string }) => env.simulator.world.registrationTokens(id).map(({ token }) => token);
const nameOf = (secretRef: unknown) => String(secretRef).replace('store:', '');

test('the token is kept in the secret store and nowhere else, and is short-lived', async () => {
  const tenant = aTenant();

  const status = await env.run('issueAgentToken', { tenant });

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: tenant.id });
  const { secretRef, expiresAt } = status as unknown as { secretRef: string; expiresAt: string };
  expect(storedSecrets.get(nameOf(secretRef))).toMatch(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){2}$/);
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(3_700_000);
});

test("a user's machines register in the user's own tenant", async () => {
  const tenant = aTenant();
  const user = { login: `registering-${made}`, email: `registering-${made}@example.com` };
  await env.run('addUser', { tenant, user, role: 'backup_user' });
  const personal = env.simulator.world.users(tenant.id)[0]!['personal_tenant_id'];

  const status = await env.run('issueAgentToken', { user: { login: user.login }, secret: 'for-the-machine' });

  expect(status).toMatchObject({ tenantId: personal, secretRef: 'store:for-the-machine' });
  const { body } = env.simulator.journal.calls(POST).at(-1)!;
  expect(body).toMatchObject({ scopes: [`urn:acronis.com:tenant-id:${String(personal)}:backup_agent_admin`] });
});

test.each<[string, object, RegExp]>([
  ['a user that nobody knows', { user: { login: 'nobody' } }, /"nobody" is not a user below/],
  ['a tenant that nobody knows', { tenant: { name: 'nobody' } }, /fits no tenant/],
])('%s is refused, and no token is issued', async (_words, order, sentence) => {
  env.calls();

  const status = await env.run('issueAgentToken', order);

  expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
  expect(env.calls()).not.toContain(POST);
});

test.each<[string, object]>([
  ['more than a year', { tenant: { name: 'x' }, expiresIn: '2 years' }],
  ['neither tenant nor user', {}],
  ['a name that leads out of the store', { tenant: { name: 'x' }, secret: '../x' }],
])('an input with %s fails at once', async (_words, order) => {
  expect(await env.run('issueAgentToken', order)).toMatchObject({ failureType: 'InvalidInput' });
});

test('one token is issued, and kept, although answers are lost or garbage, and the cloud is busy or lists late', async () => {
  const faults: Fault[] = ['commit-then-drop', 'drop-before', 'garble', { refuse: 503 }];
  const tenants = faults.map(aTenant);
  for (const fault of faults) env.simulator.faults.next(POST, fault);

  const ends = await Promise.all(tenants.map((tenant) => env.run('issueAgentToken', { tenant })));

  expect(ends).toEqual(tenants.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  expect(tenants.map(tokensOf)).toEqual(ends.map((end) => [storedSecrets.get(nameOf((end as Kept).secretRef))]));
});

test('of two lost tokens none is kept: another is issued, and both are named', async () => {
  const tenant = aTenant();
  // the first is listed only after the minute in which it is looked for
  env.simulator.faults.next(POST, { stale: 2, drop: true });
  env.simulator.faults.next(POST, { stale: 1, drop: true });

  const status = (await env.run('issueAgentToken', { tenant })) as Kept & { leftovers: unknown };

  const [first, second, third] = env.simulator.world.registrationTokens(tenant.id);
  expect(status).toMatchObject({ state: 'completed', tokenId: String(third!.id) });
  expect(status.leftovers).toEqual(
    [first, second].map((one) => expect.objectContaining({ kind: 'agent-token', id: String(one!.id) })),
  );
  expect(storedSecrets.get(nameOf(status.secretRef))).toBe(third!.token);
});

test('a lost token that is listed only after another was issued is named, and not revoked', async () => {
  const tenant = aTenant();
  env.simulator.faults.next(POST, { stale: 2, drop: true });

  const status = (await env.run('issueAgentToken', { tenant })) as Kept & { leftovers: unknown };

  const [lost, issued] = env.simulator.world.registrationTokens(tenant.id);
  expect(status).toMatchObject({ state: 'completed', tokenId: String(issued!.id) });
  expect(status.leftovers).toEqual([expect.objectContaining({ kind: 'agent-token', id: String(lost!.id) })]);
});

test('a repeat issues another token and keeps that one', async () => {
  const tenant = aTenant();
  await env.run('issueAgentToken', { tenant });

  const status = (await env.run('issueAgentToken', { tenant })) as Kept;

  expect(tokensOf(tenant)).toHaveLength(2);
  expect(storedSecrets.get(nameOf(status.secretRef))).toBe(tokensOf(tenant)[1]);
});

describe('a run that does not complete', () => {
  const anOrder = (fields: object = {}) => ({
    tenant: aTenant(),
    secret: `of-a-failed-run-${made}`,
    onFailure: 'undo',
    ...fields,
  });

  test('revokes its token, and no other of the tenant', async () => {
    const order = anOrder();
    await env.run('issueAgentToken', { tenant: order.tenant, secret: 'another' });
    env.simulator.faults.next(POST, { lostThen: { refuse: 403 } });

    expect(await env.run('issueAgentToken', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(tokensOf(order.tenant)).toEqual([storedSecrets.get('another')]);
  });

  test('that is cancelled leaves no token', async () => {
    const order = anOrder();
    env.simulator.faults.next(POST, { refuse: 503, commit: true });
    env.simulator.faults.next(LIST, { refuse: 503 }, { after: 1, times: 99 });
    const handle = await env.begin('issueAgentToken', order);
    await waitUntil(async () => tokensOf(order.tenant).length === 1);

    await handle.cancel();
    env.simulator.faults.clear();

    expect(await waitForState(handle, 'cancelled')).not.toHaveProperty('leftovers');
    expect(tokensOf(order.tenant)).toEqual([]);
  });

  test('leaves the token when the order says keep', async () => {
    const order = anOrder({ onFailure: 'keep' });
    env.simulator.faults.next(POST, { lostThen: { refuse: 403 } });

    expect(await env.run('issueAgentToken', order)).toMatchObject({ failureType: 'Kept' });
    expect(tokensOf(order.tenant)).toHaveLength(1);
  });
});
