import type { Activation, EveryOrder, Person } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const PROVISION_PARTNER = 'provisionPartner';

/** What to provision, with every default filled in. `schema.ts` reads it from what the caller typed. */
export interface ProvisionPartnerOrder extends EveryOrder {
  partner: {
    name: string;
    parentTenantId?: string;
    language: string;
    contact?: { email: string };
  };
  /** Exactly one of the two is given. */
  edition?: string;
  editions?: 'all';
  administrator?: Person;
  /** Of the administrator. */
  activation: Activation;
}

/** What a completed run has made. */
export interface ProvisionedPartner {
  tenantId: string;
  /** Absent when no administrator was ordered. */
  userId?: string;
  /** Names of the offering items that are switched on. */
  offeringItems: string[];
}

/** How a completed run answers: the final status and what was made. */
export type ProvisionPartnerResult = Completed & ProvisionedPartner;
