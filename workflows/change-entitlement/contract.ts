import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { BelowUse } from '../../contract/sales-plans.js';
import type { Quota } from '../provision-customer/contract.js';

/** The Temporal workflow type. */
export const CHANGE_ENTITLEMENT = 'changeEntitlement';

/**
 * The items and quotas that a customer gets; all others stay as they are. The catalogue reads it from the caller's
 * input.
 */
export interface ChangeEntitlementOrder extends EveryOrder {
  tenant: TenantRef;
  /** Names of items to have. One without a quota in `quotas` is unlimited. */
  offeringItems?: string[];
  /** By item or usage name. */
  quotas: Record<string, Quota>;
  /** Names of items to switch off. */
  remove?: string[];
  /** What becomes of a quota below what the customer uses; `keep` unless given. */
  belowUse?: BelowUse;
  /** One storage or site, for every kind that it is offered for. */
  infraId?: string;
  /** One storage or site per kind: `backup`, `dr`, …; counts for kinds of data that the customer does not have yet. */
  infra?: Record<string, string>;
}

/** A part of the order that was not done, because the customer uses more. */
export interface NotDoneItem {
  /** `quotas.<name>` as in the order; `offeringItems.<name>` for an item that stays on. */
  field: string;
  /** The ordered limit, in the item's unit: bytes, seconds or pieces; 0 for an item to switch off. */
  wanted: number;
  /** What the customer uses, in the same unit. */
  used: number;
  /** The same in words. */
  why: string;
  /** What the quota is now, if the order limits to what is used. */
  limitedTo?: Quota;
}

/** The result of a completed run; `changed` is false when the tenant was so already. */
export interface ChangedEntitlement {
  tenantId: string;
  /** Empty when all was done. */
  notDone: NotDoneItem[];
}
