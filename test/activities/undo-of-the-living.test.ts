import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { markText } from '../../contract/mark.js';
import { attempt, customer, person, untilSuccess } from '../support/activity-environment.js';
import { consoleClient } from '../support/console.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({});
const byHand = () => consoleClient(env.simulator);
const ours = (tenantId: string) => ({ came: { tenantId, ownership: 'ours' } as const, name: customer.name });
const intoProduction = async (tenantId: string) => {
  const { version } = await byHand().pricing.get(tenantId);
  await byHand().pricing.put(tenantId, { version, mode: 'production' });
};
const takesOver = async (id: string) => await env.change(id, { internal_tag: 'crm-77' });
const movesIn = (tenantId: string) => env.simulator.world.addUser({ tenant_id: tenantId, login: 'stranger' });

/** Does something once, just before the cloud gets this call of ours. */
function before(call: RegExp, happen: () => unknown): void {
  let left = 1;
  env.beforeCall = (one) => (call.test(one) && left-- > 0 ? happen() : undefined);
}

describe('an undo leaves a tenant', () => {
  test.each<[string, RegExp, (id: string) => unknown, RegExp]>([
    ['that somebody takes over while it looks', /usages$/, takesOver, /crm-77/],
    ['that somebody takes over once it is switched off', /^DELETE/, takesOver, /crm-77/],
    ['into which somebody moves while it is switched off', /^PUT/, movesIn, /of somebody else live/],
    ['that goes into production while the undo looks', /usages$/, intoProduction, /production/],
  ])('%s, and names it', async (_words, call, happen, reason) => {
    const tenantId = await env.aTenant();
    before(call, async () => await happen(tenantId));

    const { undone, leftovers } = await env.undo(ours(tenantId));

    expect({ undone, leftovers }).toMatchObject({
      undone: false,
      leftovers: [{ id: tenantId, reason: expect.stringMatching(reason) }],
    });
    expect(env.ids()).toEqual([tenantId]);
  });

  test('into which somebody has moved switched on, with the tag that it had', async () => {
    const tenantId = await env.aTenant();
    before(/^PUT/, () => movesIn(tenantId));

    await env.undo(ours(tenantId));

    expect(env.simulator.world.tenant(tenantId)).toMatchObject({
      enabled: true,
      internal_tag: markText(env.place.mark),
    });
  });

  test('that somebody has switched on again after a deletion that failed', async () => {
    const tenantId = await env.aTenant();
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 503 });
    let deletions = 0;
    env.beforeCall = async (call) => {
      if (call.startsWith('DELETE')) deletions += 1;
      else if (deletions === 1) {
        deletions = 2;
        await env.change(tenantId, { enabled: true });
      }
    };

    const { leftovers } = await env.undo(ours(tenantId));

    expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining('switched it on again') }]);
  });

  test.each<[string, (id: string) => unknown, RegExp]>([
    ['is in production', intoProduction, /production/],
    ['has another name', async (id) => await env.change(id, { name: 'Acme GmbH' }), /Acme GmbH/],
    ['has a contract number', async (id) => await env.change(id, { customer_id: 'C-88' }), /C-88/],
    [
      'has another contact',
      async (id) => await env.change(id, { contact: { email: 'real@acme.example' } }),
      /contact was changed/,
    ],
    [
      'has a token by which agents register',
      async (id) => {
        const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];
        await byHand().registrationTokens.create(id, { expires_in: 86_400, scopes });
      },
      /token by which agents register/,
    ],
  ])('of an answered id that %s by now, and names it', async (_words, happen, reason) => {
    const tenantId = await env.aTenant();
    await happen(tenantId);

    const { leftovers } = await env.undo({ ...ours(tenantId), customerId: null, email: 'ordered@acme.example' });

    expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringMatching(reason) }]);
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
  });

  test.each<[string, (user: Record<string, unknown>) => Record<string, unknown>]>([
    ['does not say', ({ activated: _said, ...user }) => user],
    ['says in words', (user) => ({ ...user, activated: 'true' })],
  ])('of which the cloud %s whether its user is activated', async (_words, said) => {
    const tenantId = await env.aTenant();
    await env.aUser(tenantId);
    env.changeUsers = (rows) => rows.map((row) => ({ ...said(row), id: row.id }));

    const { leftovers } = await env.undo(ours(tenantId));

    expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining('got in') }]);
  });

  test('that was in an answer of the cloud and never appeared, and names it', async () => {
    const tenantId = randomUUID();

    const { undone, leftovers } = await env.undo({ ...ours(tenantId), unsure: true });

    expect({ undone, leftovers }).toMatchObject({
      undone: false,
      leftovers: [{ id: tenantId, reason: expect.stringContaining('may still appear') }],
    });
  });
});

describe('an undo removes a tenant', () => {
  test('that this run has put into production', async () => {
    const tenantId = await env.aTenant();
    await intoProduction(tenantId);

    expect(await env.undo({ ...ours(tenantId), production: true })).toMatchObject({ undone: true });
  });

  test('that an earlier try has switched off', async () => {
    const tenantId = await env.aTenant();
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 503 }, { times: 2 });

    expect(await env.undo(ours(tenantId))).toEqual({ undone: true, leftovers: [] });
    expect(env.ids()).toEqual([]);
  });

  test('whose user has the password of this run', async () => {
    const tenantId = await env.aTenant();
    await env.logIn(tenantId);

    expect(await env.undo({ ...ours(tenantId), passwordSet: true })).toMatchObject({ undone: true });
  });

  test('only once: nothing is left of one that a person has deleted', async () => {
    const tenantId = await env.aTenant();
    await env.change(tenantId, { enabled: false });
    await byHand().tenants.remove(tenantId, 2);

    expect((await env.undo(ours(tenantId))).leftovers).toEqual([]);
  });
});

test('a user who is given another role while an undo switches it off stays, and may log in', async () => {
  const tenantId = await env.aTenant();
  const userId = await env.aUser(tenantId);
  before(/^PUT \/users\/[^/]+$/, async () => {
    await byHand().users.replaceAccessPolicies(userId, [{ tenantId, roleId: 'company_admin' }]);
  });
  const place = { cloud: 'default', tenantId, person, role: 'backup_user' };
  const spec = { ...place, unsure: true, doubted: false, came: { userId, activated: false } };

  const { result } = await untilSuccess(env.activities.removeUser, spec);

  expect(result).toMatchObject({ undone: false, leftovers: [{ kind: 'user', id: userId }] });
  expect(env.simulator.world.users(tenantId)).toMatchObject([{ enabled: true }]);
});

test('a double that somebody starts to use while it is switched off stays', async () => {
  const tenantId = await env.aTenant();
  const internal_tag = markText(env.place.mark);
  const double = env.simulator.world.addTenant({ name: 'Acme again', internal_tag });
  before(/^PUT/, () => movesIn(double));

  const { result } = await attempt(env.activities.removeDoubles, { ...env.place, kind: 'customer', tenantId });

  expect(result).toMatchObject([{ id: double, reason: expect.stringContaining('of somebody else live') }]);
  expect(env.simulator.world.tenant(double)).toMatchObject({ enabled: true });
});
