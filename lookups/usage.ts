import { isAcronisError, type Acronis, type Tenant, type Usage } from '../acronis/index.js';
import type { Lookup, Scope } from './lookup.js';
import { toUtc } from './times.js';

const TOGETHER = 100;

/** What is said wherever usage is shown. */
export const NOT_FOR_BILLING =
  'Live usage is refreshed about every half hour and is not for billing: that takes a report.';

/** How much of an offering item a tenant uses. */
export interface UsageRow {
  tenant: string;
  usageName: string;
  edition: string | null;
  /** Since `since`, the beginning of the billing month. */
  value: number;
  /** In all. */
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
  /** Only what is used at all. */
  used?: boolean;
  /** Of every customer below instead, 100 of them a call; those that bar us are left out. */
  customers?: boolean;
}

/** What the tenant uses at present, with all below it; or what each customer below it uses. Not for billing. */
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
      for (const one of usages) if (!used || one.value > 0 || one.absolute_value > 0) yield usageRow(tenant, one);
  },
};

type Used = [tenant: Pick<Tenant, 'id' | 'name'>, usages: Usage[]];

async function* ofTenant({ acronis, tenant }: Scope): AsyncGenerator<Used> {
  yield [tenant, await acronis.usages.list(tenant.id)];
}

async function* ofCustomers({ acronis, tenant: top }: Scope): AsyncGenerator<Used> {
  const customers: Tenant[] = [];
  for await (const tenant of acronis.tenants.list({ subtreeRootId: top.id }))
    if (tenant.kind === 'customer') customers.push(tenant);
  for (let start = 0; start < customers.length; start += TOGETHER)
    yield* ofThese(acronis, customers.slice(start, start + TOGETHER));
}

/** One customer that bars us has the whole call refused; then each is asked for itself, and those that bar us are left out. */
async function* ofThese({ usages }: Acronis, customers: readonly Tenant[]): AsyncGenerator<Used> {
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  const together = await unlessBarred(async () => {
    const found: Used[] = [];
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
    const used = await unlessBarred(() => usages.list(customer.id));
    if (used !== undefined) yield [customer, used];
  }
}

async function unlessBarred<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'forbidden') return undefined;
    throw error;
  }
}

function usageRow(tenant: Used[0], one: Usage): UsageRow {
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
