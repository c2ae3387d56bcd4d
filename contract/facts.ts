/** What a subscription can be, in the terms of this product. Each sender's own states are mapped to these. */
export const subscriptionStates = ['trialing', 'active', 'past_due', 'paused', 'ended'] as const;
export type SubscriptionState = (typeof subscriptionStates)[number];

/**
 * What a source says about one customer, and perhaps about one of the customer's subscriptions. It says how things
 * are, never what to do: so a repeated, late or reordered fact does no harm.
 */
export interface Fact {
  /** The name of the source in `sources.json`. */
  source: string;
  /** The delivery that brought it: the sender's own id and type. */
  event: { id: string; type: string };
  /**
   * True: the source was asked because of that event. One event can be a reason to ask several times, so such a fact is
   * no repetition of another one.
   */
  asked?: true;
  /** The moment at which this was true, ISO 8601 in UTC with milliseconds. */
  at: string;
  /** The sender's own version of the subscription, higher for newer, where the sender has one. */
  version?: number;
  customer: CustomerFact;
  subscription?: SubscriptionFact;
}

export interface CustomerFact {
  /** Names the customer in this product. Two sources that give the same reference mean the same customer. */
  ref: string;
  name?: string;
  /** An ISO 639 code, such as `en`. */
  language?: string;
  contact?: { email: string; firstName?: string; lastName?: string };
  /** The login of the first administrator. */
  login?: string;
}

export interface SubscriptionFact {
  /** The sender's own id of the subscription. */
  ref: string;
  /** Everything that the subscription has, so it replaces the former list. */
  items: SoldItem[];
  state: SubscriptionState;
  /** When the present state began. All dates are ISO 8601 in UTC with milliseconds. */
  since?: string;
  /** When the subscription ends. */
  until?: string;
  trialEnd?: string;
}

/** One thing sold. */
export interface SoldItem {
  /** The sales plan, if the sender names it. */
  plan?: string;
  /** The sender's id of the product or price. */
  product?: string;
  /** Other ids of the same product, by which `plans.json` may name it. */
  aliases?: string[];
  /** Absent means: as before. */
  quantity?: number;
  /** Other quantities of the sender, by their path, such as `configoptions.Seats`. */
  quantities?: Record<string, number>;
}
