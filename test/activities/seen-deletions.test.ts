import { describe, expect, test } from '@jest/globals';
import { markText } from '../../contract/mark.js';
import { attempt, person, untilSuccess } from '../support/activity-environment.js';
import { consoleClient } from '../support/console.js';
import { afterFirstPut, useTamperedEnvironment } from '../support/tampered-environment.js';
import { NO_EFFECT, RESTORED, troubledDeletions } from '../support/troubled-deletions.js';

const env = useTamperedEnvironment({});
const { atDeletion, lose } = troubledDeletions(env);
const cloud = 'default';

describe('the undo of a user', () => {
  async function aUser() {
    const tenantId = env.simulator.world.addTenant({ name: 'With a user' });
    const userId = await env.aUser(tenantId);
    const spec = { cloud, tenantId, person, role: 'backup_user', came: { userId, activated: false } };
    const undo = async () =>
      (await untilSuccess(env.activities.removeUser, { ...spec, unsure: true, doubted: false })).result;
    return {
      userId,
      undo,
      users: () => env.simulator.world.users(tenantId).map(({ id, enabled }) => ({ id, enabled })),
    };
  }
  const byHand = () => consoleClient(env.simulator).users;
  async function restoreUser(id: string): Promise<void> {
    const { url, clientId, clientSecret } = env.simulator;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const token = await fetch(`${url}/api/2/idp/token`, { method: 'POST', headers: { authorization: basic }, body });
    const { access_token } = (await token.json()) as { access_token: string };
    const authorization = `Bearer ${access_token}`;
    const restored = await fetch(`${url}/api/2/users/${id}/restore`, { method: 'POST', headers: { authorization } });
    expect(restored.status).toBe(204);
  }

  test('removes it, also after a deletion that failed without an effect', async () => {
    const { undo, users } = await aUser();
    env.simulator.faults.next('DELETE /users/{id}', { refuse: 503 });

    expect(await undo()).toEqual({ undone: true, leftovers: [] });
    expect(users()).toEqual([]);
  });

  test('names one whose deletion got no answer, and whom somebody has restored', async () => {
    const { userId, undo, users } = await aUser();
    lose('DELETE /users/{id}');
    const deletions = atDeletion({ after: async () => await restoreUser(userId) });

    expect(await undo()).toMatchObject({ leftovers: [{ id: userId, reason: expect.stringMatching(RESTORED) }] });
    expect([users().length, deletions()]).toEqual([1, 1]);
  });

  test('names one whose deletion was answered, but had no effect', async () => {
    const { userId, undo, users } = await aUser();
    atDeletion({ answered: true });

    expect(await undo()).toMatchObject({ leftovers: [{ id: userId, reason: expect.stringMatching(NO_EFFECT) }] });
    expect(users().length).toBe(1);
  });

  test('leaves one alone whom somebody has switched on again after a call without an answer', async () => {
    const { userId, undo, users } = await aUser();
    lose('PUT /users/{id}');
    env.beforeCall = afterFirstPut(async () => {
      await byHand().update(userId, { version: (await byHand().get(userId)).version, enabled: true });
    });

    expect(await undo()).toMatchObject({
      undone: false,
      leftovers: [{ id: userId, reason: expect.stringContaining('switched it on again') }],
    });
    expect(users()).toEqual([{ id: userId, enabled: true }]);
  });
});

describe('an application that is disabled', () => {
  const backup = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
  function inUse() {
    const tenantId = env.simulator.world.addTenant({ name: 'With backup', edition: 'pck_per_gigabyte' });
    const spec = { cloud, tenantId, applicationId: backup, look: false };
    const isOn = () => env.simulator.world.items(tenantId).some(({ application_id }) => application_id === backup);
    return { tenantId, spec, isOn };
  }
  const UNBIND = 'DELETE /applications/{id}/bindings/tenants/{id}';
  const asked = (message: RegExp) => ({ type: 'Tenantry.Unexpected', message: expect.stringMatching(message) });

  test('is disabled again after a failure without an effect', async () => {
    const { spec, isOn } = inUse();
    env.simulator.faults.next(UNBIND, { refuse: 503 });

    await untilSuccess(env.activities.disableApplication, spec);

    expect(isOn()).toBe(false);
  });

  test('is not believed to be off without a look', async () => {
    const { spec, isOn } = inUse();
    const deletions = atDeletion({ answered: true });

    await expect(untilSuccess(env.activities.disableApplication, spec)).rejects.toMatchObject(asked(NO_EFFECT));

    expect([isOn(), deletions()]).toEqual([true, 1]);
  });

  test('is not disabled again when somebody has switched it on after a call without an answer', async () => {
    const { tenantId, spec, isOn } = inUse();
    lose(UNBIND);
    atDeletion({ after: () => env.simulator.world.giveItems(tenantId, 'pck_per_gigabyte') });

    await expect(untilSuccess(env.activities.disableApplication, spec)).rejects.toMatchObject(asked(RESTORED));

    expect(isOn()).toBe(true);
    await attempt(env.activities.disableApplication, { ...spec, look: true, unsure: true, shown: 1 });
    expect(isOn()).toBe(false);
  });
});

test('an undo names an API client whose deletion was answered, but had no effect', async () => {
  const { clients } = consoleClient(env.simulator);
  const tenantId = await env.aTenant();
  const { mark } = env.place;
  const data = { client_name: 'Billing', tenantry_mark: markText(mark) };
  const { client_id: clientId } = await clients.create({ tenant_id: tenantId, data, origin_id: 'billing' });
  atDeletion({ answered: true });
  const spec = { cloud, originId: 'billing', secret: 'nobody’s', known: [], mark, came: { clientId }, unsure: true };

  await expect(attempt(env.activities.removeApiClients, { ...spec, doubted: false })).rejects.toMatchObject({
    type: 'Tenantry.Unexpected',
    message: expect.stringMatching(NO_EFFECT),
  });
});
