import { expect, test } from '@jest/globals';
import { joinPages } from '../../../client/adoption/tenant-list.js';
import type { ListedTenant, TenantPage } from '../../../contract/tenant-listing.js';

const aTenant = (tenantId: string, parentId = 'root'): ListedTenant => ({
  tenantId,
  parentId,
  name: tenantId,
  kind: 'customer',
});

/** Pages by the cursor that asks for them; the first one has none. */
function reading(pages: Record<string, { tenants: ListedTenant[]; next?: string }>) {
  return async ({ after = '' }: { after?: string }): Promise<TenantPage> => ({
    rootTenantId: 'root',
    ...pages[after]!,
  });
}

test('a list is read to its last page, with its progress; a tenant may come before the one above it', async () => {
  const counted: number[] = [];
  const pages = {
    '': { tenants: [aTenant('a', 'c'), aTenant('b')], next: '1' },
    1: { tenants: [], next: '2' },
    2: { tenants: [aTenant('c')] },
  };
  const list = await joinPages(reading(pages), (tenants) => counted.push(tenants));
  expect(list).toEqual({ tenants: [aTenant('a', 'c'), aTenant('b'), aTenant('c')] });
  expect(counted).toEqual([2, 2, 3]);
});

test('a list that does not end is not complete', async () => {
  const list = await joinPages(reading({ '': { tenants: [], next: '1' }, 1: { tenants: [], next: '1' } }));
  expect(list).toEqual({ incomplete: 'its list does not end' });
});

test('a list with a tenant of which it does not have the one above is not complete', async () => {
  const list = await joinPages(reading({ '': { tenants: [aTenant('a'), aTenant('b', 'theirs')] } }));
  expect(list).toEqual({ incomplete: expect.stringContaining('b, but not the one above it, theirs') });
});
