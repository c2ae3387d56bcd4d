import { shortKey } from '../../catalogue/input.js';
import type { ListedTenant } from '../../contract/tenant-listing.js';
import { findNearNames } from './near-names.js';
import { evidences, TenantIndex, type Evidence, type Fit } from './tenant-index.js';

/** A customer without a tenant. */
export interface SoldCustomer {
  ref: string;
  name?: string;
  /** The tenant that a person has named for it. */
  tenantId?: string;
}

/** A tenant that may be the customer. */
export interface Candidate {
  tenantId: string;
  name: string;
  /** By what it fits; absent when only the name is near. */
  by?: Evidence;
}

/** What was found for a customer. */
export type Match =
  | { outcome: 'link'; by: Evidence; tenant: Candidate }
  /** Several tenants fit, or another customer fits the same tenant. A person decides. */
  | { outcome: 'ambiguous'; candidates: Candidate[]; why: string }
  /** Nothing fits; these names are similar. */
  | { outcome: 'near'; candidates: Candidate[] }
  | { outcome: 'nothing'; why?: string };

interface World {
  customers: readonly SoldCustomer[];
  /** References of the customers that have a tenant. Another tenant that bears one of them is not linked by its name. */
  linkedRefs: readonly string[];
  /** In any order; a tenant may be in it more than once. */
  tenants: readonly ListedTenant[];
  /** Who has a tenant already: workflow ids of customers by tenant id. */
  holders: ReadonlyMap<string, string>;
}

/**
 * Finds the tenant of each customer: the one that a person has named, that bears our mark for the customer's reference,
 * whose contract number is the reference, or that has exactly the customer's name, in this order. Nothing is linked where
 * two tenants fit a customer, also by different evidence, or where another customer fits the tenant as well or better. A
 * tenant that a customer has, or that is no customer, is never linked. The order of customers and tenants does not matter.
 * References are unique.
 */
export function matchTenants({ customers, linkedRefs, tenants, holders }: World): Map<string, Match> {
  const index = new TenantIndex(tenants);
  const fits = new Map(customers.map((customer) => [customer.ref, fitsOf(customer, index)]));
  const claims = claimsOf([...fits, ...linkedRefs.map((ref) => [ref, fitsOf({ ref }, index)] as const)]);
  const matches = new Map<string, Match>();
  for (const customer of customers)
    matches.set(customer.ref, decide(customer, { fits: fits.get(customer.ref)!, claims, holders }));
  proposeNearNames({ customers, index, holders }, fits, matches);
  return matches;
}

/** The tenants that fit, by each evidence that there is, strongest first. What a person has named is all that counts. */
function fitsOf({ ref, name, tenantId }: SoldCustomer, index: TenantIndex): Fit[] {
  if (tenantId !== undefined) return index.withId(tenantId);
  return [...index.madeFor(shortKey(ref)), ...index.withCustomerId(ref), ...index.named(name)];
}

/** Which customers fit a tenant, each by its strongest evidence. */
type Claims = Map<string, { ref: string; by: Evidence }[]>;

function claimsOf(fits: readonly (readonly [string, Fit[]])[]): Claims {
  const claims: Claims = new Map();
  for (const [ref, own] of fits)
    for (const { tenantId, by } of candidatesOf(own))
      claims.set(tenantId, [...(claims.get(tenantId) ?? []), { ref, by: by! }]);
  return claims;
}

interface Knowledge {
  fits: Fit[];
  claims: Claims;
  holders: ReadonlyMap<string, string>;
}

function decide({ ref, tenantId }: SoldCustomer, { fits, claims, holders }: Knowledge): Match {
  const [best] = fits;
  if (best === undefined)
    return tenantId === undefined
      ? { outcome: 'nothing' }
      : { outcome: 'nothing', why: `there is no tenant ${tenantId} below the API client's own` };
  const [only, ...others] = best.tenants;
  const isContradicted = fits.some(({ tenants }) => !tenants.includes(only!));
  if (others.length > 0 || isContradicted)
    return { outcome: 'ambiguous', candidates: candidatesOf(fits), why: 'several tenants fit' };
  const { by } = best;
  const tenant: Candidate = { tenantId: only!.tenantId, name: only!.name, by };
  if (only!.kind !== 'customer')
    return { outcome: 'nothing', why: `${only!.name} is a ${only!.kind}: only a customer can be adopted` };
  const holder = holders.get(tenant.tenantId);
  if (holder !== undefined)
    return { outcome: 'nothing', why: `${tenant.tenantId} ${tenant.name} fits by ${by}, but ${holder} has it` };
  const rivals = claims.get(tenant.tenantId)!.filter((one) => one.ref !== ref && !isStronger(by, one.by));
  if (rivals.length > 0) return { outcome: 'ambiguous', candidates: [tenant], why: rivalsText(rivals) };
  return { outcome: 'link', by, tenant };
}

function isStronger(one: Evidence, other: Evidence): boolean {
  return evidences.indexOf(one) < evidences.indexOf(other);
}

function rivalsText(rivals: readonly { ref: string; by: Evidence }[]): string {
  const named = rivals.map(({ ref, by }) => `${ref} (${by})`).toSorted();
  return `another customer fits it: ${named.join(', ')}`;
}

/** Each tenant once, by its strongest evidence. */
function candidatesOf(fits: readonly Fit[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { by, tenants } of fits)
    for (const { tenantId, name } of tenants) if (!found.has(tenantId)) found.set(tenantId, { tenantId, name, by });
  return [...found.values()];
}

/** For customers that nothing fits: the free tenants with a similar name. */
function proposeNearNames(
  { customers, index, holders }: Pick<World, 'customers' | 'holders'> & { index: TenantIndex },
  fits: ReadonlyMap<string, Fit[]>,
  matches: Map<string, Match>,
): void {
  const taken = new Set(holders.keys());
  for (const match of matches.values()) if (match.outcome === 'link') taken.add(match.tenant.tenantId);
  const free = index.customers().filter(({ tenantId }) => !taken.has(tenantId));
  const near = findNearNames(free);
  for (const { ref, name, tenantId } of customers) {
    if (name === undefined || tenantId !== undefined || fits.get(ref)!.length > 0) continue;
    const candidates = near(name).map(({ tenantId: id, name: its }) => ({ tenantId: id, name: its }));
    if (candidates.length > 0) matches.set(ref, { outcome: 'near', candidates });
  }
}
