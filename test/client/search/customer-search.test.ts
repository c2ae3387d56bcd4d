import { expect, test } from '@jest/globals';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { CustomerSearch, type SearchParts } from '../../../client/search/customer-search.js';
import { TenantryError } from '../../../contract/errors.js';
import { known } from '../overview/known.js';

/** Customers as Temporal lists them: the reference, and the tenant id where there is one. */
function temporal(listed: Record<string, string | undefined>): Client {
  const text = (values: Record<string, string | undefined>) => ({ get: ({ name }: { name: string }) => values[name] });
  const list = async function* () {
    for (const [ref, tenantId] of Object.entries(listed))
      yield await Promise.resolve({
        workflowId: `customer:${ref}`,
        typedSearchAttributes: text({ ExternalRef: ref, AcronisTenantId: tenantId }),
        startTime: new Date(0),
      });
  };
  const describe = async () => await Promise.reject(new WorkflowNotFoundError('there is none', 'x', undefined));
  const workflow = { list, getHandle: () => ({ describe }) };
  const nobody = { options: { loadedDataConverter: { payloadCodecs: [] } }, workflow };
  return nobody as unknown as Client;
}

const wanted = { ...known({ ref: 'C-1' }).status.wanted, name: 'Zürich Bäckerei GmbH' };
const contact = { email: 'jane@bakery.example', firstName: 'Jane', lastName: 'Doe' };
const subscription = { source: 'shop', ref: 'sub_77', items: [], state: 'active' as const, since: '2026-01-01' };
const one = known({ ref: 'C-1', wanted: { ...wanted, contact }, subscriptions: [subscription] });

function aSearch(more: Partial<SearchParts> = {}) {
  const asked: string[] = [];
  const search = new CustomerSearch({
    client: temporal({ 'C-1': 'T-1', 'C-2': 'T-2' }),
    knownWithin: async () => await Promise.resolve({ known: [one], missing: [] }),
    askCloud: async (cloud, text) => {
      asked.push(`${cloud} ${text}`);
      return await Promise.resolve({ rows: [] });
    },
    withinMs: 60_000,
    ...more,
  });
  const find = async (text: string) => {
    const { items, missing } = await search.find({ search: text });
    return { refs: items.map(({ ref }) => ref), names: items.map(({ name }) => name), missing };
  };
  return { find, asked };
}

test.each(['c-1', 'T-1', 'zu\u0308rich bÄ', 'GmbH', 'sub_77', 'shop/sub', 'jane@bakery', 'Jane Doe'])(
  '"%s" finds the customer',
  async (text) => {
    expect(await aSearch().find(text)).toEqual({ refs: ['C-1'], names: [wanted.name], missing: [] });
  },
);

test('a customer is found by what the cloud finds: its tenant, or a user of it', async () => {
  const rows = [
    { type: 'user', id: 'U-1', parentId: 't-2' },
    { type: 'tenant', id: 'T-1', parentId: 'T-2' },
    { type: 'tenant', id: 'T-9', parentId: null },
  ];
  const { find } = aSearch({ askCloud: async () => await Promise.resolve({ rows }) });

  expect((await find('somebody')).refs).toEqual(['C-1', 'C-2']);
});

test('a cloud is asked once for those who look at the same time and soon after', async () => {
  const { find, asked } = aSearch();

  await Promise.all([find('some'), find('SOME')]);
  await find('some');
  await find('other');

  expect(asked).toEqual(['default some', 'default other']);
});

test('without workers the list of Temporal is searched, and what is missing is said', async () => {
  const none = async () => await Promise.reject(new TenantryError('unavailable', 'no worker runs'));
  const notAsked = 'No customer could be asked: no worker runs.';
  const { find } = aSearch({
    knownWithin: async () => await Promise.resolve({ known: [], missing: [notAsked] }),
    askCloud: none,
  });

  expect(await find('C-2')).toEqual({
    refs: ['C-2'],
    names: [undefined],
    missing: [notAsked, 'The cloud default was not searched for names and logins: no worker runs'],
  });
});

test('a cloud that is slow is not waited for, and one with more is not believed to be whole', async () => {
  const slow = aSearch({ withinMs: 1, askCloud: async () => await new Promise(() => undefined) });
  expect((await slow.find('C-1')).missing).toEqual([
    'The cloud default has not answered yet; the next call knows more.',
  ]);

  const askCloud = async () => await Promise.resolve({ rows: [], next: 'more' });
  expect((await aSearch({ askCloud }).find('C-1')).missing).toEqual([
    'The cloud default finds more than 0 tenants and users: name more of the text.',
  ]);
});

test('two characters are searched in what is known, and not in clouds', async () => {
  const { find, asked } = aSearch();

  expect(await find('zü')).toMatchObject({ refs: ['C-1'], missing: [expect.stringContaining('no less than 3')] });
  expect(asked).toEqual([]);
});
