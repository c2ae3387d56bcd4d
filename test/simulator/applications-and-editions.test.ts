import { describe, expect, test } from '@jest/globals';
import { codeOf, useCaller } from './caller.js';

const warnings = ['SomePlansWillStopWorking'];
const caller = useCaller({ editionWarnings: { standard: warnings } });
const backup = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const files = 'dfd85a5f-a464-32ab-81fd-99bcc66a070f';
const platform = '7459244f-68f3-3bf4-9f53-5f63ecc1d91f';
type Item = { name: string; application_id: string; edition: string | null; type: string; infra_id?: string };

async function available(edition: string, kind = 'customer', of = caller.simulator.rootTenantId): Promise<Item[]> {
  const path = `/tenants/${of}/offering_items/available_for_child?kind=${kind}&edition=${edition}`;
  return (await caller.call('GET', path)).body['items'] as Item[];
}

/** A customer with the whole of an edition but disaster recovery. */
async function aCustomer(edition = 'pck_per_gigabyte', parent_id = caller.simulator.rootTenantId): Promise<string> {
  const { id } = await caller.aTenant({ parent_id });
  const offering_items = (await available(edition)).filter(({ name }) => !name.includes('dr_'));
  await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items });
  return id;
}

const on = (id: string) => caller.simulator.world.items(id).map(({ name }) => name);
const servicesOf = async (id: string) => (await caller.call('GET', `/tenants/${id}/applications`)).body['items'];
const edition = async (method: string, id: string, target: string) => {
  const wanted = { target_edition: target, application_id: backup };
  const query = `?${new URLSearchParams(wanted).toString()}`;
  return await caller.call(
    method,
    `/tenants/${id}/edition${method === 'GET' ? query : ''}`,
    method === 'GET' ? undefined : wanted,
  );
};

describe('services', () => {
  test('are on where an item is on or where they were bound, and the platform always', async () => {
    const id = await aCustomer();
    await caller.call('POST', `/applications/${files}/bindings/tenants/${id}`);

    expect(new Set((await servicesOf(id)) as string[])).toEqual(new Set([platform, backup, files]));
  });

  test('are not switched on below a parent that lacks them', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const { id } = await caller.aTenant({ parent_id: partner.id });

    const answer = await caller.call('POST', `/applications/${files}/bindings/tenants/${id}`);

    expect([answer.status, codeOf(answer)]).toEqual([400, 1026]);
  });

  test('go off with all their items, below too; the platform never does, and a repeat does no harm', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    await caller.call('PUT', `/tenants/${partner.id}/offering_items`, {
      offering_items: await available('*', 'partner'),
    });
    const id = await aCustomer('pck_per_gigabyte', partner.id);
    expect(on(id)).toContain('pg_base_storage');
    const off = async (application: string) =>
      (await caller.call('DELETE', `/applications/${application}/bindings/tenants/${partner.id}`)).status;

    expect([await off(backup), await off(backup), await off(platform)]).toEqual([204, 204, 400]);
    expect(new Set((await servicesOf(partner.id)) as string[])).toEqual(new Set([files, platform]));
    expect(on(id)).toEqual([]);
  });
});

