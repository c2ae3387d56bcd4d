import type { ReadableSubscription } from './ledger.js';
import type { Owners } from './owners.js';
import type { WantedCustomer } from './wanted.js';

/** What a customer knows, now. */
export interface Knowledge {
  wanted(): WantedCustomer;
  subscriptions(): ReadableSubscription[];
  /** True while facts wait to be read. */
  hasUnread(): boolean;
  owners(): Pick<Owners, 'checkMove' | 'move'>;
}
