import type { Activation, EveryOrder, Person, TenantContact } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const PROVISION_CUSTOMER = 'provisionCustomer';

export interface Quota {
  /**
   * A size ("1 TiB") for storage, "10 points" or 10 for compute points, "20 hours" for other time, a whole number for
   * what is counted.
   */
  limit: string | number;
  /** Above `limit` by this much the quota is hard; without it the quota only warns. */
  overage?: string | number;
}

/** What to provision, with every default filled in. The catalogue reads it from the caller's input. */
export interface ProvisionCustomerOrder extends EveryOrder {
  customer: {
    name: string;
    customerId?: string;
    parentTenantId?: string;
    language: string;
    contact?: TenantContact;
    managedByProvider: boolean;
    enhancedSecurity: boolean;
  };
  /** Names of offering items, in addition to those of `edition`. One of the two is always given. */
  offeringItems?: string[];
  edition?: string;
  quotas: Record<string, Quota>;
  /** One storage or site, for every kind that it is offered for. */
  infraId?: string;
  /** One storage or site per kind: `backup`, `dr`, … */
  infra?: Record<string, string>;
  twoFactor: boolean;
  billingMode: 'trial' | 'production';
  confirm?: string;
  administrator?: Person;
  /** How the administrator gets access. */
  activation: Activation;
}

/** What a completed run has created. */
export interface ProvisionedCustomer {
  tenantId: string;
  /** Absent when no administrator was ordered. */
  userId?: string;
  /** Names of the offering items that are switched on. */
  offeringItems: string[];
}
