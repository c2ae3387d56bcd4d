import { describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { attempt, person, untilSuccess } from '../support/activity-environment.js';
import { markText } from '../../contract/mark.js';
import { consoleClient } from '../support/console.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({});
const cloud = 'default';
const including = { tenants: [], users: [], usage: {} };
const NO_EFFECT = /answered that it deleted it, and it is still there/;
const RESTORED = /somebody has restored it since/;

/** What happens at the first deletion of the vendor: before it, in its place, or after it. */
function atDeletion({ after, answer }: { after?: () => unknown; answer?: Response }) {
  let deletions = 0;
  let answered = false;
  let over = after === undefined;
  env.answerTo = (call) => {
    if (!call.startsWith('DELETE')) return undefined;
    deletions += 1;
    if (answered) return undefined;
    answered = true;
    return answer;
  };
  env.beforeCall = async (call) => {
    if (deletions === 0 || over || call.startsWith('DELETE')) return;
    over = true;
    // the cloud shows times in whole seconds
    await setTimeout(1000);
    await after?.();
  };
  return () => deletions;
}

const restore = async (id: string) => await consoleClient(env.simulator).tenants.restore(id);
const nothingDone = () => new Response(null, { status: 204 });
const lose = (route: string) => env.simulator.faults.next(route, 'commit-then-drop');

describe('the deletion of an offboarding', () => {
  async function doomed() {
    const tenantId = await env.aTenant();
    await env.change(tenantId, { enabled: false });
    const { name, kind, parent_id, version } = env.simulator.world.tenant(tenantId)!;
    const confirmed = { name, kind, parentTenantId: parent_id, version } as never;
    return { tenantId, version: version as number, spec: { cloud, tenantId, including, confirmed, look: false } };
  }
  const asked = (message: RegExp, version: number) => ({
    type: 'Tenantry.Unexpected',
    nonRetryable: true,
    message: expect.stringMatching(message),
    details: [expect.objectContaining({ shown: version })],
  });

  test('without an answer counts as done when the customer is deleted', async () => {
    const { spec } = await doomed();
    lose('DELETE /tenants/{id}');
    const deletions = atDeletion({});

    expect(await untilSuccess(env.activities.deleteTenant, spec)).toMatchObject({ changed: true });
    expect([env.ids(), deletions()]).toEqual([[], 1]);
  });

  test('that failed without an effect is repeated without a question', async () => {
    const { spec } = await doomed();
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 503 });

    await untilSuccess(env.activities.deleteTenant, spec);

    expect(env.ids()).toEqual([]);
  });

  test('without an answer is not repeated when somebody has restored the customer; a person is asked', async () => {
    const { tenantId, version, spec } = await doomed();
    lose('DELETE /tenants/{id}');
    const deletions = atDeletion({ after: async () => await restore(tenantId) });

    await expect(untilSuccess(env.activities.deleteTenant, spec)).rejects.toMatchObject(asked(RESTORED, version));

    expect([env.ids(), deletions()]).toEqual([[tenantId], 1]);
  });

  test('is repeated by a later call only for a person who has looked', async () => {
    const { tenantId, version, spec } = await doomed();
    const later = { ...spec, look: true, unsure: true };

    await expect(attempt(env.activities.deleteTenant, later)).rejects.toMatchObject(asked(RESTORED, version));
    expect(env.ids()).toEqual([tenantId]);
    await attempt(env.activities.deleteTenant, { ...later, shown: version });
    expect(env.ids()).toEqual([]);
  });

  test('is not believed: when the customer is still there, a person is asked', async () => {
    const { tenantId, version, spec } = await doomed();
    const deletions = atDeletion({ answer: nothingDone() });

    await expect(untilSuccess(env.activities.deleteTenant, spec)).rejects.toMatchObject(asked(NO_EFFECT, version));
    expect([env.ids(), deletions()]).toEqual([[tenantId], 1]);
  });

  test('may take effect some seconds after its answer', async () => {
    const { tenantId, version, spec } = await doomed();
    let looks = 0;
    atDeletion({ answer: nothingDone() });
    const deleteLater = async () => await consoleClient(env.simulator).tenants.remove(tenantId, version);
    const { answerTo } = env;
    env.beforeCall = async (call) => {
      if (call.startsWith('GET /tenants/') && looks > 0 && (looks += 1) === 3) await deleteLater();
    };
    env.answerTo = (call) => {
      if (call.startsWith('DELETE')) looks = 1;
      return answerTo(call);
    };

    await untilSuccess(env.activities.deleteTenant, spec);

    expect(env.ids()).toEqual([]);
  });

  test('stops at a single change by others that came just before it', async () => {
    const { tenantId, version, spec } = await doomed();
    let given = false;
    env.beforeCall = async (call) => {
      if (given || !call.startsWith('DELETE')) return;
      given = true;
      await env.change(tenantId, { contact: { email: 'boss@other.example' } });
    };

    await expect(untilSuccess(env.activities.deleteTenant, spec)).rejects.toMatchObject(
      asked(/somebody has changed/, version + 1),
    );
    expect(env.ids()).toEqual([tenantId]);
  });
});

