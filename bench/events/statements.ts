import type { Product } from './offer.js';

/** What one event of a source says about one customer. */
export interface Statement {
  /** The id of the event. */
  id: string;
  source: 'shop' | 'own';
  /** The customer. */
  ref: string;
  /** The moment of which it is true, in seconds of the epoch. */
  at: number;
  /** Absent in an event of the shop about a subscription. */
  person?: Person;
  /** Absent in an event about the customer alone. */
  subscription?: SoldSubscription;
}

export interface Person {
  name: string;
  email: string;
}

export interface SoldSubscription {
  ref: string;
  state: State;
  items: SoldItem[];
}

export type State = 'trialing' | 'active' | 'past_due' | 'paused' | 'ended';

export interface SoldItem {
  product: Product;
  /** Absent: as before. */
  quantity?: number;
}

/** What a person changes in the vendor's console, without telling anybody. */
export type HandMadeChange =
  | { kind: 'disabled' }
  | { kind: 'renamed'; name: string }
  | { kind: 'itemRemoved'; item: string }
  | { kind: 'deleted' };

/** Whether a customer with such a subscription pays. */
export function pays(state: State): boolean {
  return state === 'active' || state === 'trialing';
}
