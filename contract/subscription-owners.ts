import type { DecisionRequest } from './decisions.js';

/** The type of the workflow that says whose a subscription is. There is one for each subscription of a source. */
export const SUBSCRIPTION_OWNER_WORKFLOW = 'subscriptionOwner';

/** Names a subscription of a source. */
export interface SubscriptionName {
  source: string;
  /** The sender's own id of the subscription. */
  ref: string;
}

/** What the workflow is started with. */
export interface OwnerStart extends SubscriptionName {
  ownership: SubscriptionOwnership;
}

/** A customer that has heard of a subscription; all are of one cloud, so its reference names it. */
export interface Hearer {
  ref: string;
  /** Its workflow id, to which signals go. */
  id: string;
}

/** Whose a subscription is. */
export interface SubscriptionOwnership {
  owner: Hearer;
  /** The other customers that have heard of it, each under its own reference. */
  others: Hearer[];
  /** Since when a person must say whose it is; absent while nobody must. ISO 8601. */
  openSince?: string;
  /** Who has said last whose it is. */
  by?: OwnerDecision;
  /** Grows with each change. */
  turn: number;
}

export interface OwnerDecision extends DecisionRequest {
  /** ISO 8601. */
  at: string;
}

/** The signal to the workflow of a subscription: one argument, an `OwnerMessage`. Safe to repeat. */
export const OWNER_SIGNAL = 'ownerMessage';

export type OwnerMessage =
  /** A customer has heard of the subscription. */
  | { claim: Hearer }
  /** The owner gives it to a customer that has heard of it, or keeps it. `known`: all that the owner knows of it. */
  | { give: { from: Hearer; to: Hearer; by: OwnerDecision; known?: object } }
  /** A customer that is not the owner has heard something new. `known`: all that it knows of it. */
  | { heard: { from: Hearer; known: object } };

/** The signal from the workflow of a subscription to each customer that has heard of it. */
export const OWNERSHIP_SIGNAL = 'ownership';

export interface OwnershipNews {
  subscription: SubscriptionName;
  ownership: SubscriptionOwnership;
  /** For the owner: what another customer knows of it. */
  known?: object;
}

/** Where the workflow of a subscription keeps its ownership for others to read. */
export const OWNERSHIP_MEMO = 'ownership';

/** The ownership after a customer has heard of the subscription; the same object when that was known. */
export function claimed(ownership: SubscriptionOwnership, hearer: Hearer, at: string): SubscriptionOwnership {
  if (hasHeard(ownership, hearer.ref)) return ownership;
  const others = [...ownership.others, hearer].toSorted((one, other) => (one.ref < other.ref ? -1 : 1));
  return { ...ownership, others, openSince: ownership.openSince ?? at, turn: ownership.turn + 1 };
}

/**
 * The ownership after a person has said whose the subscription is; the same object when it is not the owner that gives,
 * or when the other has not heard of it.
 */
export function given(
  ownership: SubscriptionOwnership,
  { from, to, by }: { from: Hearer; to: Hearer; by: OwnerDecision },
): SubscriptionOwnership {
  const { openSince: _openSince, ...rest } = ownership;
  const all = [ownership.owner, ...ownership.others];
  const owner = all.find(({ ref }) => ref === to.ref);
  if (from.ref !== ownership.owner.ref || owner === undefined) return ownership;
  const others = all.filter(({ ref }) => ref !== to.ref).toSorted((one, other) => (one.ref < other.ref ? -1 : 1));
  return { ...rest, owner, others, by, turn: ownership.turn + 1 };
}

export function hasHeard({ owner, others }: SubscriptionOwnership, ref: string): boolean {
  return [owner, ...others].some((one) => one.ref === ref);
}

/** How people and commands name a subscription. */
export function subscriptionText({ source, ref }: SubscriptionName): string {
  return `${source}/${ref}`;
}
