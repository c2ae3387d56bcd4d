import { describe, expect, test } from '@jest/globals';
import { codeOf, useCaller } from './caller.js';

const caller = useCaller({ storages: 2 });

interface Item {
  application_id: string;
  name: string;
  edition: string | null;
  infra_id?: string;
  usage_name: string;
  status: number;
  quota?: { value: number | null; overage: number | null; version: number };
}

async function offered(query = ''): Promise<Item[]> {
  const path = `/tenants/${caller.simulator.rootTenantId}/offering_items/available_for_child?kind=customer${query}`;
  return (await caller.call('GET', path)).body['items'] as Item[];
}

async function put(tenantId: string, ...items: object[]) {
  return await caller.call('PUT', `/tenants/${tenantId}/offering_items`, { offering_items: items });
}

const pick = ({ application_id, name, infra_id }: Item) => ({ application_id, name, ...(infra_id && { infra_id }) });
const named = (items: Item[], name: string) => items.find((item) => item.name === name)!;

describe('what may be given to a customer', () => {
  test('without an edition only the legacy standard one is listed, with * every one', async () => {
    const editions = async (query: string) => new Set((await offered(query)).map(({ edition }) => edition));

    expect(await editions('')).toEqual(new Set(['standard', null]));
    const all = ['standard', 'pck_per_gigabyte', 'pck_per_workload', 'fss_per_gigabyte', 'fss_per_user', null];
    expect(await editions('&edition=*')).toEqual(new Set(all));
    expect(await editions('&edition=pck_per_gigabyte')).toEqual(new Set(['pck_per_gigabyte', null]));
  });

  test('shows quotas without a value, and no storage that is for partners only', async () => {
    const items = await offered('&edition=*');
    const forPartners = await caller.call(
      'GET',
      `/tenants/${caller.simulator.rootTenantId}/offering_items/available_for_child?kind=partner&edition=*`,
    );

    expect(named(items, 'workstations').quota).toEqual({ value: null, overage: null, version: 0 });
    expect((forPartners.body['items'] as Item[]).length).toBe(items.length + 1);
  });
});

describe('giving items', () => {
  test('switches on those listed, leaves the others, and answers with those it changed', async () => {
    const { id } = await caller.aTenant();
    const items = await offered();
    await put(id, pick(named(items, 'workstations')));

    const { body } = await put(id, pick(named(items, 'servers')));

    expect((body['items'] as Item[]).map(({ name }) => name)).toEqual(['servers']);
    expect(caller.simulator.world.items(id).map(({ name }) => name)).toEqual(['workstations', 'servers']);
  });

  test('is all or nothing: one unknown item and nothing is given', async () => {
    const { id } = await caller.aTenant();
    const workstations = pick(named(await offered(), 'workstations'));

    const answer = await put(id, workstations, { ...workstations, name: 'time_machines' });

    expect([answer.status, codeOf(answer)]).toEqual([400, 1021]);
    expect(caller.simulator.world.items(id)).toEqual([]);
  });

  test('a quota needs the version that is stored, and gets a new one', async () => {
    const { id } = await caller.aTenant();
    const workstations = pick(named(await offered(), 'workstations'));
    await put(id, { ...workstations, quota: { value: 5, overage: 1, version: 0 } });

    const stale = await put(id, { ...workstations, quota: { value: 9, overage: null, version: 0 } });

    expect([stale.status, codeOf(stale)]).toEqual([426, 1001]);
    const { quota } = caller.simulator.world.items(id)[0]!;
    expect(quota).toMatchObject({ value: 5, overage: 1 });
    const fresh = await put(id, { ...workstations, quota: { value: 9, overage: null, version: quota!.version } });
    expect(fresh.status).toBe(200);
  });

  test.each([
    ['two storages', (items: Item[]) => items.filter(({ name }) => name === 'storage')],
    ['items of two editions', (items: Item[]) => [named(items, 'workstations'), named(items, 'pw_base_workstations')]],
  ])('%s are refused for a customer', async (_what, choose) => {
    const { id } = await caller.aTenant();

    const answer = await put(id, ...choose(await offered('&edition=*')).map(pick));

    expect([answer.status, codeOf(answer)]).toEqual([400, 1027]);
    expect(caller.simulator.world.items(id)).toEqual([]);
  });

  test('what is switched off above goes off below', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    const customer = await caller.aTenant({ parent_id: partner.id });
    const workstations = pick(named(await offered(), 'workstations'));
    await put(partner.id, workstations);
    await put(customer.id, workstations);

    await put(partner.id, { ...workstations, status: 0 });

    expect(caller.simulator.world.items(customer.id)).toEqual([]);
  });
});
