import type { FactReading, MovedSubscription } from '../../contract/customers.js';
import {
  claimed,
  type Hearer,
  type SubscriptionOwnership,
  type OwnershipNews,
  type SubscriptionName,
} from '../../contract/subscription-owners.js';
import { keyOf, type Ledger, type SubscriptionRecord } from './ledger.js';
import { fits, withMissed, type CustomerMemory } from './memory.js';
import { readRecord, withRecord } from './merge-records.js';

/** Whose a subscription is of which this customer has heard. */
export interface Holding extends SubscriptionOwnership {
  /** True when it is of this customer. */
  isOwn: boolean;
  /** What counts here instead of what is known: it was so when another customer heard of the subscription. */
  kept?: SubscriptionRecord;
  /** When it was given to another customer. For this one it ended then. ISO 8601. */
  lostAt?: string;
}

/** By the answer of `keyOf`. */
export type Holdings = Record<string, Holding>;

/** A subscription whose owner a person must name. */
export interface OpenHolding {
  subscription: SubscriptionName;
  holding: Holding;
}

/** The subscriptions of which nobody has said whose they are: those of these readings, and those that are known. */
export function unclaimed({ ledger, holdings = {} }: CustomerMemory, readings: readonly FactReading[], ref: string) {
  const heard = readings.flatMap((one) => {
    if ('refused' in one || one.mapped.subscription === undefined || one.mapped.customer.ref !== ref) return [];
    return { source: one.mapped.source, ref: one.mapped.subscription.ref };
  });
  const all = [...Object.values(ledger.subscriptions), ...heard].map((one): [string, SubscriptionName] => [
    keyOf(one.source, one.ref),
    { source: one.source, ref: one.ref },
  ]);
  return [...new Map(all)].filter(([key]) => !Object.hasOwn(holdings, key)).map(([, name]) => name);
}

/** Works in an answer to a claim. The owner may not have heard of it yet, so any news replaces it. */
export function withClaim(memory: CustomerMemory, news: OwnershipNews, me: Hearer, now: number): CustomerMemory {
  const { turn } = news.ownership;
  const ownership = { ...claimed(news.ownership, me, new Date(now).toISOString()), turn };
  return withOwnership(memory, { ...news, ownership }, me, now);
}

/** Works in whose a subscription is. Older and repeated news change nothing. */
export function withOwnership(
  memory: CustomerMemory,
  { subscription, ownership, known }: OwnershipNews,
  { ref }: Pick<Hearer, 'ref'>,
  now: number,
): CustomerMemory {
  const { holdings = {} } = memory;
  const key = keyOf(subscription.source, subscription.ref);
  const before = Object.hasOwn(holdings, key) ? holdings[key] : undefined;
  const isOwn = ownership.owner.ref === ref;
  const record = isOwn && known !== undefined ? readRecord(known, subscription) : undefined;
  const { [key]: own } = memory.ledger.subscriptions;
  const ledger = record === undefined ? memory.ledger : withRecord(memory.ledger, record);
  if (record !== undefined && !fits(ledger)) {
    const withoutRecord = withMissed(memory, { ...subscription, at: record.newest.at });
    return withOwnership(withoutRecord, { subscription, ownership }, { ref }, now);
  }
  if (before !== undefined && ownership.turn <= before.turn)
    return ledger === memory.ledger ? memory : { ...memory, ledger };
  const holding = { ...ownership, isOwn, ...whatCounts(before, { ownership, isOwn, own, now }) };
  return { ...memory, ledger, holdings: { ...holdings, [key]: holding } };
}

