import { expect, test } from '@jest/globals';
import { markText } from '../../contract/mark.js';
import { attempt, customer, person, untilSuccess } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env } = useActivityEnvironment({ each: true });

test('a new tenant that is listed late is adopted after a while, and not treated as somebody else’s', async () => {
  env.simulator.faults.next('POST /tenants', { stale: 1 });
  await env.aTenant();

  const second = await attempt(env.activities.ensureCustomerTenant, { ...env.place, customer, look: true }, 2);

  expect(second).toMatchObject({ adopted: true, changed: true });
  expect(env.simulator.world.customers()).toHaveLength(1);
});

test('a name that somebody else has is refused as Acronis.Taken', async () => {
  const taken = { ...customer, name: 'Taken Name, Inc' };

  await expect(
    attempt(env.activities.ensureCustomerTenant, { ...env.place, customer: taken, look: false }),
  ).rejects.toMatchObject({
    type: 'Acronis.Taken',
    nonRetryable: true,
  });
});

test('an earlier run’s tenant is adopted and never removed', async () => {
  const tenantId = await env.aTenant();
  const later = { ...env.place, mark: { ...env.place.mark, runId: 'run-2' } };

  const adopted = await attempt(env.activities.ensureCustomerTenant, { ...later, customer, look: true });
  const undone = await attempt(env.activities.removeCustomerTenant, { ...later, logins: [], unsure: false });

  expect(adopted).toMatchObject({ adopted: true, changed: false, result: { tenantId, ownership: 'our-customers' } });
  expect(undone.result).toEqual({ undone: false, leftovers: [] });
  expect(env.simulator.world.customers()).toHaveLength(1);
});

test('all tenants with this run’s mark are removed; one in which somebody else has a user is named', async () => {
  const tenantId = await env.aTenant();
  const internal_tag = markText(env.place.mark);
  env.simulator.world.addTenant({ name: 'Acme again', internal_tag });
  env.simulator.world.addUser({ tenant_id: tenantId, login: 'stranger' });

  const { result } = await attempt(env.activities.removeCustomerTenant, {
    ...env.place,
    logins: [],
    unsure: false,
  });

  expect(result).toMatchObject({ undone: false, leftovers: [{ kind: 'tenant', id: tenantId }] });
  expect(env.simulator.world.customers().map(({ id }) => id)).toEqual([tenantId]);
});

test.each<[what: string, arrange: (tenantId: string) => void]>([
  ['a user', (tenantId) => void env.simulator.world.addUser({ tenant_id: tenantId, login: 'stranger' })],
  ['a unit', (tenantId) => void env.simulator.world.addTenant({ name: 'Unit', kind: 'unit', parent_id: tenantId })],
])('a tenant in which somebody else has %s is left and named', async (_what, arrange) => {
  const tenantId = await env.aTenant();
  arrange(tenantId);

  const { result } = await attempt(env.activities.removeCustomerTenant, {
    ...env.place,
    logins: [person.login],
    unsure: false,
  });

  expect(result).toMatchObject({ undone: false, leftovers: [{ kind: 'tenant', id: tenantId }] });
  expect(env.simulator.world.tenant(tenantId)).toBeDefined();
});

test('a version that somebody else has changed is read again', async () => {
  const tenantId = await env.aTenant();
  env.simulator.faults.next('PUT /tenants/{id}', 'bump-version');

  const done = await untilSuccess(env.activities.limitAdministratorAccess, { cloud: 'default', tenantId });

  expect(done.attempts).toBe(2);
  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ ancestral_access: false });
});

test('an unmarked user in somebody else’s tenant is never adopted', async () => {
  const tenantId = await env.aTenant();
  const spec = { cloud: 'default', tenantId, person: { ...person, login: 'taken.login' }, language: 'en', look: false };

  await expect(attempt(env.activities.ensureUser, spec)).rejects.toMatchObject({ type: 'Acronis.Taken' });
});

test('a password reaches the cloud and nothing else', async () => {
  const userId = await env.aUser(await env.aTenant());

  const done = await attempt(env.activities.setPassword, { cloud: 'default', userId, secretRef: 'env:ADMIN' });

  expect(JSON.stringify(done)).not.toContain('secret of');
  expect(env.simulator.world.users().find(({ id }) => id === userId)).toMatchObject({ activated: true });
});