describe('switching an edition', () => {
  test('puts each item off and its counterpart on, with the same quota; a repeat changes nothing', async () => {
    const id = await aCustomer();
    const quota = { value: 5, overage: 1, version: 0 };
    const offering_items = [{ application_id: backup, name: 'pg_base_workstations', quota }];
    await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items });

    const answer = await edition('PUT', id, 'pck_per_workload');
    const repeat = await edition('PUT', id, 'pck_per_workload');

    expect([answer.status, repeat.status]).toEqual([200, 200]);
    const names = ['workstations', 'servers', 'vms', 'mobiles', 'o365_seats', 'storage', 'device_control'];
    expect(on(id).sort()).toEqual([...names.map((name) => `pw_base_${name}`), 'local_storage'].sort());
    const [workstations] = caller.simulator.world.items(id).filter(({ name }) => name === 'pw_base_workstations');
    expect(workstations?.quota).toMatchObject({ value: 5, overage: 1 });
    expect(workstations?.quota?.version).toBeGreaterThan(0);
  });

  test('a switch and a switch back leave each item once', async () => {
    const id = await aCustomer();
    const before = on(id).sort();
    await edition('PUT', id, 'pck_per_workload');
    await edition('PUT', id, 'pck_per_gigabyte');

    expect(on(id).sort()).toEqual(before);
  });

  test('is tried first without a change, and gives the warnings that a fixture or a test sets', async () => {
    const id = await aCustomer();
    const before = on(id);
    caller.simulator.world.warnOfEdition('pck_per_workload', []);

    expect((await edition('GET', id, 'standard')).body).toEqual({ warnings });
    expect((await edition('GET', id, 'pck_per_workload')).body).toEqual({ warnings: [] });
    expect((await edition('GET', id, 'pck_per_gigabyte')).body).toEqual({ warnings: [] });
    expect(on(id)).toEqual(before);
  });

  test('to one that the parent lacks is refused with the items that would be lost', async () => {
    const id = await aCustomer();

    for (const method of ['GET', 'PUT']) {
      const answer = await edition(method, id, 'disaster_recovery');
      expect([answer.status, codeOf(answer)]).toEqual([400, 1021]);
      expect(JSON.stringify(answer.body)).toContain('pg_base_workstations');
    }
  });
});

describe('items', () => {
  test('a storage that a tenant below uses stays on', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const offering_items = await available('pck_per_gigabyte', 'partner');
    await caller.call('PUT', `/tenants/${partner.id}/offering_items`, { offering_items });
    await aCustomer('pck_per_gigabyte', partner.id);
    const storage = offering_items.find(({ name }) => name === 'pg_base_storage')!;

    const answer = await caller.call('PUT', `/tenants/${partner.id}/offering_items`, {
      offering_items: [{ ...storage, status: 0 }],
    });

    expect([answer.status, codeOf(answer)]).toEqual([400, 1016]);
  });

  test('what is in use stays on, unless another item takes over what it counts', async () => {
    const id = await aCustomer();
    caller.simulator.world.setUsage(id, 'workstations', 3);
    const put = async (...offering_items: object[]) =>
      (await caller.call('PUT', `/tenants/${id}/offering_items`, { offering_items })).status;
    const all = (await available('pck_per_gigabyte')).filter((item) => on(id).includes(item.name) && item.edition);
    const next = (await available('pck_per_workload')).filter(({ name, edition }) => edition && !name.includes('dr_'));

    expect(await put({ application_id: backup, name: 'pg_base_workstations', status: 0 })).toBe(400);
    expect(await put(...all.map((item) => ({ ...item, status: 0 })), ...next)).toBe(200);
  });

  test('have prices with a version each', async () => {
    const { id } = await caller.aTenant({ kind: 'partner' });
    await caller.call('PUT', `/tenants/${id}/offering_items`, {
      offering_items: await available('fss_per_user', 'partner'),
    });
    const path = `/tenants/${id}/offering_items/pricing`;
    const item = { application_id: files, name: 'pu_base_fc_seats', price: '0.05', version: 0 };

    const first = await caller.call('PUT', path, { items: [item] });
    const stale = await caller.call('PUT', path, { items: [item] });

    expect(first.body['items']).toContainEqual(expect.objectContaining({ name: 'pu_base_fc_seats', price: '0.05' }));
    expect([stale.status, codeOf(stale)]).toEqual([409, 1001]);
  });

  test('a partner’s usage is the sum of what is used below it', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const offering_items = await available('pck_per_gigabyte', 'partner');
    await caller.call('PUT', `/tenants/${partner.id}/offering_items`, { offering_items });
    for (const id of [await aCustomer('pck_per_gigabyte', partner.id), await aCustomer('pck_per_gigabyte', partner.id)])
      caller.simulator.world.setUsage(id, 'workstations', 2);

    const { body } = await caller.call('GET', `/tenants/usages?tenants=${partner.id}&usage_names=workstations`);

    expect(body['items']).toMatchObject([{ tenant: partner.id, usages: [{ name: 'pg_base_workstations', value: 4 }] }]);
  });
});
