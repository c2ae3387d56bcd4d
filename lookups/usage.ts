import { collect, isAcronisError, type Acronis, type Tenant, type Usage } from '../acronis/index.js';
import { toUtc, type Lookup, type Scope } from './lookup.js';

const TENANTS_PER_CALL = 100;

/** Shown with every usage. */
export const NOT_FOR_BILLING =
  'Live usage is refreshed about every half hour and is not for billing; use a report for that.';

/** How much of an offering item a tenant uses. */
export interface UsageRow {
  tenant: string;
  usageName: string;
  edition: string | null;
  /** Since `since`, the beginning of the billing month. */
  value: number;
  /** In total. */
  total: number;
  unit: string | null;
  /** Null: unlimited. */
  limit: number | null;
  overage: number | null;
  since: string | null;
  item: string;
  infraId: string | null;
  tenantId: string;
}

export interface UsageFilter {
  /** Only items with usage. */
  used?: boolean;
  /** Instead: the usage of every customer below, 100 customers a call. Customers that deny us access are left out. */
  customers?: boolean;
}

/** The current usage of the tenant and all tenants below it, or of each customer below it. Not for billing. */
export const usage: Lookup<UsageFilter, UsageRow> = {
  fields: [
    'tenant',
    'usageName',
    'edition',
    'value',
    'total',
    'unit',
    'limit',
    'overage',
    'since',
    'item',
    'infraId',
    'tenantId',
  ],
  async *find(scope, { used = false, customers = false }) {
    for await (const [tenant, usages] of customers ? ofCustomers(scope) : ofTenant(scope))
      for (const one of usages) if (!used || one.value > 0 || one.absolute_value > 0) yield toRow(tenant, one);
  },
};

type TenantAndUsages = [tenant: Pick<Tenant, 'id' | 'name'>, usages: Usage[]];

async function* ofTenant({ acronis, tenant }: Scope): AsyncGenerator<TenantAndUsages> {
  yield [tenant, await acronis.usages.list(tenant.id)];
}

async function* ofCustomers({ acronis, tenant: top }: Scope): AsyncGenerator<TenantAndUsages> {
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

function toRow(tenant: TenantAndUsages[0], one: Usage): UsageRow {
  return {
    tenant: tenant.name,
    usageName: one.usage_name,
    edition: one.edition,
    value: one.value,
    total: one.absolute_value,
    unit: one.measurement_unit,
    limit: one.offering_item?.quota?.value ?? null,
    overage: one.offering_item?.quota?.overage ?? null,
    since: toUtc(one.range_start),
    item: one.name,
    infraId: one.infra_id,
    tenantId: tenant.id,
  };
}
