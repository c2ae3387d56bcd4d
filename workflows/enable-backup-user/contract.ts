import type { ProvisionCustomerOrder } from '../provision-customer/contract.js';
import type { NewMember, EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const ENABLE_BACKUP_USER = 'enableBackupUser';

/** Which user gets backup, in a new or an existing customer. */
export type EnableBackupUserOrder = EveryOrder &
  NewMember & { offeringItems: string[]; infraId?: string; infra?: Record<string, string>; confirm?: string } & (
    | { customer: ProvisionCustomerOrder['customer'] }
    | { tenant: TenantRef }
  );

/** The order of a new customer, with the backup user as its first user. */
export function toProvisioningOrder(
  order: Extract<EnableBackupUserOrder, { customer: object }>,
): ProvisionCustomerOrder {
  const { user, role: _role, ...rest } = order;
  return { ...rest, administrator: user, quotas: {}, twoFactor: false, billingMode: 'trial' };
}
