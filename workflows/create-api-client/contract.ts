import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const CREATE_API_CLIENT = 'createApiClient';

export interface CreateApiClientOrder extends EveryOrder {
  /** Under which the client acts. */
  tenant: TenantRef;
  /** What people see. */
  name: string;
  /** A user whose rights it gets, by Basic login; those of our own client unless given. */
  login?: { login: string; secretRef: string };
  /** Name of its secret in the secret store. */
  secret: string;
  /** By which it is found again. */
  originId: string;
  /** True: another client takes the place of the one there is, which is disabled. */
  rotate: boolean;
}

export interface CreatedApiClient {
  tenantId: string;
  clientId: string;
  /** Where the secret is kept; it is nowhere else. */
  secretRef: string;
  /** Clients that this run may have made besides, when an answer was lost and nobody can tell. */
  inDoubt?: string[];
}

export type CreateApiClientResult = Completed & CreatedApiClient;
