import type { NotDoneItem } from '../change-entitlement/contract.js';
import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const SWITCH_EDITION = 'switchEdition';

/** Which tenant to switch to which edition. The catalogue reads it from the caller's input. */
export interface SwitchEditionOrder extends EveryOrder {
  tenant: TenantRef;
  to: string;
  /** By the vendor's edition switch, or by switching items, for clouds without that call. */
  method: 'edition' | 'offeringItems';
  /** True: continue despite warnings of the vendor's dry run. */
  acceptWarnings: boolean;
}

/** The result of a completed run; `changed` is false when the tenant had that edition already. */
export interface SwitchedEdition {
  tenantId: string;
  edition: string;
  /** The edition before; the same one where there was nothing to do. */
  formerEdition: string;
  /** Warnings of the vendor's dry run. */
  warnings: string[];
  /** Quotas that were not carried over, because more is used or somebody has set them since; absent for none. */
  notDone?: Pick<NotDoneItem, 'field' | 'why'>[];
}
