import type { ProtectionOrder } from '../protect-customer/contract.js';
import type { ProvisionCustomerOrder, ProvisionedCustomer } from '../provision-customer/contract.js';
import type { ProtectedCustomer } from '../protect-customer/contract.js';

/** The Temporal workflow type. */
export const ONBOARD_CUSTOMER = 'onboardCustomer';

/** Which customer to create, and how to protect its machines. */
export interface OnboardCustomerOrder extends ProvisionCustomerOrder {
  protect: ProtectionOrder;
}

export type OnboardedCustomer = ProvisionedCustomer & ProtectedCustomer;
