import type { MemberOutcome } from '../../contract/steps.js';
import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const UPDATE_PARTNERS = 'updatePartners';
/** The workflow type of the child runs that update one partner each. */
export const UPDATE_PARTNER = 'updatePartner';

/** All editions that the parent offers to partners, or one. */
export type Editions = { editions: 'all' } | { edition: string };

/** Which partners get which editions. The catalogue reads it from the caller's input. */
export interface UpdatePartnersOrder extends EveryOrder {
  /** The parent of the partners; by default the API client's own tenant. */
  root?: TenantRef;
  to: Editions;
}

/** The outcome for one partner. */
export interface PartnerOutcome extends Pick<MemberOutcome, 'outcome' | 'reason'> {
  id: string;
  name: string;
}

export interface UpdatedPartners {
  partners: PartnerOutcome[];
}

/** The result of a completed run; `changed` is true when at least one partner was updated. */
export type UpdatePartnersResult = Completed & UpdatedPartners;
