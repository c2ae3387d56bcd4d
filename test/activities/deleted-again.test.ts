import { describe, expect, test } from '@jest/globals';
import { attempt, untilSuccess } from '../support/activity-environment.js';
import { consoleClient } from '../support/console.js';
import { afterFirstPut, useTamperedEnvironment } from '../support/tampered-environment.js';
import { NO_EFFECT, RESTORED, troubledDeletions } from '../support/troubled-deletions.js';

const env = useTamperedEnvironment({});
const { atDeletion, lose } = troubledDeletions(env);
const cloud = 'default';
const including = { tenants: [], users: [], usage: {} };
const restore = async (id: string) => await consoleClient(env.simulator).tenants.restore(id);

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
    const deletions = atDeletion({ answered: true });

    await expect(untilSuccess(env.activities.deleteTenant, spec)).rejects.toMatchObject(asked(NO_EFFECT, version));
    expect([env.ids(), deletions()]).toEqual([[tenantId], 1]);
  });

  test('may take effect some seconds after its answer', async () => {
    const { tenantId, version, spec } = await doomed();
    let looks = 0;
    atDeletion({ answered: true });
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
    ['whose deletion was answered, but had no effect', () => atDeletion({ answered: true }), NO_EFFECT],
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
    env.beforeCall = afterFirstPut(async () => await env.change(tenantId, { enabled: true }));

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
