import type { PlanTerms } from '../../contract/sales-plans.js';
import type { SubscriptionName } from '../../contract/subscription-owners.js';
import { keyOf, mergeStates, type Ledger, type SubscriptionRecord } from './ledger.js';
import { isNewer } from './newer.js';

/** What another customer knows of a subscription, if that is what the content is: anybody can send signals. */
export function readRecord(content: object, { source, ref }: SubscriptionName): SubscriptionRecord | undefined {
  const record = content as Partial<SubscriptionRecord>;
  const isOfIt = record.source === source && record.ref === ref && typeof record.newest?.at === 'string';
  const hasLists = Array.isArray(record.items) && Array.isArray(record.states) && record.states.length > 0;
  const hasParts = [record.quantities, record.terms].every((part) => typeof part === 'object' && part !== null);
  return isOfIt && hasLists && hasParts ? (record as SubscriptionRecord) : undefined;
}

/** Adds what another customer knows of a subscription; the same ledger when that is nothing new. */
export function withRecord(ledger: Ledger, other: SubscriptionRecord): Ledger {
  const key = keyOf(other.source, other.ref);
  const before = Object.hasOwn(ledger.subscriptions, key) ? ledger.subscriptions[key] : undefined;
  const after = before === undefined ? other : mergeRecords(before, other);
  if (JSON.stringify(after) === JSON.stringify(before)) return ledger;
  return { ...ledger, subscriptions: { ...ledger.subscriptions, [key]: after } };
}

/**
 * What two customers have heard of one subscription: the same as if one had heard all of it. Of two with one time, what
 * the other has heard wins.
 */
function mergeRecords(own: SubscriptionRecord, other: SubscriptionRecord): SubscriptionRecord {
  const {
    quantities: _q,
    terms: _t,
    termsOf: _o,
    states: _s,
    ...newest
  } = isNewer(other.newest, own.newest) ? other : own;
  return {
    ...newest,
    ...mergeTerms(own, other),
    quantities: mergeQuantities(own.quantities, other.quantities),
    states: other.states.reduce(mergeStates, own.states),
  };
}

/** The plans of the newer list. A plan that both have stays as the other got it: that one had the subscription. */
function mergeTerms(own: SubscriptionRecord, other: SubscriptionRecord): Pick<SubscriptionRecord, 'terms' | 'termsOf'> {
  const isOthers = other.termsOf !== undefined && isNewer(other.termsOf, own.termsOf);
  const { terms, termsOf } = isOthers ? other : own;
  const known = (name: string, plan: PlanTerms) => (Object.hasOwn(other.terms, name) ? other.terms[name]! : plan);
  const all = Object.entries(terms).map(([name, plan]) => [name, known(name, plan)] as const);
  return { terms: Object.fromEntries(all), ...(termsOf && { termsOf }) };
}

function mergeQuantities(
  own: SubscriptionRecord['quantities'],
  other: SubscriptionRecord['quantities'],
): SubscriptionRecord['quantities'] {
  const newer = Object.entries(other).filter(([item, quantity]) => isNewer(quantity, ownOf(own, item)));
  const all = Object.entries({ ...own, ...Object.fromEntries(newer) });
  return Object.fromEntries(all.toSorted(([one], [two]) => (one < two ? -1 : 1)));
}

function ownOf<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
