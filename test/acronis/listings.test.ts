import { afterEach, expect, test } from '@jest/globals';
import { all } from './endpoint-table.js';
import { aTenant, aUser, failureOf, ROOT_ID, startStandIn, TENANT_ID, type StandIn } from './stand-in.js';

const OTHER_ID = '0b7d3f2e-6a0e-4b55-9b0e-1f2d3c4b5a70';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

test('follows the cursor to the last page, sending only limit and cursor', async () => {
  const second = { items: [aTenant({ id: OTHER_ID, name: 'second' })], paging: { cursors: {} } };
  const first = { items: [aTenant({ name: 'first' })], paging: { cursors: { after: 'a+b/c==' } } };
  cloud = await startStandIn(({ url }) => [200, url.includes('after=') ? second : first]);

  const tenants = await all(cloud.acronis.tenants.list({ parentId: ROOT_ID }));

  expect(tenants.map(({ name }) => name)).toEqual(['first', 'second']);
  expect(cloud.calls.map(({ url }) => url)).toEqual([
    `/api/2/tenants?parent_id=${ROOT_ID}&limit=500`,
    '/api/2/tenants?limit=500&after=a%2Bb%2Fc%3D%3D',
  ]);
});

test('returns a row once, although a page has it twice and the next page again', async () => {
  const [one, other] = [aTenant({ name: 'one' }), aTenant({ id: OTHER_ID, name: 'other' })];
  const first = { items: [one, other, one], paging: { cursors: { after: 'x' } } };
  cloud = await startStandIn(({ url }) => [
    200,
    url.includes('after=') ? { items: [{ ...other, version: 9 }] } : first,
  ]);

  const tenants = await all(cloud.acronis.tenants.list({ parentId: ROOT_ID }));

  expect(tenants.map(({ name }) => name)).toEqual(['one', 'other']);
});

test('asks for no page that nobody wants', async () => {
  cloud = await startStandIn(() => [200, { items: [aUser()], paging: { cursors: { after: 'x' } } }]);

  for await (const user of cloud.acronis.users.list({ tenantId: TENANT_ID })) {
    expect(user.login).toBe('jane');
    break;
  }

  expect(cloud.calls.map(({ url }) => url)).toEqual([`/api/2/users?subtree_root_tenant_id=${TENANT_ID}&limit=500`]);
});

test('reports unreadable instead of an endless listing when a cursor repeats', async () => {
  cloud = await startStandIn(() => [200, { items: [], paging: { cursors: { after: 'x' } } }]);

  expect(await failureOf(all(cloud.acronis.tenants.list({ subtreeRootId: ROOT_ID })))).toMatchObject({
    kind: 'unreadable',
  });
  expect(cloud.calls).toHaveLength(2);
});

/** A page of a listing that never ends: each has another cursor. */
const endlessPage = (items: object[], nth: number) =>
  Response.json({ items, paging: { cursors: { after: `c${nth}` } } });

/** A client whose listings never end; `page` makes the nth page. */
async function startEndless(page: (nth: number) => object[], beforePage: (nth: number) => void = () => undefined) {
  let nth = 0;
  const fetch = async (input: Parameters<typeof globalThis.fetch>[0]) => {
    if (new Request(input).url.endsWith('/idp/token')) return Response.json({ access_token: 'x', expires_in: 7200 });
    nth += 1;
    beforePage(nth);
    return endlessPage(page(nth), nth);
  };
  cloud = await startStandIn(() => [500], { fetch });
  return { pagesRead: () => nth };
}

const aNewRow = (nth: number) => [aTenant({ id: `7d1f0a52-6a0e-4b55-9b0e-${String(nth).padStart(12, '0')}` })];

test('ends a listing whose cursors are always new, but whose rows are not', async () => {
  const { pagesRead } = await startEndless(() => [aTenant()]);

  expect(await failureOf(all(cloud.acronis.tenants.list({ parentId: ROOT_ID })))).toMatchObject({
    kind: 'unreadable',
    message: expect.stringContaining('20 pages in a row have no new row'),
  });
  expect(pagesRead()).toBe(21);
});

test('goes on over some pages without a row', async () => {
  await startEndless((nth) => (nth % 19 === 0 ? aNewRow(nth) : []));
  const found: string[] = [];

  for await (const { id } of cloud.acronis.tenants.list({ parentId: ROOT_ID })) if (found.push(id) === 3) break;

  expect(found).toHaveLength(3);
});

test('ends a listing that always has new rows after 1000 pages', async () => {
  const { pagesRead } = await startEndless(aNewRow);

  expect(await failureOf(all(cloud.acronis.tenants.list({ parentId: ROOT_ID })))).toMatchObject({
    kind: 'unreadable',
    message: expect.stringContaining('more than 1000 pages'),
  });
  expect(pagesRead()).toBe(1000);
});

test('asks for no other page once its attempt is aborted, not even between two pages', async () => {
  const attempt = new AbortController();
  const { pagesRead } = await startEndless(aNewRow);
  const tenants = cloud.acronis.forAttempt({ signal: attempt.signal }).tenants.list({ parentId: ROOT_ID });
  const found: string[] = [];
  const read = async () => {
    for await (const { id } of tenants) if (found.push(id) === 3) attempt.abort('CANCELLED');
  };

  expect(await failureOf(read())).toBe('CANCELLED');
  expect(pagesRead()).toBe(3);
});

test.each<[string, object]>([
  ['without a place', {}],
  ['with no place', { paging: null }],
  ['with a place without cursors', { paging: { cursors: null } }],
  ['with cursors that are none', { paging: { cursors: { after: null, before: '' } } }],
])('takes a page %s for the last one', async (_words, place) => {
  cloud = await startStandIn(() => [200, { items: [aTenant()], ...place }]);

  expect(await all(cloud.acronis.tenants.list({ parentId: ROOT_ID }))).toHaveLength(1);
});

test.each<[string, unknown]>([
  ['place', 'page 1 of 2'],
  ['list of cursors', { cursors: ['x'] }],
  ['cursor', { cursors: { after: { page: 2 } } }],
])('does not take a page for the last one when its %s cannot be read', async (_words, paging) => {
  cloud = await startStandIn(() => [200, { items: [aTenant()], paging }]);

  expect(await failureOf(all(cloud.acronis.tenants.list({ parentId: ROOT_ID })))).toMatchObject({ kind: 'unreadable' });
});
