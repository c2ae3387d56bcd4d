import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const DISABLE_APPLICATIONS = 'disableApplications';

/** Which tenant is to lose its applications. `schema.ts` reads it from what the caller typed. */
export interface DisableApplicationsOrder extends EveryOrder {
  tenant: TenantRef;
  /** Ids or types of applications that stay; the platform always does. */
  except: string[];
  /** The tenant's exact name. */
  confirm: string;
}

export interface WithoutApplications {
  tenantId: string;
}

/** How a completed run answers: its steps name the applications; `changed` is false when nothing was left to switch off. */
export type DisableApplicationsResult = Completed & WithoutApplications;
