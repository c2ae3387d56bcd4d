import type { EveryOrder, TenantRef } from '../../contract/orders.js';

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

/** The result of a completed run; `changed` is false when there was nothing to disable. */
export interface WithoutApplications {
  tenantId: string;
}
