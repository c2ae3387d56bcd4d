import { expect, test } from '@jest/globals';
import { customersIn } from '../../support/customers.js';
import { waitUntil } from '../../support/runs.js';
import { browserOf } from './browser-of.js';
import type { Answer } from './door.js';
import { itemsOf, useTwoPartners } from './two-partners.js';

const { env, api, there, addKey } = useTwoPartners();
const { ask, logIn } = browserOf(api);
const aCustomer = customersIn(env);

/** A customer whose subscription ends in three days, and a key that sees it. */
async function aCustomerWithKey(key: string) {
  const customer = await aCustomer({ until: new Date(Date.now() + 3 * 86_400_000).toISOString() });
  const { tenantId } = await customer.until(({ state }) => state === 'steady');
  await customer.ask('hold', { reason: `of ${customer.ref}` });
  addKey(key, tenantId!);
  return { ...customer, tenantId: tenantId! };
}

const overview = async (what: string, key: string) => await api.ask('GET', `/v1/${what}`, { key });
const kindsOf = ({ body }: Answer) =>
  (body['items'] as { what?: string; kind?: string }[]).map(({ what, kind }) => what ?? kind);

test('tenants that nobody has bought are those of the part, and no customer elsewhere is named', async () => {
  const like = await aCustomer({}, { source: 'shop', ref: 'C-like' });
  await like.until(({ state }) => state === 'observed');
  const tenantId = env.simulator.world.addTenant({ name: 'Alike', parent_id: there.mine, customer_id: 'C-like' });
  await waitUntil(async () => itemsOf(await overview('reconcile', 'decide')).some(({ ref }) => ref === 'C-like'));

  const { body } = await overview('reconcile', 'mine');

  const items = body['items'] as { kind: string; tenantId: string; why: string }[];
  expect(items.map((one) => one.tenantId).toSorted()).toEqual([tenantId, there.myCustomer].toSorted());
  expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['tenantWithoutSale']));
  expect(JSON.stringify(body)).not.toContain('C-like');
});

test('calendar and changes are about the part of a key, and so is the page; nothing of others is in them', async () => {
  const [own, other] = [await aCustomerWithKey('own'), await aCustomerWithKey('other')];
  const isThere = async (what: string) => JSON.stringify((await overview(what, 'root')).body).includes(other.tenantId);
  await waitUntil(async () => (await isThere('calendar')) && (await isThere('changes')));

  expect(kindsOf(await overview('calendar', 'own'))).toEqual(['end']);
  const changes = await overview('changes', 'own');
  expect(new Set(kindsOf(changes))).toEqual(new Set(['hold', 'provisionCustomer']));
  expect(changes.body['items']).toContainEqual(
    expect.objectContaining({ what: 'provisionCustomer', by: expect.objectContaining({ ref: own.ref }) as unknown }),
  );
  for (const what of ['calendar', 'changes', 'reconcile']) {
    const { status, body } = await overview(what, 'own');
    expect([what, status, body['missing']]).toEqual([
      what,
      200,
      [expect.stringContaining('a part of the tenant tree')],
    ]);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${other.ref}|${other.tenantId}`, 'i'));
  }
  const visitor = await logIn('own');
  for (const path of ['/coming', '/changes', '/reconcile', '/coming.csv', '/changes.csv']) {
    const { status, html } = await ask(path, visitor);
    expect([path, status, html.includes(other.ref)]).toEqual([path, 200, false]);
  }
  const hold = { formToken: visitor.formToken, reason: 'mine now', days: '7' };
  const held = async (ref: string) => (await ask(`/coming/customers/${ref}/hold`, { ...visitor, fields: hold })).status;
  expect([await held(other.ref), await held(own.ref)]).toEqual([404, 303]);
});

test('customers are found by name, subscription and login; elsewhere a limited key finds nobody', async () => {
  const { ref, until } = await aCustomer();
  const { tenantId } = await until(({ state }) => state === 'steady');
  const login = `admin@${ref.toLowerCase()}.example`;
  const find = async (search: string, key: string) =>
    await api.ask('GET', `/v1/customers?search=${encodeURIComponent(search)}`, { key });
  addKey('found', tenantId!);

  for (const search of [`customer ${ref}`, `s1 of ${ref}`, login]) {
    await waitUntil(async () => itemsOf(await find(search, 'root')).length === 1);
    expect((await find(search, 'found')).body).toMatchObject({
      items: [{ ref, tenantId, name: `Customer ${ref}` }],
      missing: [],
    });
    expect((await find(search, 'mine')).body).toEqual({ items: [], missing: [] });
  }
  for (const path of [`/?search=${login}`, `/customers?search=${login}`]) {
    expect((await ask(path, await logIn('found'))).html).toContain(`href="/customers/${ref}"`);
    expect((await ask(path, await logIn('mine'))).html).not.toContain(ref.slice(2, 10).toUpperCase());
  }
});

test('the report of a run elsewhere is not shown to a limited key', async () => {
  const { id } = (await env.run('produceReport', {
    tenant: { id: there.otherCustomer },
    kind: 'usage_current',
    level: 'accounts',
    onFailure: 'undo',
  })) as { id: string };
  const show = async (key: string) => await api.ask('GET', `/v1/show/report?run=${encodeURIComponent(id)}`, { key });

  expect((await show('root')).status).toBe(200);
  expect((await show('mine')).status).toBe(404);
});
