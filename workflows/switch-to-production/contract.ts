import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const SWITCH_TO_PRODUCTION = 'switchToProduction';

/** Whose trial to end. `schema.ts` reads it from what the caller typed. */
export interface SwitchToProductionOrder extends EveryOrder {
  tenant: TenantRef;
  /** The tenant's exact name. */
  confirm: string;
}

export interface InProduction {
  tenantId: string;
}

/** How a completed run answers; `changed` is false when the tenant was in production already. */
export type SwitchToProductionResult = Completed & InProduction;
