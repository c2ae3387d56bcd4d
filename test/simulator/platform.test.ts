import { expect, test } from '@jest/globals';
import { askToken, codeOf, useCaller } from './caller.js';
import { BACKUP } from './replay.js';

const caller = useCaller();
const root = () => caller.simulator.rootTenantId;
const get = async (path: string) => (await caller.call('GET', path)).body;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

test('the platform says its version, to callers with a token', async () => {
  const { application } = (await get('/versions')) as { application: { version: string } };

  expect(Number(application.version.split('.')[0])).toBeGreaterThanOrEqual(8);
  caller.token = 'none';
  expect((await caller.call('GET', '/versions')).status).toBe(401);
});

test('the editions are those of the items that there are', async () => {
  const items = (await get(`/tenants/${root()}/offering_items?edition=*`))['items'] as { edition: string | null }[];

  const editions = (await get('/editions'))['items'];

  expect(editions).toContain('standard');
  expect(new Set(editions as string[])).toEqual(new Set(items.flatMap(({ edition }) => edition ?? [])));
});

test('a tenant and a location have storages by id, whose particulars are asked for in a second call', async () => {
  const storages = (await get(`/tenants/${root()}/infra`))['infras'] as string[];
  const [location] = (await get(`/tenants/${root()}/locations`))['locations'] as [string];

  const { items } = (await get(`/infra?uuids=${[...storages, UNKNOWN].join(',')}`)) as {
    items: Record<string, unknown>[];
  };

  expect(items.map(({ id }) => id)).toEqual(storages);
  expect(new Set(items.map((one) => one['location_id']))).toEqual(new Set([location]));
  expect((await get(`/locations/${location}/infra`))['infras']).toEqual(storages);
  expect(await get(`/infra/${storages[0]}`)).toEqual(items[0]);
  expect((await caller.call('GET', `/infra/${UNKNOWN}`)).status).toBe(404);
});

test('locations are told by their ids; one that is not there is left out of a list, and 404 alone', async () => {
  const [id] = (await get(`/tenants/${root()}/locations`))['locations'] as [string];
  const owner = { owner_tenant_id: expect.any(String), platform_owned: true };
  const location = { id, name: expect.any(String), ...owner, version: 1, readonly: true };

  expect(await get(`/locations?uuids=${id},${UNKNOWN}`)).toEqual({ items: [location] });
  expect(await get(`/locations/${id}`)).toEqual(location);
  expect((await caller.call('GET', `/locations/${UNKNOWN}`)).status).toBe(404);
});

test('the items of one service are listed by edition, as those of all services are', async () => {
  const namesOf = async (application: string, query = '') => {
    const { items } = await get(`/tenants/${root()}/applications/${application}/offering_items${query}`);
    return (items as { name: string; application_id: string }[]).map((one) => [one.application_id, one.name]);
  };

  const all = await namesOf(BACKUP, '?edition=*');
  expect(all).toEqual(
    expect.arrayContaining([
      [BACKUP, 'workstations'],
      [BACKUP, 'pg_base_workstations'],
    ]),
  );
  expect(new Set(all.map(([application]) => application))).toEqual(new Set([BACKUP]));
  expect(await namesOf(BACKUP)).not.toContainEqual([BACKUP, 'pg_base_workstations']);
  expect((await caller.call('GET', `/tenants/${root()}/applications/${UNKNOWN}/offering_items`)).status).toBe(404);
});

test('the roles of a tenant are those of its services and its kind; the default ones can be given together', async () => {
  const { id } = await caller.aTenant();
  type Row = { role: string; is_default: boolean; application_id: string };
  const rolesOf = async (tenantId: string) => (await get(`/tenants/${tenantId}/applications/roles`))['items'] as Row[];
  expect((await rolesOf(id)).map(({ role }) => role)).toEqual(['company_admin', 'readonly_admin']);
  await caller.call('POST', `/applications/${BACKUP}/bindings/tenants/${id}`);

  const rows = await rolesOf(id);

  expect(rows).toContainEqual({ application_id: BACKUP, role: 'backup_user', is_default: true });
  expect(rows.map(({ role }) => role)).not.toContain('partner_admin');
  expect((await rolesOf(root())).map(({ role }) => role)).toContain('partner_admin');
  const user = await caller.aUser(id);
  const items = rows
    .filter(({ is_default }) => is_default)
    .map(({ role }) => ({ trustee_id: user.id, tenant_id: id, role_id: role }));
  expect((await caller.call('PUT', `/users/${user.id}/access_policies`, { items })).status).toBe(200);
});

test('a service reports what was used, without saying that it sends JSON; each wrong entry has an error', async () => {
  const { id } = await caller.aTenant();
  const offering_items = [{ application_id: BACKUP, name: 'workstations' }];
  await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items });
  const right = { tenant_id: id, offering_item: 'workstations', usage_value: 7 };
  const wrong = [
    { ...right, tenant_id: UNKNOWN },
    { ...right, offering_item: 'servers' },
    { ...right, usage_value: -1 },
    { ...right, infra_id: UNKNOWN },
    { resource_id: 'x', usage_type: 'storage', usage_value: 1 },
    { offering_item: 'workstations', usage_value: 1 },
  ];

  const answer = await fetch(`${caller.simulator.url}/api/2/tenants/usages`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${caller.token}` },
    body: new TextEncoder().encode(JSON.stringify({ items: [right, ...wrong] })),
  });

  const { items } = (await answer.json()) as { items: { error?: { error: { message: string } } }[] };
  expect(answer.status).toBe(200);
  expect(items.map(({ error }) => error !== undefined)).toEqual([false, ...wrong.map(() => true)]);
  expect(items[0]).toEqual({ tenant_id: id, offering_item: 'workstations' });
  expect(items[2]).toMatchObject({ offering_item: 'servers', error: { error: { code: 1021 } } });
  const used = (await get(`/tenants/${id}/usages`))['items'];
  expect(used).toContainEqual(expect.objectContaining({ name: 'workstations', value: 7 }));
});

test('a feature has no usage to report, and nobody reports for a tenant that is not below', async () => {
  const { id } = await caller.aTenant();
  const offering_items = [{ application_id: BACKUP, name: 'device_control' }];
  await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items });
  const put = async (items: object[]) => (await caller.call('PUT', '/tenants/usages', { items })).body['items'];

  const feature = { tenant_id: id, offering_item: 'device_control', usage_value: 1 };
  expect(await put([feature])).toMatchObject([{ error: { error: { code: 1027 } } }]);
  const client = await caller.call('POST', '/clients', { type: 'api_client', tenant_id: id });
  const own = `${String(client.body['client_id'])}:${String(client.body['client_secret'])}`;
  const token = await askToken(caller.simulator.url, own, { grant_type: 'client_credentials' });
  caller.token = String(token.body['access_token']);
  expect(await put([{ ...feature, tenant_id: root() }])).toMatchObject([{ error: { error: { code: 1002 } } }]);
  expect(codeOf(await caller.call('PUT', '/tenants/usages', {}))).toBe(400);
});
