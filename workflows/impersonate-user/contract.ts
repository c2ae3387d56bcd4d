import type { EveryOrder } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const IMPERSONATE_USER = 'impersonateUser';

export interface ImpersonateUserOrder extends EveryOrder {
  user: { login: string };
}

/** Whose account it was. */
export interface Impersonation {
  userId: string;
  tenantId: string;
  login: string;
}

export type ImpersonateUserResult = Completed & Impersonation;
