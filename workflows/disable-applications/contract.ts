import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const DISABLE_APPLICATIONS = 'disableApplications';

/** The tenant whose applications to disable. The catalogue reads it from the caller's input. */
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

/**
 * The result of a completed run: its steps name the applications; `changed` is false when there was nothing to disable.
 */
export type DisableApplicationsResult = Completed & WithoutApplications;
