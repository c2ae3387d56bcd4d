import { describe, expect, test } from '@jest/globals';
import { useCaller } from './caller.js';
import { BACKUP } from './replay.js';

type Row = Record<string, unknown> & { id: string };
const caller = useCaller();
const root = () => caller.simulator.rootTenantId;
const list = async (path: string): Promise<Row[]> => (await caller.call('GET', path)).body['items'] as Row[];
const idsOf = async (path: string) => (await list(path)).map(({ id }) => id);
const secondOf = (time: unknown) => `${String(time).slice(0, 19)}Z`;

describe('updated_since', () => {
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

  test('of a whole second includes what changed later in that second', async () => {
    const tenant = await caller.aTenant();
    const user = await caller.aUser(tenant.id);

    const tenants = `/tenants?subtree_root_id=${root()}&updated_since=${secondOf(tenant['updated_at'])}`;
    expect(await idsOf(tenants)).toContain(tenant.id);
    const users = `/users?subtree_root_tenant_id=${root()}&updated_since=${secondOf(user['updated_at'])}`;
    expect(await idsOf(users)).toContain(user.id);
  });

  test('is compared as a time, in any zone and without one', async () => {
    const { id } = await caller.aTenant();
    const earlier = '2026-01-01T00:00:00';
    const since = (time: string) => `/tenants?uuids=${id}&updated_since=${encodeURIComponent(time)}`;

    for (const time of [earlier, `${earlier}Z`, `${earlier}.5+02:00`]) expect(await idsOf(since(time))).toEqual([id]);
    expect(await idsOf(since(inAnHour()))).toEqual([]);
    expect((await caller.call('GET', since('yesterday'))).status).toBe(400);
  });
});

/** Waits for the next millisecond and says which it is: what changes from now on has changed since. */
async function fromNow(): Promise<string> {
  const before = Date.now();
  while (Date.now() === before) await new Promise((resolve) => setTimeout(resolve, 1));
  return encodeURIComponent(new Date().toISOString());
}

type Change = [method: string, path: string, body?: unknown];

describe('what counts as a change', () => {
  const usersSince = async (since: string) =>
    await idsOf(`/users?subtree_root_tenant_id=${root()}&updated_since=${since}`);
  const tenantsSince = async (since: string) =>
    await idsOf(`/tenants?subtree_root_id=${root()}&updated_since=${since}`);
  const workstations = { application_id: BACKUP, name: 'workstations' };

  test('of a user: other roles, a password, another setting of the second factor', async () => {
    const { id: tenantId } = await caller.aTenant();
    const { id } = await caller.aUser(tenantId);
    const role = { trustee_id: id, tenant_id: tenantId, role_id: 'company_admin' };

    const changes: Change[] = [
      ['PUT', `/users/${id}/access_policies`, { items: [role] }],
      ['PUT', `/users/${id}/access_policies`, { items: [] }],
      ['POST', `/users/${id}/password`, { password: 'p4ssword' }],
      ['PUT', `/users/${id}/mfa/status`, { enabled: true }],
    ];
    for (const change of changes) {
      const since = await fromNow();
      expect(await usersSince(since)).toEqual([]);
      await caller.call(...change);
      expect([...change, await usersSince(since)]).toEqual([...change, [id]]);
    }
    expect((await caller.call('GET', `/users/${id}`)).body).toMatchObject({ version: 1 });
  });

  test('of a tenant: its items, services, edition, pricing mode and second factor', async () => {
    const { id } = await caller.aTenant();
    const { version } = caller.simulator.world.pricing(id)!;

    const changes: Change[] = [
      ['PUT', `/tenants/${id}/offering_items`, { offering_items: [workstations] }],
      ['PUT', `/tenants/${id}/edition`, { application_id: BACKUP, target_edition: 'pck_per_gigabyte' }],
      ['PUT', `/tenants/${id}/pricing`, { version, mode: 'production' }],
      ['PUT', `/tenants/${id}/mfa/status`, { enabled: true }],
      ['POST', `/applications/${BACKUP}/bindings/tenants/${id}`],
      ['DELETE', `/applications/${BACKUP}/bindings/tenants/${id}`],
    ];
    for (const change of changes) {
      const since = await fromNow();
      expect(await tenantsSince(since)).toEqual([]);
      await caller.call(...change);
      expect([...change, await tenantsSince(since)]).toEqual([...change, [id]]);
    }
    expect((await caller.call('GET', `/tenants/${id}`)).body).toMatchObject({ version: 1 });
  });

  test('of an item: that it goes off because it went off above, and so its tenant has changed too', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const { id } = await caller.aTenant({ parent_id: partner.id });
    for (const tenant of [partner.id, id])
      await caller.call('PUT', `/tenants/${tenant}/offering_items`, { offering_items: [workstations] });
    const since = await fromNow();

    const offering_items = [{ ...workstations, status: 0 }];
    await caller.call('PUT', `/tenants/${partner.id}/offering_items`, { offering_items });

    const below = await list(`/tenants/offering_items?subtree_root_tenant_id=${id}&updated_since=${since}`);
    expect(below).toEqual([expect.objectContaining({ name: 'workstations', status: 0 })]);
    expect(await tenantsSince(since)).toEqual([partner.id, id]);
  });
});

describe('times', () => {
  const bare = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
  const zoned = /T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

  test('of a tenant have neither fraction nor zone, also when it is deleted; nor has the time of their list', async () => {
    const { id } = await caller.aTenant();
    caller.simulator.world.remove(id);

    const { body } = await caller.call('GET', `/tenants?uuids=${id}&allow_deleted=true`);

    const time = expect.stringMatching(bare);
    expect(body).toMatchObject({ timestamp: time, items: [{ created_at: time, updated_at: time, deleted_at: time }] });
  });

  test('of users, items and contacts have a zone; those of users and contacts are whole seconds', async () => {
    const { id } = await caller.aTenant();
    await caller.aUser(id);

    const users = await caller.call('GET', `/users?subtree_root_tenant_id=${id}`);
    const items = await caller.call('GET', `/tenants/offering_items?subtree_root_tenant_id=${root()}&limit=1`);

    const time = expect.stringMatching(zoned);
    const second = expect.stringMatching(/T\d\d:\d\d:\d\dZ$/);
    const contact = { created_at: second, updated_at: second };
    expect(users.body).toMatchObject({ timestamp: time, items: [{ ...contact, contact }] });
    expect(items.body).toMatchObject({ timestamp: time, items: [{ updated_at: time }] });
    expect((await caller.call('GET', `/tenants/${id}`)).body).toMatchObject({ contact });
  });
});
