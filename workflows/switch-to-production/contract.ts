import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const SWITCH_TO_PRODUCTION = 'switchToProduction';

/** The customer whose trial ends. The catalogue reads it from the caller's input. */
export interface SwitchToProductionOrder extends EveryOrder {
  tenant: TenantRef;
  /** The tenant's exact name. */
  confirm: string;
}

/** The result of a completed run; `changed` is false when the tenant was in production already. */
export interface InProduction {
  tenantId: string;
}
