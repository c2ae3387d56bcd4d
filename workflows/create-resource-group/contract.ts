import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const CREATE_RESOURCE_GROUP = 'createResourceGroup';

/** A dynamic group of machines. */
export interface GroupWish {
  name: string;
  /** Which machines belong to it, by their names: "ws-*". */
  condition: string;
}

/** Which group to create for which customer. The catalogue reads it from the caller's input. */
export interface CreateResourceGroupOrder extends EveryOrder, GroupWish {
  tenant: TenantRef;
  /** Id of the parent group. */
  parentGroupId?: string;
}

/** The result of a completed run; `changed` is false when the group existed already. */
export interface CreatedResourceGroup {
  tenantId: string;
  groupId: string;
}
