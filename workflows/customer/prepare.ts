import type { ExistingTenant, IntendedOperation } from '../../contract/customers.js';
import type { Progress } from './progress.js';
import { readTenant, tenantsLike } from './tenants.js';

/** The input with which an operation starts, or why it does not start now. */
export type Prepared = { input: object } | { existing: ExistingTenant[] } | { failed: string };

/**
 * Looks at the cloud before an operation starts, where that is needed: for a tenant that may be the new customer already,
 * and for the present name of a tenant that the operation must confirm.
 */
export async function prepare(
  { operation, input }: IntendedOperation,
  { cloud, ref, progress: { tenant, agreed } }: { cloud: string; ref: string; progress: Progress },
): Promise<Prepared> {
  if (operation === 'provisionCustomer') {
    if (agreed['create'] !== undefined) return { input };
    const { customer } = input as { customer: { name: string; parentTenantId?: string } };
    const { name, parentTenantId } = customer;
    const like = { cloud, name, customerId: ref, ...(parentTenantId !== undefined && { parentTenantId }) };
    const found = await tenantsLike(like);
    if ('failed' in found) return found;
    return found.tenants.length === 0 ? { input } : { existing: found.tenants };
  }
  if (!('confirm' in input) || tenant === undefined) return { input };
  const read = await readTenant({ cloud, tenantId: tenant.tenantId });
  return 'failed' in read ? read : { input: { ...input, confirm: read.tenant.name } };
}
