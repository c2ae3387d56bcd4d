import { collect, isAcronisError, type Acronis, type Tenant, type Usage } from '../acronis/index.js';
import { lookup, toUtc, type LookUpScope } from './lookup.js';

const TENANTS_PER_CALL = 100;

/** Shown with every usage. */
export const NOT_FOR_BILLING =
  'Live usage is refreshed about every half hour and is not for billing; use a report for that.';

interface UsageFilter {
  /** Only items with usage. */
  used?: boolean;
  /** Instead: the usage of every customer below, 100 customers a call. Customers that deny us access are left out. */
  customers?: boolean;
}

async function* list(
  scope: LookUpScope,
  { used = false, customers = false }: UsageFilter,
): AsyncGenerator<Usage & { tenant: Pick<Tenant, 'id' | 'name'> }> {
  for await (const [tenant, usages] of customers ? ofCustomers(scope) : ofTenant(scope))
    for (const one of usages) if (!used || one.value > 0 || one.absolute_value > 0) yield { ...one, tenant };
}

/** The current usage of the tenant and all tenants below it, or of each customer below it. Not for billing. */
export const usage = lookup(list, {
  tenant: ({ tenant }) => tenant.name,
  usageName: ({ usage_name }) => usage_name,
  edition: ({ edition }) => edition,
  /** Since `since`, the beginning of the billing month. */
  value: ({ value }) => value,
  /** In total. */
  total: ({ absolute_value }) => absolute_value,
  unit: ({ measurement_unit }) => measurement_unit,
  /** Null: unlimited. */
  limit: ({ offering_item }) => offering_item?.quota?.value ?? null,
  overage: ({ offering_item }) => offering_item?.quota?.overage ?? null,
  since: ({ range_start }) => toUtc(range_start),
  item: ({ name }) => name,
  infraId: ({ infra_id }) => infra_id,
  tenantId: ({ tenant }) => tenant.id,
});

type TenantAndUsages = [tenant: Pick<Tenant, 'id' | 'name'>, usages: Usage[]];

async function* ofTenant({ acronis, tenant }: LookUpScope): AsyncGenerator<TenantAndUsages> {
  yield [tenant, await acronis.usages.list(tenant.id)];
}

async function* ofCustomers({ acronis, tenant: top }: LookUpScope): AsyncGenerator<TenantAndUsages> {
  const tenants = await collect(acronis.tenants.list({ subtreeRootId: top.id }));
  const customers = tenants.filter(({ kind }) => kind === 'customer');
  for (let start = 0; start < customers.length; start += TENANTS_PER_CALL)
    yield* ofBatch(acronis, customers.slice(start, start + TENANTS_PER_CALL));
}

/**
 * If one customer denies us access, the cloud refuses the whole call. Then each customer is read alone, and those that
 * deny access are left out.
 */
async function* ofBatch({ usages }: Acronis, customers: readonly Tenant[]): AsyncGenerator<TenantAndUsages> {
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  const together = await undefinedIfForbidden(async () => {
    const found: TenantAndUsages[] = [];
    for await (const { tenant, usages: used } of usages.ofTenants([...byId.keys()])) {
      const customer = byId.get(tenant);
      if (customer !== undefined) found.push([customer, used]);
    }
    return found;
  });
  if (together !== undefined) {
    yield* together;
    return;
  }
  for (const customer of customers) {
    const used = await undefinedIfForbidden(() => usages.list(customer.id));
    if (used !== undefined) yield [customer, used];
  }
}

async function undefinedIfForbidden<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'forbidden') return undefined;
    throw error;
  }
}
