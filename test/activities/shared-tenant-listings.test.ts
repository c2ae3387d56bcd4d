import { afterEach, expect, jest, test } from '@jest/globals';
import type { Acronis } from '../../acronis/index.js';
import { TenantListings } from '../../activities/shared-tenant-listings.js';

afterEach(() => void jest.restoreAllMocks());

/** A cloud that has one more tenant at every listing, and counts them. */
function aCloud() {
  const asked: string[] = [];
  let fails = false;
  const acronis = {
    rootTenantId: async () => 'root',
    tenants: {
      list: async function* ({ parentId }: { parentId: string }) {
        asked.push(parentId);
        if (fails) throw new Error('the cloud is away');
        for (let nth = 0; nth < asked.length; nth += 1)
          yield { id: `t${nth}`, name: 'n', customer_id: null, internal_tag: null };
      },
    },
  } as unknown as Acronis;
  return { acronis, asked, fail: (is: boolean) => void (fails = is) };
}

const MINUTE = 60_000;
const eu = { cloud: 'eu', maxAgeMs: MINUTE };

test('customers that look within a minute share one listing, also while it goes on', async () => {
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  const { acronis, asked } = aCloud();
  const listings = new TenantListings();
  const all = await Promise.all(Array.from({ length: 1000 }, async () => await listings.below(acronis, eu)));
  now += MINUTE - 1;
  all.push(await listings.below(acronis, eu));
  expect([asked, new Set(all).size]).toEqual([['root'], 1]);

  now += 1;
  expect(await listings.below(acronis, eu)).toHaveLength(2);
});

test('one that needs the present asks the cloud, and the others get what it has seen', async () => {
  const { acronis, asked } = aCloud();
  const listings = new TenantListings();
  await listings.below(acronis, eu);
  expect(await listings.below(acronis, { cloud: 'eu' })).toHaveLength(2);
  expect(await listings.below(acronis, eu)).toHaveLength(2);
  expect(asked).toHaveLength(2);
});

test('other clouds and other parents have listings of their own', async () => {
  const { acronis, asked } = aCloud();
  const listings = new TenantListings();
  await listings.below(acronis, eu);
  await listings.below(acronis, { ...eu, cloud: 'us' });
  await listings.below(acronis, { ...eu, parentTenantId: 'P1' });
  await listings.below(acronis, { ...eu, parentTenantId: 'p1' });
  expect(asked).toEqual(['root', 'root', 'P1']);
});

test('a listing that has failed is not kept, nor one from before the clock was set back', async () => {
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  const { acronis, fail } = aCloud();
  const listings = new TenantListings();
  fail(true);
  await expect(listings.below(acronis, eu)).rejects.toThrow('the cloud is away');
  fail(false);
  expect(await listings.below(acronis, eu)).toHaveLength(2);
  now -= 1000;
  expect(await listings.below(acronis, eu)).toHaveLength(3);
});
