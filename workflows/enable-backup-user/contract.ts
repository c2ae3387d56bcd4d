import type { ProvisionCustomerOrder, ProvisionedCustomer } from '../provision-customer/contract.js';
import type { NewMember } from '../../contract/members.js';
import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const ENABLE_BACKUP_USER = 'enableBackupUser';

/** Whom to give backup in which customer: one that is to be made, or one that is there. */
export type EnableBackupUserOrder = EveryOrder &
  NewMember & { offeringItems: string[]; infraId?: string; infra?: Record<string, string>; confirm?: string } & (
    | { customer: ProvisionCustomerOrder['customer'] }
    | { tenant: TenantRef }
  );

/** How a completed run answers; `changed` is false when all was so already. */
export type EnableBackupUserResult = Completed & ProvisionedCustomer;

/** The order of a new customer whose first user is the one to be given backup. */
export function asProvisioning(order: Extract<EnableBackupUserOrder, { customer: object }>): ProvisionCustomerOrder {
  const { user, role: _role, ...rest } = order;
  return { ...rest, administrator: user, quotas: {}, twoFactor: false, billingMode: 'trial' };
}
