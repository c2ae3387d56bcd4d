import { describe, expect, test } from '@jest/globals';
import { createAcronis } from '../../acronis/index.js';
import { markText } from '../../contract/mark.js';
import { attempt, customer } from '../support/activity-environment.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({});

describe('an undo', () => {
  test('does not believe that a tenant is gone while its parent cannot be seen into', async () => {
    const folder = env.simulator.world.addTenant({ name: 'Folder', kind: 'partner' });
    const place = { ...env.place, parentTenantId: folder };
    const { result } = await attempt(env.activities.ensureCustomerTenant, { ...place, customer, look: false });
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 404 }, { times: 9 });
    env.changeTenant = (tenant) => (tenant.id === folder ? { ...tenant, ancestral_access: false } : tenant);
    let lists = 0;
    env.changeTenants = (all) => ((lists += 1) % 2 === 1 ? all : []);

    await expect(
      env.undo({ parentTenantId: folder, came: { tenantId: result.tenantId, ownership: 'ours' } }),
    ).rejects.toMatchObject({ type: 'Acronis.NotFound' });
  });

  test('names the tenant that it was to remove when somebody has written another tag on it', async () => {
    const tenantId = await env.aTenant();
    await env.change(tenantId, { internal_tag: 'crm-77' });

    const { undone, leftovers } = await env.undo({ came: { tenantId, ownership: 'ours' } });

    expect({ undone, leftovers }).toMatchObject({
      undone: false,
      leftovers: [{ id: tenantId, reason: expect.stringContaining('crm-77') }],
    });
    expect(env.ids()).toEqual([tenantId]);
  });

  test('names the tenant when somebody has moved it', async () => {
    const tenantId = await env.aTenant();
    const folder = env.simulator.world.addTenant({ name: 'Folder', kind: 'partner' });
    await env.change(tenantId, { parent_id: folder });

    const { leftovers } = await env.undo({ came: { tenantId, ownership: 'ours' } });

    expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining(folder) }]);
  });

  test('leaves a sign on a tenant that it could switch off, but not delete', async () => {
    const tenantId = await env.aTenant();
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 });

    await expect(env.undo()).rejects.toMatchObject({ type: 'Acronis.Forbidden' });

    expect(env.simulator.world.tenant(tenantId)).toMatchObject({
      enabled: false,
      internal_tag: `${markText(env.place.mark)}:undoing:2`,
    });
  });

  test('leaves a tenant alone to which somebody has copied the tag of the one that the run has made', async () => {
    const tenantId = await env.aTenant();
    const copy = env.simulator.world.addTenant({ name: 'A customer of long ago', kind: 'customer' });
    await env.change(copy, { internal_tag: markText(env.place.mark) });

    const { undone, leftovers } = await env.undo({ came: { tenantId, ownership: 'ours' }, name: customer.name });

    expect({ undone, leftovers }).toEqual({ undone: true, leftovers: [] });
    expect(env.ids()).toEqual([copy]);
  });

  test('names a tenant with its tag and another name when it is not known which tenant the run has made', async () => {
    const copy = env.simulator.world.addTenant({ name: 'A customer of long ago', kind: 'customer' });
    await env.change(copy, { internal_tag: markText(env.place.mark) });

    const { leftovers } = await env.undo({ came: null, doubted: true, unsure: true, name: customer.name });

    expect(leftovers).toMatchObject([{ id: copy, reason: expect.stringContaining('A customer of long ago') }]);
    expect(env.ids()).toEqual([copy]);
  });

  test('names a tenant with its tag that was made long before the run', async () => {
    const tenantId = await env.aTenant();

    const { leftovers } = await env.undo({ came: null, doubted: true, unsure: true, since: '2099-01-01T00:00:00Z' });

    expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining('it was made at') }]);
  });

  test('leaves a customer whose administrator has followed the invitation', async () => {
    const tenantId = await env.aTenant();
    await env.logIn(tenantId);

    const { leftovers } = await env.undo({ came: { tenantId, ownership: 'ours' } });

    expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining('invitation') }]);
    expect(env.ids()).toEqual([tenantId]);
  });

  describe('for an API client that may not see agents', () => {
    const AGENTS = 'GET /api/agent_manager/v2/agents';
    const blind = (refuse: number) => env.simulator.faults.next(AGENTS, { refuse }, { times: 99 });
    const since = () => new Date().toISOString();
    const ours = (tenantId: string) => ({ tenantId, ownership: 'ours' }) as const;

    test.each([403, 404])('names a tenant that it only found (%i)', async (refuse) => {
      const tenantId = await env.aTenant();
      env.simulator.world.addMachine({ tenantId, hostname: 'pc-1' });
      blind(refuse);

      const { undone, leftovers } = await env.undo({ came: ours(tenantId), doubted: true, since: since() });

      expect({ undone, leftovers }).toMatchObject({
        undone: false,
        leftovers: [{ id: tenantId, reason: expect.stringContaining('agents may not be seen') }],
      });
      expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
    });

    test('names a tenant whose number it may not know', async () => {
      const tenantId = await env.aTenant();
      env.simulator.faults.next('GET /api/1/groups/{id}', { refuse: 403 }, { times: 99 });

      expect((await env.undo()).leftovers).toMatchObject([
        { id: tenantId, reason: expect.stringContaining('agents may not be seen') },
      ]);
    });

    test('removes a tenant that its own call has just made, in which nobody can have registered one', async () => {
      const tenantId = await env.aTenant();
      await env.aUser(tenantId);
      blind(403);

      const { undone, leftovers } = await env.undo({ came: ours(tenantId), since: since() });

      expect({ undone, leftovers }).toEqual({ undone: true, leftovers: [] });
      expect(env.ids()).toEqual([]);
    });

    test.each<[string, RegExp, (tenantId: string) => Promise<void>]>([
      [
        'somebody has issued a token by which agents register',
        /has issued a token/,
        async (tenantId) => {
          const { url: baseUrl, clientId, clientSecret } = env.simulator;
          const person = createAcronis({ baseUrl, clientId, clientSecret, version: 'console' });
          const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];
          await person.registrationTokens.create(tenantId, { expires_in: 86_400, scopes });
        },
      ],
      ['its user can log in', /agents may not be seen/, async (tenantId) => await env.logIn(tenantId)],
      [
        'the tokens may not be seen either',
        /tokens may not be seen/,
        async () => env.simulator.faults.next('GET /tenants/{id}/registration_tokens', { refuse: 403 }, { times: 99 }),
      ],
    ])('names even a tenant that its own call has made when %s', async (_what, reason, happen) => {
      const tenantId = await env.aTenant();
      await happen(tenantId);
      blind(403);

      const { leftovers } = await env.undo({ came: ours(tenantId), since: since(), passwordSet: true });

      expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringMatching(reason) }]);
      expect(env.ids()).toEqual([tenantId]);
    });

    test("names a tenant whose age nobody knows, because the worker's clock is behind", async () => {
      const tenantId = await env.aTenant();
      blind(403);

      const { leftovers } = await env.undo({
        came: ours(tenantId),
        since: new Date(Date.now() + 3_600_000).toISOString(),
      });

      expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining('agents may not be seen') }]);
    });

    test("names a tenant that was made long ago by Temporal's clock, when the worker's clock is behind", async () => {
      const tenantId = await env.aTenant();
      blind(403);
      const spec = { ...env.place, logins: [], unsure: false, came: ours(tenantId), since: since() };
      const times = { currentAttemptScheduledTimestampMs: Date.now() + 2 * 3_600_000 };

      const { result } = await attempt(env.activities.removeCustomerTenant, spec, 1, times);

      expect(result.leftovers).toMatchObject([
        { id: tenantId, reason: expect.stringContaining('agents may not be seen') },
      ]);
    });

    test('names a tenant that it has made so long ago that a token may have ended meanwhile', async () => {
      const tenantId = await env.aTenant();
      blind(403);

      const { leftovers } = await env.undo({ came: ours(tenantId), since: '2024-01-01T00:00:00Z' });

      expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining('agents may not be seen') }]);
    });
  });

  test.each([
    ['users', 'GET /users', /its users may not be seen/],
    ['tenants below it', 'GET /tenants/{id}/children', /the tenants below it may not be seen/],
    ['usage', 'GET /tenants/{id}/usages', /its usage may not be seen/],
  ])('names a tenant whose %s may not be seen', async (_what, route, reason) => {
    const tenantId = await env.aTenant();
    env.simulator.faults.next(route, { refuse: 403 }, { times: 99 });

    const { leftovers } = await env.undo({ came: { tenantId, ownership: 'ours' }, since: new Date().toISOString() });

    expect(leftovers).toMatchObject([{ id: tenantId, reason: expect.stringMatching(reason) }]);
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
  });

  test('names a tenant whose users only its customer may see', async () => {
    const tenantId = await env.aTenant();
    await env.change(tenantId, { ancestral_access: false });

    expect((await env.undo()).leftovers).toMatchObject([{ id: tenantId, reason: expect.stringContaining('alone') }]);
  });
});
