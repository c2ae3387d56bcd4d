import { expect, test } from '@jest/globals';
import { BACKUP, EDITION, forCustomer, NEXT_EDITION, useReplay } from './replay.js';

const script = useReplay();
const on = (id: string) => script.simulator.world.items(id);

test('create_partner_tenant_and_assign_specific_edition', async () => {
  const { id } = await script.makePartner();

  expect(new Set(on(id).map(({ edition }) => edition))).toEqual(new Set([EDITION, null]));
});

test('create_partner_tenant_and_assign_all_editions_available', async () => {
  const { id } = await script.makePartner('*');

  expect(new Set(on(id).map(({ edition }) => edition)).size).toBeGreaterThan(3);
});

test('create_partner_tenant_and_lock: versions and booleans travel as text', async () => {
  const { id } = await script.makePartner();
  const put = async (body: object) => String((await script.ask('PUT', `api/2/tenants/${id}`, body)).body['version']);

  let version = await put({ update_lock: { owner_id: script.root(), enabled: 'true' }, version: '1' });
  version = await put({ update_lock: { enabled: 'false' }, version });
  version = await put({ enabled: 'false', version });
  await script.ask('DELETE', `api/2/tenants/${id}?version=${version}`);

  expect(script.simulator.world.tenant(id)).toBeUndefined();
});

test('create_customer_tenant_and_assign_specific_edition, then the end of its trial in both ways', async () => {
  const partner = await script.makePartner();
  const { id } = await script.makeCustomer(partner.id);
  const pricing = (await script.ask('GET', `api/2/tenants/${id}/pricing`)).body;
  await script.ask('PUT', `api/2/tenants/${id}/pricing`, { ...pricing, mode: 'production' });

  const after = (await script.ask('GET', `api/2/tenants/${id}/pricing`)).body;
  expect(after).toMatchObject({
    mode: 'production',
    production_start_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(new Date(after['version'] as number).getUTCFullYear()).toBe(new Date().getUTCFullYear());
});

test('switch_edition_for_customer', async () => {
  const { id } = await script.makeCustomer();
  await script.ask('GET', `api/2/tenants/${id}/edition?application_id=${BACKUP}&target_edition=${NEXT_EDITION}`);

  await script.ask('PUT', `api/2/tenants/${id}/edition`, { application_id: BACKUP, target_edition: NEXT_EDITION });

  expect(new Set(on(id).map(({ edition }) => edition))).toEqual(new Set([NEXT_EDITION, null]));
});

test('switch_edition_for_customer_legacy: one list puts the old items off and the new ones on', async () => {
  const { id } = await script.makeCustomer();
  const old = forCustomer(await script.offered('customer')).filter(({ edition }) => edition === EDITION);
  const next = (await script.offered('customer', NEXT_EDITION)).filter(({ edition }) => edition === NEXT_EDITION);
  const offering_items = [...old.map((item) => ({ ...item, status: 0 })), ...forCustomer(next)];

  await script.ask('PUT', `api/2/tenants/${id}/offering_items`, { offering_items });

  expect(new Set(on(id).map(({ edition }) => edition))).toEqual(new Set([NEXT_EDITION, null]));
});

test('update_your_partners_to_all_available_editions: customers among the children are refused, partners are not', async () => {
  const partner = await script.makePartner();
  const offering_items = (await script.offered('partner', '*')).filter(({ edition }) => edition !== null);
  const children = (await script.ask('GET', `api/2/tenants/${script.root()}/children`)).body['items'] as string[];

  const answers = new Map<string, number>();
  for (const id of children)
    answers.set(id, (await script.callAt('PUT', `/api/2/tenants/${id}/offering_items`, { offering_items })).status);

  expect(answers.get(partner.id)).toBe(200);
  expect(new Set(answers.values())).toEqual(new Set([200, 400]));
});

test('update_your_partners_to_all_offering_items_for_specific_edition', async () => {
  const { id } = await script.makePartner();
  const path = `api/2/tenants/${id}/offering_items`;
  const workstations = { application_id: BACKUP, name: 'pg_base_workstations' };
  await script.ask('PUT', path, { offering_items: [{ ...workstations, status: 0 }] });
  const items = (await script.ask('GET', `${path}?edition=${EDITION}`)).body['items'] as { status: number }[];
  const off = items.filter(({ status }) => status === 0);

  await script.ask('PUT', path, { offering_items: off.map((item) => ({ ...item, status: 1 })) });

  expect(off).toMatchObject([workstations]);
  expect(on(id).map(({ name }) => name)).toContain('pg_base_workstations');
});

test('navigate_through_tenants: children, each with its name, version and users', async () => {
  const seen: string[] = [];
  const walk = async (id: string): Promise<void> => {
    const tenant = (await script.ask('GET', `api/2/tenants/${id}`)).body;
    expect(tenant).toMatchObject({ id, name: expect.any(String), version: expect.any(Number) });
    seen.push(String(tenant['name']));
    for (const userId of (await script.ask('GET', `api/2/tenants/${id}/users`)).body['items'] as string[]) {
      const user = (await script.ask('GET', `api/2/users/${userId}`)).body;
      expect(Object.keys(user)).toEqual(expect.arrayContaining(['login', 'personal_tenant_id']));
      seen.push(String(user['login']));
    }
    for (const child of (await script.ask('GET', `api/2/tenants/${id}/children`)).body['items'] as string[])
      await walk(child);
  };

  await walk(script.root());

  expect(seen).toEqual(expect.arrayContaining(['Seeded Partner', 'Seeded Customer', 'taken.login']));
});

test('search_for_tenant_or_user', async () => {
  const { body } = await script.ask('GET', `api/2/search?text=Seeded&tenant=${script.root()}`);

  expect((body['items'] as { obj_type: string }[]).map(({ obj_type }) => obj_type)).toEqual(['tenant', 'tenant']);
});

test('disable_all_applications_for_customer', async () => {
  const { id } = await script.makeCustomer();
  const catalogue = (await script.ask('GET', 'api/2/applications')).body['items'] as { id: string; type: string }[];
  const platform = catalogue.filter(({ type }) => type === 'platform').map((one) => one.id);
  const applications = (await script.ask('GET', `api/2/tenants/${id}/applications`)).body['items'] as string[];

  for (const application of applications.filter((one) => !platform.includes(one)))
    await script.ask('DELETE', `api/2/applications/${application}/bindings/tenants/${id}`);

  expect(platform).toHaveLength(1);
  expect((await script.ask('GET', `api/2/tenants/${id}/applications`)).body['items']).toEqual(platform);
});

test('delete_all_tenant_underneath', async () => {
  for (const id of (await script.ask('GET', `api/2/tenants/${script.root()}/children`)).body['items'] as string[]) {
    const { version } = (await script.ask('GET', `api/2/tenants/${id}`)).body;
    await script.ask('PUT', `api/2/tenants/${id}`, { version: String(version), enabled: 'false' });
    const now = (await script.ask('GET', `api/2/tenants/${id}`)).body['version'];
    await script.ask('DELETE', `api/2/tenants/${id}?version=${now as number}`);
  }

  expect(script.simulator.world.tenants().map(({ id }) => id)).toEqual([script.root()]);
});
