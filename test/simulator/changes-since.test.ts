import { describe, expect, test } from '@jest/globals';
import { useCaller } from './caller.js';

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

  test('of users, items and contacts have a zone; those of contacts are whole seconds', async () => {
    const { id } = await caller.aTenant();
    await caller.aUser(id);

    const users = await caller.call('GET', `/users?subtree_root_tenant_id=${id}`);
    const items = await caller.call('GET', `/tenants/offering_items?subtree_root_tenant_id=${root()}&limit=1`);

    const time = expect.stringMatching(zoned);
    const second = expect.stringMatching(/T\d\d:\d\d:\d\d\+00:00$/);
    const contact = { created_at: second, updated_at: second };
    expect(users.body).toMatchObject({ timestamp: time, items: [{ created_at: time, updated_at: time, contact }] });
    expect(items.body).toMatchObject({ timestamp: time, items: [{ updated_at: time }] });
    expect((await caller.call('GET', `/tenants/${id}`)).body).toMatchObject({ contact });
  });
});
