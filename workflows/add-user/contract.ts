import type { NewMember } from '../../contract/members.js';
import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const ADD_USER = 'addUser';

/** Whom to give to which tenant. `schema.ts` reads it from what the caller typed. */
export interface AddUserOrder extends EveryOrder, NewMember {
  tenant: TenantRef;
}

export interface AddedUser {
  tenantId: string;
  userId: string;
}

/** How a completed run answers; `changed` is false when the user was there with this role already. */
export type AddUserResult = Completed & AddedUser;
