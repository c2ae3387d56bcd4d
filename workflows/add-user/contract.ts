import type { NewMember, EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const ADD_USER = 'addUser';

/** Which user to add to which tenant. The catalogue reads it from the caller's input. */
export interface AddUserOrder extends EveryOrder, NewMember {
  tenant: TenantRef;
}

/** The result of a completed run; `changed` is false when the user was there with this role already. */
export interface AddedUser {
  tenantId: string;
  userId: string;
}
