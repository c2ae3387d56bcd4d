import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const CREATE_API_CLIENT = 'createApiClient';

export interface CreateApiClientOrder extends EveryOrder {
  /** The tenant of the client. */
  tenant: TenantRef;
  /** The name that people see. */
  name: string;
  /** A user whose rights it gets, by Basic login; by default the rights of the configured API client. */
  login?: { login: string; secretRef: string };
  /** Name of its secret in the secret store. */
  secret: string;
  /** Identifies the client at the vendor, so that it is found again. */
  originId: string;
  /** True: a new client replaces the existing one, which is disabled. */
  rotate: boolean;
}

export interface CreatedApiClient {
  tenantId: string;
  clientId: string;
  /** Where the secret is stored; there is no other copy. */
  secretRef: string;
  /** Other clients that this run may have created, after a call without answer. */
  inDoubt?: string[];
}