/** What counted here until now stays, until a person has said whose it is. */
function whatCounts(
  before: Holding | undefined,
  {
    ownership,
    isOwn,
    own,
    now,
  }: { ownership: SubscriptionOwnership; isOwn: boolean; own: SubscriptionRecord | undefined; now: number },
): Pick<Holding, 'kept' | 'lostAt'> {
  const { openSince, by } = ownership;
  const counts = before === undefined || before.isOwn || (before.kept !== undefined && before.lostAt === undefined);
  const { kept = own } = counts ? { kept: before?.kept } : {};
  if (isOwn) return counts && openSince !== undefined && kept !== undefined ? { kept } : {};
  if (!counts) return { ...(before.kept && { kept: before.kept }), ...(before.lostAt && { lostAt: before.lostAt }) };
  if (kept === undefined) return {};
  return { kept, ...(openSince === undefined && { lostAt: by?.at ?? new Date(now).toISOString() }) };
}

/** Without the holdings of subscriptions that did not fit into the ledger. */
export function withoutUnknown(memory: CustomerMemory): CustomerMemory {
  const { holdings, ledger } = memory;
  if (holdings === undefined) return memory;
  const known = Object.entries(holdings).filter(([key]) => Object.hasOwn(ledger.subscriptions, key));
  return { ...memory, holdings: Object.fromEntries(known) };
}

/** The ledger as it counts: what is of another customer does not, and what is open counts as it was. */
export function countedLedger({ ledger, holdings }: CustomerMemory): Ledger {
  if (holdings === undefined) return ledger;
  const entries = Object.entries(ledger.subscriptions).flatMap(([key, record]): [string, SubscriptionRecord][] => {
    const counted = countedRecord(record, Object.hasOwn(holdings, key) ? holdings[key] : undefined);
    return counted === undefined ? [] : [[key, counted]];
  });
  return { ...ledger, subscriptions: Object.fromEntries(entries) };
}

function countedRecord(record: SubscriptionRecord, holding: Holding | undefined): SubscriptionRecord | undefined {
  if (holding === undefined) return record;
  const { isOwn, kept, lostAt, openSince } = holding;
  if (kept !== undefined && lostAt !== undefined) {
    const { until = lostAt } = kept;
    return { ...kept, until: until < lostAt ? until : lostAt };
  }
  if (openSince !== undefined && (kept !== undefined || isOwn)) return { ...(kept ?? record), asOf: openSince };
  return isOwn ? record : undefined;
}

/** The records of the subscriptions that are of this customer for sure. */
export function ownLedger({ ledger, holdings = {} }: CustomerMemory): Ledger {
  const own = Object.entries(ledger.subscriptions).filter(([key]) => {
    const holding = Object.hasOwn(holdings, key) ? holdings[key] : undefined;
    return holding === undefined || (holding.isOwn && holding.openSince === undefined);
  });
  return { ...ledger, subscriptions: Object.fromEntries(own) };
}

/** What this customer knows of subscriptions that are not its own. */
export function recordsOfOthers({ ledger, holdings = {} }: CustomerMemory): [string, SubscriptionRecord][] {
  return Object.entries(ledger.subscriptions).filter(([key]) => Object.hasOwn(holdings, key) && !holdings[key]!.isOwn);
}

/** The subscriptions whose owner a person must name, if this customer is concerned: it has them, or was to get them. */
export function openHoldings({ ledger, holdings = {} }: CustomerMemory): OpenHolding[] {
  return Object.entries(ledger.subscriptions).flatMap(([key, { source, ref }]) => {
    const holding = Object.hasOwn(holdings, key) ? holdings[key]! : undefined;
    return holding?.openSince === undefined || holding.lostAt !== undefined
      ? []
      : [{ subscription: { source, ref }, holding }];
  });
}

/** How the status shows it; undefined for a subscription of which no other customer has heard. */
export function movedOf(
  { holdings = {} }: CustomerMemory,
  { source, ref }: SubscriptionName,
): MovedSubscription | undefined {
  const key = keyOf(source, ref);
  const holding = Object.hasOwn(holdings, key) ? holdings[key]! : undefined;
  if (holding === undefined || holding.others.length === 0) return undefined;
  const { owner, others, openSince, by } = holding;
  return {
    owner: owner.ref,
    others: others.map((one) => one.ref),
    ...(openSince !== undefined && { openSince }),
    ...(by && { by }),
  };
}
