import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const CREATE_RESOURCE_GROUP = 'createResourceGroup';

/** A group that fills itself. */
export interface GroupWish {
  name: string;
  /** Which machines belong to it, by their names: "ws-*". */
  condition: string;
}

/** Which group to make for which customer. `schema.ts` reads it from what the caller typed. */
export interface CreateResourceGroupOrder extends EveryOrder, GroupWish {
  tenant: TenantRef;
  /** Id of the group in which it shall lie. */
  parentGroupId?: string;
}

export interface CreatedResourceGroup {
  tenantId: string;
  groupId: string;
}

/** How a completed run answers; `changed` is false when the group was there already. */
export type CreateResourceGroupResult = Completed & CreatedResourceGroup;
