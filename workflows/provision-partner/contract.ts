import type { Activation, EveryOrder, Person, TenantContact } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const PROVISION_PARTNER = 'provisionPartner';

/** What to provision, with every default filled in. The catalogue reads it from the caller's input. */
export interface ProvisionPartnerOrder extends EveryOrder {
  partner: {
    name: string;
    parentTenantId?: string;
    language: string;
    contact?: TenantContact;
  };
  /** Exactly one of the two is given. */
  edition?: string;
  editions?: 'all';
  /** By item or usage name: a whole number, or an amount with its unit. Acronis only warns above it. */
  quotas?: Record<string, { limit: string | number }>;
  administrator?: Person;
  /** How the administrator gets access. */
  activation: Activation;
}

/** What a completed run has created. */
export interface ProvisionedPartner {
  tenantId: string;
  /** Absent when no administrator was ordered. */
  userId?: string;
  /** Names of the offering items that are switched on. */
  offeringItems: string[];
}
