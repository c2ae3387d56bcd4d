import { describe, expect, test } from '@jest/globals';
import { askToken, useCaller } from './caller.js';

const tree = { partners: 40, customers: 50, users: 1, edition: 'pck_per_gigabyte' };
const caller = useCaller({ tree });
const root = () => caller.simulator.rootTenantId;
type Shown = Record<string, unknown> & { id: string; name: string; parent_id: string };

/** Follows the cursors of a list to its end. */
async function all(path: string): Promise<Shown[]> {
  const found: Shown[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { body } = await caller.call('GET', next);
    found.push(...(body['items'] as Shown[]));
    const { after } = (body['paging'] as { cursors: { after?: string } }).cursors;
    next = after && `${path.split('?')[0]}?after=${after}&limit=300`;
  }
  return found;
}

test('a fixture plants thousands of tenants, and pages lead through all of them', async () => {
  const tenants = await all(`/tenants?subtree_root_id=${root()}&limit=300`);

  const planted = tenants.filter(({ name }) => /^(Partner|Customer) \d/.test(name));
  expect(planted).toHaveLength(40 + 40 * 50);
  expect(new Set(planted.map(({ id }) => id)).size).toBe(planted.length);
  expect(await all(`/users?subtree_root_tenant_id=${root()}&limit=300`)).toHaveLength(2 + 40 * 50);
});

test('planted tenants have the items of the edition that was asked for', async () => {
  const customer = (await all(`/tenants?subtree_root_id=${root()}`)).find(({ name }) => name === 'Customer 0003-0007')!;

  expect(new Set(caller.simulator.world.items(customer.id).map(({ edition }) => edition))).toEqual(
    new Set(['pck_per_gigabyte']),
  );
});

test('a tenant shows whether it has children', async () => {
  const { id } = await caller.aTenant();
  const seen = async () => (await caller.call('GET', `/tenants/${id}`)).body['has_children'];

  expect(await seen()).toBe(false);
  await caller.aTenant({ kind: 'unit', parent_id: id });
  expect(await seen()).toBe(true);
});

test('a long list can be asked for in short: only stamps, or only the basics', async () => {
  const { body } = await caller.call('GET', `/tenants?parent_id=${root()}&lod=basic&limit=1`);

  const stamps = ['contacts', 'created_at', 'deleted_at', 'id', 'offering_items', 'parent_id', 'updated_at', 'version'];
  expect(Object.keys((body['items'] as object[])[0]!).sort()).toEqual([...stamps, 'enabled', 'kind', 'name'].sort());
});

describe('a tenant that bars its ancestors', () => {
  const barred = async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const customer = await caller.aTenant({ parent_id: partner.id });
    const user = await caller.aUser(customer.id, { login: 'behind.the.bar' });
    await caller.call('PUT', `/tenants/${partner.id}`, { version: 1, ancestral_access: false });
    return { partner, customer, user };
  };

  test('is in the list of the tree with the level of its barrier, and nothing below it is', async () => {
    const { partner, customer } = await barred();

    const ids = (await all(`/tenants?subtree_root_id=${root()}&limit=300`)).map(({ id }) => id);

    expect([ids.includes(partner.id), ids.includes(customer.id)]).toEqual([true, false]);
    expect((await caller.call('GET', `/tenants/${partner.id}`)).body).toMatchObject({ barrier: 2 });
    expect((await caller.call('GET', `/tenants/${root()}`)).body).toMatchObject({ barrier: 0 });
  });

  test('keeps its users out of the list of all users and out of search, and lets nobody make a tenant in it', async () => {
    const { partner, user } = await barred();

    expect((await all(`/users?subtree_root_tenant_id=${root()}`)).map(({ id }) => id)).not.toContain(user.id);
    expect((await caller.call('GET', `/search?tenant=${root()}&text=behind`)).body['items']).toEqual([]);
    const inside = { name: 'Inside', kind: 'customer', parent_id: partner.id };
    expect((await caller.call('POST', '/tenants', inside)).status).toBe(403);
  });
});

