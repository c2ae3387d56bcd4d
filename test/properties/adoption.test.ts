import { expect, test } from '@jest/globals';
import { assert, constantFrom, option, property, record, shuffledSubarray, uniqueArray } from 'fast-check';
import { matchTenants, type SoldCustomer } from '../../client/adoption/match.js';
import type { ListedTenant } from '../../contract/tenant-listing.js';

/** In many worlds nothing can be linked. */
const RUNS = 2000;
const rootId = '00000000-0000-4000-8000-000000000000';
const refs = ['1', '2', '3', '4'];
const ids = ['t1', 't2', 't3', 't4', 't5'];
const name = constantFrom('Ann', ' Ann', 'ANN Ltd', 'Bo\u0308b', 'B\u00f6b', 'Cid', 'Dan', 'Eve');
const optional = <T>(value: Parameters<typeof option<T>>[0]) => option(value, { nil: undefined, freq: 2 });
const worlds = record({
  customers: uniqueArray(
    record({ ref: constantFrom(...refs), name: optional(name), tenantId: optional(constantFrom(...ids)) }),
    { selector: ({ ref }) => ref },
  ).map((all) => all.map((one) => defined(one) as SoldCustomer)),
  tenants: uniqueArray(
    record({
      tenantId: constantFrom(...ids),
      name,
      kind: constantFrom('customer', 'customer', 'partner'),
      customerId: optional(constantFrom(...refs)),
      madeFor: optional(constantFrom(...refs)),
    }),
    { selector: ({ tenantId }) => tenantId },
  ).map((all) => all.map((one) => defined({ ...one, parentId: rootId }) as ListedTenant)),
  held: shuffledSubarray(ids, { maxLength: 2 }),
}).map(({ customers, tenants, held }) => ({
  customers: uniqueTenants(customers),
  tenants,
  holders: new Map(held.map((id) => [id, `customer:${id}`])),
  linkedRefs: [] as string[],
}));

test('two customers never get one tenant, and none gets one that is taken or is no customer', () => {
  assert(
    property(worlds, (world) => {
      const links = linksOf(matchTenants(world));
      const given = links.map(([, tenantId]) => tenantId);
      expect(new Set(given).size).toBe(given.length);
      for (const id of given) {
        expect(world.holders.has(id)).toBe(false);
        expect(world.tenants.find(({ tenantId }) => tenantId === id)!.kind).toBe('customer');
      }
    }),
    { numRuns: RUNS },
  );
});

test('the order of customers and tenants does not matter, and a tenant that is listed twice is one', () => {
  const shuffled = worlds.chain((world) =>
    record({
      customers: shuffledSubarray(world.customers, { minLength: world.customers.length }),
      tenants: shuffledSubarray(world.tenants, { minLength: world.tenants.length }),
    }).map(({ customers, tenants }) => ({
      world,
      other: { ...world, customers, tenants: [...tenants, ...world.tenants] },
    })),
  );
  assert(
    property(shuffled, ({ world, other }) => {
      expect(Object.fromEntries(matchTenants(other))).toEqual(Object.fromEntries(matchTenants(world)));
    }),
    { numRuns: RUNS },
  );
});

test('once all links are made, nothing more is linked', () => {
  assert(
    property(worlds, (world) => {
      const links = new Map(linksOf(matchTenants(world)));
      const later = {
        ...world,
        customers: world.customers.filter(({ ref }) => !links.has(ref)),
        linkedRefs: [...links.keys()],
        holders: new Map([...world.holders, ...[...links].map(([ref, id]) => [id, `customer:${ref}`] as const)]),
      };
      expect(linksOf(matchTenants(later))).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test('a link has no rival: no other tenant fits the customer as well, and no other customer the tenant', () => {
  assert(
    property(worlds, (world) => {
      for (const [ref, id] of linksOf(matchTenants(world))) {
        const customer = world.customers.find((one) => one.ref === ref)!;
        const tenant = world.tenants.find(({ tenantId }) => tenantId === id)!;
        const mine = strength(customer, tenant);
        for (const other of world.tenants)
          if (other.tenantId !== id && other.kind === 'customer') expect(strength(customer, other)).toBeLessThan(mine);
        for (const other of world.customers) if (other.ref !== ref) expect(strength(other, tenant)).toBeLessThan(mine);
      }
    }),
    { numRuns: RUNS },
  );
});

function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A file that names a tenant twice is refused before. */
function uniqueTenants(customers: readonly SoldCustomer[]): SoldCustomer[] {
  const named = new Set<string>();
  return customers.map(({ tenantId, ...rest }) => {
    if (tenantId === undefined || named.has(tenantId)) return rest;
    named.add(tenantId);
    return { ...rest, tenantId };
  });
}

function linksOf(matches: ReturnType<typeof matchTenants>): [string, string][] {
  return [...matches].flatMap(([ref, one]) => (one.outcome === 'link' ? [[ref, one.tenant.tenantId]] : []));
}

function strength({ ref, name: its, tenantId }: SoldCustomer, tenant: ListedTenant): number {
  if (tenantId !== undefined) return tenantId === tenant.tenantId ? 4 : 0;
  if (tenant.madeFor === ref) return 3;
  if (tenant.customerId === ref) return 2;
  return its?.trim().normalize('NFC') === tenant.name.trim().normalize('NFC') ? 1 : 0;
}
