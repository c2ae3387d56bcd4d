import type { CustomerStatus } from '../../contract/customers.js';

/** Events that are kept of a customer, of the 50 that its status has. */
const KEPT_EVENTS = 10;

/** What the overviews need of a customer's status. */
export type KnownStatus = Omit<CustomerStatus, 'runs' | 'wouldDo'> & { wouldDo?: { operation: string; why: string } };

/** A customer, and when its status was read. */
export interface KnownCustomer {
  /** The workflow id. */
  id: string;
  /** Milliseconds of the epoch. */
  readAt: number;
  status: KnownStatus;
}

/** The status without what no overview shows, so that thousands fit into the memory. */
export function toKnown({ runs: _runs, wouldDo, events, ...status }: CustomerStatus): KnownStatus {
  return {
    ...status,
    events: events.slice(-KEPT_EVENTS),
    ...(wouldDo && { wouldDo: { operation: wouldDo.operation, why: wouldDo.why } }),
  };
}
