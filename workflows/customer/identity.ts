import type { FoundTenant } from '../../contract/customers.js';
import type { OrderedTenant } from '../../contract/earlier-runs.js';
import type { ExpectedCustomer } from '../../contract/expected-customer.js';
import type { ChildOptions } from '../children/children.js';
import type { StartDetails } from '../kernel/operation.js';
import type { AppliedTenant } from './intention.js';

type Details = Pick<AppliedTenant, 'name' | 'contact'>;

/** The tenant of a customer, or the one that was deleted. */
interface Holding {
  tenant?: AppliedTenant;
  gone?: { tenant: AppliedTenant };
}

/** Whose a tenant is that somebody has looked at, and says that it is this customer's. */
export function identityAsFound({ name, contact, customerId, tag }: FoundTenant): ExpectedCustomer {
  return { orders: [ordered({ name, ...(contact && { contact }) }, customerId)], ...(tag !== undefined && { tag }) };
}

/** Whose a tenant is that a run has made for this customer. */
export function identityAsOrdered(details: Details, customerId: string): ExpectedCustomer {
  return { orders: [ordered(details, customerId)], madeFor: customerId };
}

/** How a customer starts its operations. */
export function childOptionsOf(progress: Holding & { isBulk?: true }): ChildOptions {
  return { details: expectationOf(progress), isBulk: progress.isBulk };
}

/**
 * The customer that an operation means by its tenant: as it was made or adopted, and as it was applied since. Undefined
 * while there is no tenant, or nobody knows whose it was.
 */
function expectationOf({ gone, tenant = gone?.tenant }: Holding): StartDetails | undefined {
  if (tenant?.identity === undefined) return undefined;
  const { identity } = tenant;
  return { expects: { ...identity, orders: [...identity.orders, ordered(tenant, identity.orders[0]?.customerId)] } };
}

function ordered({ name = '', contact }: Details, customerId: string | undefined): OrderedTenant {
  return { name, ...(customerId !== undefined && { customerId }), ...(contact && { email: contact.email }) };
}
