import type { TenantRef } from '../contract/orders.js';
import { PRODUCE_REPORT } from '../workflows/produce-report/contract.js';
import { UPDATE_PARTNERS } from '../workflows/update-partners/contract.js';

/** A tenant as an order names it; `own` is the API client's own. */
export type NamedTenant = TenantRef | 'own';

/** Where an order says which tenant it is about. */
export interface TenantOfOrder {
  /** The path of the field in the input. */
  field: string;
  tenant: NamedTenant;
  /** True for an order that makes a tenant: it is about one below the one that is named. */
  makesOne?: true;
}

interface Naming {
  tenant?: TenantRef;
  root?: TenantRef;
  customer?: { parentTenantId?: string };
  partner?: { parentTenantId?: string };
}

/** The field by which operations name a tenant that are about the API client's own without it. */
const ownWithout: ReadonlyMap<string, string> = new Map([
  [PRODUCE_REPORT, 'tenant'],
  [UPDATE_PARTNERS, 'root'],
]);

/** The tenant that an order is about. Undefined for an order that names only a user, who can be anywhere. */
export function tenantOfOrder(operation: string, order: object): TenantOfOrder | undefined {
  const { tenant, root, customer, partner } = order as Naming;
  if (tenant !== undefined) return { field: 'tenant', tenant };
  if (root !== undefined) return { field: 'root', tenant: root };
  if (customer !== undefined) return belowParent('customer.parentTenantId', customer);
  if (partner !== undefined) return belowParent('partner.parentTenantId', partner);
  const field = ownWithout.get(operation);
  return field === undefined ? undefined : { field, tenant: 'own' };
}

/** The same input; the tenant is named by this id, whatever it was named by. */
export function namedById(input: unknown, { field, tenant, makesOne }: TenantOfOrder, id: string): unknown {
  return tenant === 'own' || makesOne ? input : { ...(input as object), [field]: { id } };
}

function belowParent(field: string, { parentTenantId: id }: { parentTenantId?: string }): TenantOfOrder {
  return { field, tenant: id === undefined ? 'own' : { id }, makesOne: true };
}
