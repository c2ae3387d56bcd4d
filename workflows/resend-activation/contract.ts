import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const RESEND_ACTIVATION = 'resendActivation';

/** The user who gets the activation mail again. The catalogue reads it from the caller's input. */
export interface ResendActivationOrder extends EveryOrder {
  user: { login: string };
  /** The tenant of the user; without it the user is looked for below the API client's own tenant. */
  tenant?: TenantRef;
}

/** The result of a completed run. */
export interface ResentActivation {
  tenantId: string;
  userId: string;
}