describe('the undo of a customer', () => {
  const ours = (tenantId: string) => ({ came: { tenantId, ownership: 'ours' } });

  test('deletes again after a failure without an effect', async () => {
    const tenantId = await env.aTenant();
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 503 });

    expect(await env.undo(ours(tenantId))).toEqual({ undone: true, leftovers: [] });
    expect(env.ids()).toEqual([]);
  });

  test.each<[string, (id: string) => () => number, RegExp]>([
    [
      'whose deletion got no answer, and whom somebody has restored',
      (id) => {
        lose('DELETE /tenants/{id}');
        return atDeletion({ after: async () => await restore(id) });
      },
      RESTORED,
    ],
    ['whose deletion was answered, but had no effect', () => atDeletion({ answer: nothingDone() }), NO_EFFECT],
  ])('names one %s', async (_words, happen, reason) => {
    const tenantId = await env.aTenant();
    const deletions = happen(tenantId);

    const { undone, leftovers } = await env.undo(ours(tenantId));

    expect({ undone, leftovers }).toMatchObject({
      undone: false,
      leftovers: [{ kind: 'tenant', id: tenantId, reason: expect.stringMatching(reason) }],
    });
    expect([env.ids(), deletions()]).toEqual([[tenantId], 1]);
  });
});

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
    atDeletion({ answer: nothingDone() });

    expect(await undo()).toMatchObject({ leftovers: [{ id: userId, reason: expect.stringMatching(NO_EFFECT) }] });
    expect(users().length).toBe(1);
  });

  test('leaves one alone whom somebody has switched on again after a call without an answer', async () => {
    const { userId, undo, users } = await aUser();
    lose('PUT /users/{id}');
    let puts = 0;
    env.beforeCall = async (call) => {
      if (call.startsWith('PUT')) puts += 1;
      else if (puts === 1) {
        puts = 2;
        await byHand().update(userId, { version: (await byHand().get(userId)).version, enabled: true });
      }
    };

    expect(await undo()).toMatchObject({
      undone: false,
      leftovers: [{ id: userId, reason: expect.stringContaining('switched it on again') }],
    });
    expect(users()).toEqual([{ id: userId, enabled: true }]);
  });
});

describe('a customer whose disabling got no answer', () => {
  async function lost() {
    const tenantId = await env.aTenant();
    const since = env.simulator.world.tenant(tenantId)!.version as number;
    return { tenantId, since, spec: { cloud, tenantId, since, look: false } };
  }
  const isEnabled = (id: string) => env.simulator.world.tenant(id)!.enabled;

  test('and whom somebody has enabled is not disabled again; a person is asked', async () => {
    const { tenantId, since, spec } = await lost();
    lose('PUT /tenants/{id}');
    let puts = 0;
    env.beforeCall = async (call) => {
      if (call.startsWith('PUT')) puts += 1;
      else if (puts === 1) {
        puts = 2;
        await env.change(tenantId, { enabled: true });
      }
    };

    await expect(untilSuccess(env.activities.disableTenant, spec)).rejects.toMatchObject({
      type: 'Tenantry.Unexpected',
      message: expect.stringContaining('perhaps somebody has taken it back'),
      details: [expect.objectContaining({ shown: since + 2 })],
    });
    expect(isEnabled(tenantId)).toBe(true);
    await attempt(env.activities.disableTenant, { ...spec, look: true, unsure: true, shown: since + 2 });
    expect(isEnabled(tenantId)).toBe(false);
  });

  test.each(['commit-then-drop', 'drop-before'] as const)('is disabled without a question (%s)', async (fault) => {
    const { tenantId, spec } = await lost();
    env.simulator.faults.next('PUT /tenants/{id}', fault);

    await untilSuccess(env.activities.disableTenant, spec);

    expect(isEnabled(tenantId)).toBe(false);
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
    const deletions = atDeletion({ answer: nothingDone() });

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
  atDeletion({ answer: nothingDone() });
  const spec = { cloud, originId: 'billing', secret: 'nobody’s', known: [], mark, came: { clientId }, unsure: true };

  await expect(attempt(env.activities.removeApiClients, { ...spec, doubted: false })).rejects.toMatchObject({
    type: 'Tenantry.Unexpected',
    message: expect.stringMatching(NO_EFFECT),
  });
});
