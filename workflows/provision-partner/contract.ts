import { memberSteps } from '../../contract/members.js';
import { everyAmendable, type Activation, type EveryOrder, type Person } from '../../contract/orders.js';
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

/** The steps that this order needs, in the order in which they begin. */
export function provisionPartnerSteps(order: ProvisionPartnerOrder): string[] {
  const someone = order.administrator !== undefined;
  return [
    'findPartnerItems',
    ...(someone ? ['checkLogin'] : []),
    'ensurePartnerTenant',
    'applyOfferingItems',
    ...(someone ? memberSteps(order) : []),
  ];
}

/** Which steps use which part of the input. */
export const provisionPartnerAmendable: Readonly<Record<string, readonly string[]>> = {
  partner: ['ensurePartnerTenant'],
  'partner.language': ['ensurePartnerTenant', 'ensureUser'],
  edition: ['applyOfferingItems'],
  editions: ['applyOfferingItems'],
  administrator: ['ensureUser'],
  activation: ['sendActivationEmail', 'setPassword'],
  ...everyAmendable,
};
