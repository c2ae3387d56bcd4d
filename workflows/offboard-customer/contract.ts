import type { KeptReport } from '../produce-report/contract.js';
import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { GraceStatus } from '../../contract/status.js';

/** The Temporal workflow type. */
export const OFFBOARD_CUSTOMER = 'offboardCustomer';

/** What may be destroyed with the tenant. */
export interface Including {
  /** Ids or exact names of tenants below it. */
  tenants: string[];
  /** Logins, or how many at most. */
  users: string[] | number;
  /** Host names or ids of agents, or how many at most; none unless given. */
  agents?: string[] | number;
  /** The most usage, by usage name; a size with its unit, or a whole number. */
  usage: Record<string, string | number>;
}

/** Which customer to offboard, with every default filled in. The catalogue reads it from the caller's input. */
export interface OffboardCustomerOrder extends EveryOrder {
  tenant: TenantRef;
  /** A duration in words. */
  grace: string;
  confirm?: string;
  including: Including;
  finalReport: boolean;
}

/** The result of a completed run; `changed` is false when the tenant was deleted already. */
export interface OffboardedCustomer {
  tenantId: string;
  /** ISO 8601. */
  deletedAt: string;
  /** The final usage report. */
  report?: KeptReport;
}

/**
 * What is known about restoring: the vendor documents the call, but not for how long it works, nor what it restores.
 */
export const RESTORING: GraceStatus['restoring'] = {
  window: 'not published by the vendor, so nothing is promised',
  mayBringBack: [
    'the tenant, which restoreCustomer then enables',
    'the tenants and users that were deleted with it, with their roles',
  ],
  doesNotBringBack: [
    'backups and other data of the services, whose deletion the vendor calls final',
    'a name or a login that somebody has taken meanwhile',
  ],
};
