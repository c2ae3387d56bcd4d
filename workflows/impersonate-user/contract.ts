import type { EveryOrder } from '../../contract/orders.js';

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
