import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const RESTORE_CUSTOMER = 'restoreCustomer';

/** Whom to bring back, with every default filled in. `schema.ts` reads it from what the caller typed. */
export interface RestoreCustomerOrder extends EveryOrder {
  tenant: TenantRef;
  /** As the vendor's call has it: whether what has a name or login that was taken meanwhile gets another. */
  force: boolean;
}

/** What has come back of a tenant that was deleted. */
export interface BroughtBack {
  name: string;
  enabled: boolean;
  /** How many tenants are below it now. */
  tenants: number;
  /** How many users are in it and below it now; absent when our access to them is barred. */
  users?: number;
}

export interface RestoredCustomer {
  tenantId: string;
  /** Absent when the tenant was not deleted. */
  broughtBack?: BroughtBack;
  /** Workflow id of the offboarding that was ended for it. */
  offboarding?: string;
}

/** How a completed run answers; `changed` is false when the customer was at work already. */
export type RestoreCustomerResult = Completed & RestoredCustomer;
