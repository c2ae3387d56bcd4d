import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const RESTORE_CUSTOMER = 'restoreCustomer';

/** Which customer to restore, with every default filled in. The catalogue reads it from the caller's input. */
export interface RestoreCustomerOrder extends EveryOrder {
  tenant: TenantRef;
  /** As in the vendor's call: the cloud may change a name or login that somebody has taken meanwhile. */
  force: boolean;
}

/** What the cloud has restored of a deleted tenant. */
export interface BroughtBack {
  name: string;
  enabled: boolean;
  /** How many tenants are below it now. */
  tenants: number;
  /** How many users are in it and below it now; absent without access to them. */
  users?: number;
}

/** The result of a completed run; `changed` is false when the customer was enabled already. */
export interface RestoredCustomer {
  tenantId: string;
  /** Absent when the tenant was not deleted. */
  broughtBack?: BroughtBack;
  /** Workflow id of the offboarding that was cancelled. */
  offboarding?: string;
}
