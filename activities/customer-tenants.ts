import { provisionCustomerKey } from '../catalogue/provision-customer.js';
import type { Acronis, OfferingItem, Tenant } from '../acronis/index.js';
import type { ExistingTenant, FoundTenant, WantedQuota } from '../contract/customers.js';
import { isSameId } from '../contract/ids.js';
import { ownership } from '../contract/mark.js';
import { nameKey } from '../contract/names.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { otherHolderOf } from './customers.js';
import { toAmount } from './quantities.js';
import { TenantListings, type Row } from './shared-tenant-listings.js';

export interface LikenessSpec {
  cloud: string;
  parentTenantId?: string;
  name: string;
  customerId: string;
  /** A listing of the tenants that began not longer ago will do. Default: the cloud is asked in any case. */
  maxAgeMs?: number;
}

/** What a customer needs to know of tenants before it acts. All of them only read. */
export function createCustomerTenantActivities(dependencies: ActivityDependencies & { environment: string }) {
  const { environment } = dependencies;
  const read = activity.look(dependencies, readCustomerTenant);
  const listings = new TenantListings();
  const find = activity.look(dependencies, async (spec: LikenessSpec, { acronis }: Attempt) => ({
    result: await findExistingTenants(acronis, await listings.below(acronis, spec), { ...spec, environment }),
  }));
  return {
    /** The tenant with this id as it is now, with its items and quotas, also when it is deleted. */
    readCustomerTenant: async (spec: TenantSpec): Promise<FoundTenant> => (await read(spec)).result,
    /**
     * The tenants below the parent that may be this customer already: with the same contract number, or exactly the same
     * name. The operation itself finds those that an earlier creation of the same key has made, so of these only the ones
     * that another customer has are here.
     */
    findExistingTenants: async (spec: LikenessSpec): Promise<ExistingTenant[]> => (await find(spec)).result,
  };
}

async function readCustomerTenant({ tenantId }: TenantSpec, { acronis }: Attempt): Promise<Outcome<FoundTenant>> {
  const tenant = await acronis.tenants.get(tenantId, { allowDeleted: true });
  const { id, kind, name, enabled, deleted_at, language, customer_id, internal_tag } = tenant;
  const whose = { ...(customer_id && { customerId: customer_id }), ...(internal_tag && { tag: internal_tag }) };
  const found = { tenantId: id, kind, name, enabled, ...whose, ...(deleted_at !== null && { deletedAt: deleted_at }) };
  if (deleted_at !== null) return { result: { ...found, offeringItems: [], quotas: {}, billingMode: 'trial' } };
  const [items, pricing] = await Promise.all([acronis.offeringItems.list(id), acronis.pricing.get(id)]);
  const on = items.filter(({ status }) => status === 1);
  const editions = new Set(on.flatMap(({ edition }) => edition ?? []));
  const [edition] = editions.size === 1 ? editions : [];
  const email = tenant.contact?.email;
  return {
    result: {
      ...found,
      offeringItems: [...new Set(on.map((item) => item.name))].toSorted(),
      quotas: Object.fromEntries(on.flatMap(quotaOf)),
      billingMode: pricing.mode === 'trial' ? 'trial' : 'production',
      ...(edition !== undefined && { edition }),
      ...(language !== null && { language }),
      ...(email && { contact: contactOf(tenant, email) }),
    },
  };
}

function contactOf({ contact }: Tenant, email: string) {
  const { firstname, lastname } = contact ?? {};
  return { email, ...(firstname && { firstName: firstname }), ...(lastname && { lastName: lastname }) };
}

/** In the words that an order uses; none when it is unlimited. */
function quotaOf(item: OfferingItem): [string, WantedQuota][] {
  const { value, overage } = item.quota ?? {};
  if (value == null) return [];
  const limit = toAmount(value, item);
  return [[item.name, { limit, ...(overage != null && overage > 0 && { overage: toAmount(overage, item) }) }]];
}

async function findExistingTenants(
  acronis: Acronis,
  rows: readonly Row[],
  { name, customerId, environment }: LikenessSpec & { environment: string },
): Promise<ExistingTenant[]> {
  const mark = { environment, key: provisionCustomerKey({ externalRef: customerId, customer: { name } }), runId: '' };
  const found: ExistingTenant[] = [];
  for (const tenant of rows) {
    const { id: tenantId, internal_tag } = tenant;
    const isMade = ownership(mark, internal_tag) !== 'foreign';
    const why = isMade ? 'mark' : likeness(tenant, { name, customerId });
    const isKnown = found.some((one) => isSameId(one.tenantId, tenantId));
    if (why === undefined || isKnown || !(await isLiving(acronis, tenantId))) continue;
    const customer = await otherHolderOf(tenantId);
    if (customer !== undefined || !isMade)
      found.push({ tenantId, name: tenant.name, why, ...(customer !== undefined && { customer }) });
  }
  return found;
}

/** A row of a list may be older than the tenant. */
async function isLiving(acronis: Acronis, id: string): Promise<boolean> {
  return (await acronis.tenants.get(id, { allowDeleted: true })).deleted_at === null;
}

function likeness(
  { customer_id, name }: Row,
  wanted: { name: string; customerId: string },
): 'customer_id' | 'name' | undefined {
  if (customer_id && nameKey(customer_id) === nameKey(wanted.customerId)) return 'customer_id';
  return nameKey(name) === nameKey(wanted.name) ? 'name' : undefined;
}