describe('the tenant of a user', () => {
  test('is reached by its id and belongs to the user, and no list shows it', async () => {
    const { id } = await caller.aTenant();
    const user = await caller.aUser(id);
    const personal = String(user['personal_tenant_id']);

    const { body } = await caller.call('GET', `/tenants/${personal}`);

    expect(body).toMatchObject({ kind: 'unit', owner_id: user.id, parent_id: id });
    expect((await all(`/tenants?subtree_root_id=${id}`)).map((one) => one.id)).toEqual([id]);
    expect((await caller.call('GET', `/tenants/${id}`)).body).toMatchObject({ has_children: false });
  });

  test('takes quotas, but no item can be switched on or off in it', async () => {
    const { id } = await caller.aTenant();
    const offer = `/tenants/${root()}/offering_items/available_for_child?kind=customer`;
    const items = (await caller.call('GET', offer)).body['items'] as { name: string; application_id: string }[];
    const [workstations] = items
      .filter(({ name }) => name === 'workstations')
      .map(({ name, application_id }) => ({ name, application_id }));
    await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items: [workstations] });
    const user = await caller.aUser(id);
    const role = { trustee_id: user.id, tenant_id: id, role_id: 'backup_user' };
    await caller.call('PUT', `/users/${user.id}/access_policies`, { items: [role] });
    const put = async (change: object) =>
      (
        await caller.call('PUT', `/tenants/${String(user['personal_tenant_id'])}/offering_items`, {
          offering_items: [{ ...workstations, ...change }],
        })
      ).status;

    expect(await put({ quota: { value: 1, overage: 0, version: 0 } })).toBe(200);
    expect(await put({ status: 0 })).toBe(400);
    expect(await put({ name: 'servers' })).toBe(400);
  });

  test('is deleted and restored with the user', async () => {
    const { id } = await caller.aTenant();
    const user = await caller.aUser(id);
    const path = `/tenants/${String(user['personal_tenant_id'])}`;
    await caller.call('PUT', `/users/${user.id}`, { version: 1, enabled: false });
    await caller.call('DELETE', `/users/${user.id}?version=2`);

    expect((await caller.call('GET', path)).status).toBe(404);
    expect((await caller.call('POST', `/users/${user.id}/restore?enable=true`)).status).toBe(204);
    expect((await caller.call('GET', path)).status).toBe(200);
    expect((await caller.call('GET', `/users/${user.id}`)).body).toMatchObject({ enabled: true, deleted_at: null });
  });
});

test('a hidden tenant is 403 and in no list, and reappears as it was', async () => {
  const { id } = await caller.aTenant();
  const listed = async () => (await all(`/tenants?parent_id=${root()}`)).some((one) => one.id === id);
  caller.simulator.world.moveOutOfSight(id);

  expect([(await caller.call('GET', `/tenants/${id}`)).status, await listed()]).toEqual([403, false]);
  caller.simulator.world.moveIntoSight(id);
  expect([(await caller.call('GET', `/tenants/${id}`)).status, await listed()]).toEqual([200, true]);
});

test('long ids and numbers are resolved to each other, within the tree of the caller', async () => {
  const { id } = await caller.aTenant();
  const [{ id: number }] = (await caller.call('POST', '/tenants:resolve_ids', { items: [{ uuid: id }] })).body[
    'items'
  ] as [{ id: string }];

  const back = await caller.call('POST', '/tenants:resolve_ids', { items: [{ id: number }] });

  expect(number).toMatch(/^\d+$/);
  expect(back.body['items']).toEqual([{ id: number, uuid: id }]);
  const client = await caller.call('POST', '/clients', { type: 'api_client', tenant_id: id });
  const own = `${String(client.body['client_id'])}:${String(client.body['client_secret'])}`;
  const token = await askToken(caller.simulator.url, own, { grant_type: 'client_credentials' });
  caller.token = String(token.body['access_token']);
  expect((await caller.call('POST', '/tenants:resolve_ids', { items: [{ uuid: root() }] })).status).toBe(403);
});
