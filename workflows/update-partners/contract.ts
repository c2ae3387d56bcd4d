import type { MemberOutcome } from '../../contract/steps.js';
import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const UPDATE_PARTNERS = 'updatePartners';
/** The workflow type of the runs that update one partner each; nobody else starts it. */
export const UPDATE_PARTNER = 'updatePartner';

/** All editions that the parent offers to partners, or one. */
export type Editions = { editions: 'all' } | { edition: string };

/** Whose partners to give what. `schema.ts` reads it from what the caller typed. */
export interface UpdatePartnersOrder extends EveryOrder {
  /** The tenant directly below which the partners are; the API client's own unless given. */
  root?: TenantRef;
  to: Editions;
}

/** How one partner came out of it. */
export interface PartnerOutcome extends Pick<MemberOutcome, 'outcome' | 'reason'> {
  id: string;
  name: string;
}

export interface UpdatedPartners {
  partners: PartnerOutcome[];
}

/** How a completed run answers; `changed` is true when at least one partner was updated. */
export type UpdatePartnersResult = Completed & UpdatedPartners;
