import { describe, expect, test } from '@jest/globals';
import { useCaller } from './caller.js';
import { BACKUP } from './replay.js';

type Row = Record<string, unknown> & { id: string };
type Policy = { id: string; role_id: string; deleted_at: string | null };
const caller = useCaller();
const root = () => caller.simulator.rootTenantId;
const list = async (path: string): Promise<Row[]> => (await caller.call('GET', path)).body['items'] as Row[];
const idsOf = async (path: string) => (await list(path)).map(({ id }) => id);

/** A customer with a user. */
async function aCustomer() {
  const tenant = await caller.aTenant({ contact: { email: 'office@example.com', firstname: 'Jane' } });
  return { tenant, user: await caller.aUser(tenant.id) };
}

describe('roles in the list of users', () => {
  const give = async (userId: string, tenantId: string, roles: string[]) => {
    const items = roles.map((role_id) => ({ trustee_id: userId, tenant_id: tenantId, role_id }));
    await caller.call('PUT', `/users/${userId}/access_policies`, { items });
  };
  const rolesOf = async (id: string, more = '') => {
    const [user] = await list(`/users?uuids=${id}&with_access_policies=true${more}`);
    return (user?.['access_policies'] ?? []) as Policy[];
  };
  const named = (policies: Policy[]) => policies.map(({ role_id, deleted_at }) => [role_id, deleted_at !== null]);

  test('that were taken are there only with allow_deleted, under their old ids and with deleted_at', async () => {
    const { tenant, user } = await aCustomer();
    await give(user.id, tenant.id, ['company_admin']);
    const [had] = await rolesOf(user.id);

    await give(user.id, tenant.id, ['backup_user']);

    expect(named(await rolesOf(user.id))).toEqual([['backup_user', false]]);
    const all = await rolesOf(user.id, '&allow_deleted=true');
    expect(named(all)).toEqual([
      ['company_admin', true],
      ['backup_user', false],
    ]);
    expect(all[0]!.id).toBe(had!.id);
    const { body } = await caller.call('GET', `/users/${user.id}/access_policies`);
    expect(named(body['items'] as Policy[])).toEqual([['backup_user', false]]);
  });

  test('of a deleted user are all taken, and come back with the user', async () => {
    const { tenant, user } = await aCustomer();
    await give(user.id, tenant.id, ['company_admin']);
    await caller.call('PUT', `/users/${user.id}`, { version: 1, enabled: false });
    await caller.call('DELETE', `/users/${user.id}?version=2`);

    expect(named(await rolesOf(user.id, '&allow_deleted=true'))).toEqual([['company_admin', true]]);
    await caller.call('POST', `/users/${user.id}/restore`);
    expect(named(await rolesOf(user.id, '&allow_deleted=true'))).toEqual([['company_admin', false]]);
  });
});

describe('with allow_deleted', () => {
  const workstations = { application_id: BACKUP, name: 'workstations' };
  const aDeletedCustomer = async () => {
    const customer = await aCustomer();
    const { id } = customer.tenant;
    await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items: [workstations] });
    await caller.call('PUT', `/tenants/${id}`, { version: 1, enabled: false });
    await caller.call('DELETE', `/tenants/${id}?version=2`);
    return customer;
  };

  test('the users of a deleted tenant are in the lists of users', async () => {
    const since = encodeURIComponent(new Date().toISOString());
    const { tenant, user } = await aDeletedCustomer();
    const lists = [
      `/users?subtree_root_tenant_id=${root()}&updated_since=${since}`,
      `/users?subtree_root_tenant_id=${tenant.id}`,
      `/users?uuids=${user.id}`,
    ];

    for (const path of lists) expect([path, await idsOf(`${path}&allow_deleted=true`)]).toEqual([path, [user.id]]);
    expect(await idsOf(lists[0]!)).toEqual([]);
    expect((await caller.call('GET', lists[1]!)).status).toBe(404);
  });

  test('the items of a deleted tenant are off, and on again after a restore', async () => {
    const { tenant } = await aDeletedCustomer();
    const both = async () => [
      ...((await list(`/tenants?uuids=${tenant.id}&allow_deleted=true&with_offering_items=true`))[0]![
        'offering_items'
      ] as Row[]),
      ...(await list(`/tenants/offering_items?subtree_root_tenant_id=${tenant.id}&allow_deleted=true`)),
    ];

    const off = expect.objectContaining({ name: 'workstations', status: 0, deleted_at: expect.any(String) });
    expect(await both()).toEqual([off, off]);
    expect((await caller.call('GET', `/tenants/offering_items?subtree_root_tenant_id=${tenant.id}`)).status).toBe(404);
    const [{ updated_at }] = (await both()) as [Row];
    await caller.call('POST', `/tenants/${tenant.id}/restore`);
    const on = expect.objectContaining({ name: 'workstations', status: 1, deleted_at: null });
    expect(await both()).toEqual([on, on]);
    const since = `/tenants/offering_items?subtree_root_tenant_id=${root()}&updated_since=${String(updated_at)}`;
    expect(await list(since)).toEqual([on]);
  });
});

test('contacts are in the list of tenants only if asked for', async () => {
  const { tenant } = await aCustomer();
  const contactsIn = async (more: string) => (await list(`/tenants?uuids=${tenant.id}${more}`))[0]!['contacts'];

  expect(await contactsIn('')).toEqual([]);
  const contact = expect.objectContaining({ email: 'office@example.com', firstname: 'Jane' });
  expect(await contactsIn('&with_contacts=true')).toEqual([contact]);
});

test('a list of users in short form has stamps only, or the basics too', async () => {
  const { tenant, user } = await aCustomer();
  const fieldsAt = async (lod: string) => {
    const [row] = await list(`/users?subtree_root_tenant_id=${tenant.id}&lod=${lod}`);
    return Object.keys(row!).sort();
  };

  const times = ['created_at', 'updated_at', 'deleted_at', 'disable_after'];
  const stamps = ['id', 'version', 'tenant_id', 'access_policies', 'origin_id', 'origin_external_id', ...times];
  expect(await fieldsAt('stamps')).toEqual(stamps.sort());
  const basics = ['personal_tenant_id', 'login', 'enabled', 'session_mfa_status'];
  expect(await fieldsAt('basic')).toEqual([...stamps, ...basics].sort());
  expect(await fieldsAt('full')).toEqual([...Object.keys(user), 'access_policies'].sort());
});
