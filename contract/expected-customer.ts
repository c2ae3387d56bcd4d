import type { OrderedTenant } from './earlier-runs.js';

/**
 * The customer that whoever has started a run means by its tenant. A workflow gives it to the runs that it starts, as
 * their second argument: it is no part of an order.
 */
export interface ExpectedCustomer {
  /** As it was ordered, found or applied. */
  orders: readonly OrderedTenant[];
  /** The internal tag that the tenant had when somebody said whose it is. */
  tag?: string;
  /** The reference of the customer for whom the tenant was made: its mark names it. */
  madeFor?: string;
}
