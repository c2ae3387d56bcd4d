import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const SWITCH_EDITION = 'switchEdition';

/** Whom to switch to which edition. `schema.ts` reads it from what the caller typed. */
export interface SwitchEditionOrder extends EveryOrder {
  tenant: TenantRef;
  to: string;
  /** By the vendor's own switch, or by putting items off and on, as it was done before there was one. */
  method: 'edition' | 'offeringItems';
  /** True: go on although the vendor's dry run warns. */
  acceptWarnings: boolean;
}

export interface SwitchedEdition {
  tenantId: string;
  edition: string;
  /** The edition before; the same one where there was nothing to do. */
  formerEdition: string;
  /** What the vendor's dry run warned of. */
  warnings: string[];
}

/** How a completed run answers; `changed` is false when the tenant had that edition already. */
export type SwitchEditionResult = Completed & SwitchedEdition;
