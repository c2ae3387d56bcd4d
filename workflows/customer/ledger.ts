import type { MappedFact, MappedItem, OwnedField } from '../../contract/customers.js';
import type { CustomerFact, Fact, SubscriptionState } from '../../contract/facts.js';
import type { PlanTerms } from '../../contract/sales-plans.js';
import type { SourceObject } from '../../contract/source-objects.js';
import { isNewer, type Moment } from './newer.js';

/** All that sources have said about one customer: for each field the newest word, with its time. Plain JSON. */
export interface Ledger {
  /** By source. */
  people: Record<string, PersonRecord>;
  /** By source and the source's id. */
  subscriptions: Record<string, SubscriptionRecord>;
}

/** A value and when it was true. */
export interface Dated<T> extends Moment {
  value: T;
}

/** What one source says about the customer. */
export interface PersonRecord {
  owns: OwnedField[];
  name?: Dated<string>;
  language?: Dated<string>;
  contact?: Dated<NonNullable<CustomerFact['contact']>>;
  login?: Dated<string>;
  /** The time of the oldest fact with each field. */
  first: Partial<Record<PersonField, string>>;
}

export type PersonField = 'name' | 'language' | 'contact' | 'login';

export interface SubscriptionRecord {
  source: string;
  ref: string;
  /** The newest fact: items and dates are from it. */
  newest: Moment;
  items: SoldUnit[];
  until?: string;
  trialEnd?: string;
  /** The newest quantity of each item, also of items that are gone. */
  quantities: Record<string, Dated<number>>;
  /** By name: the plans as they were when this subscription got them. Those of the newest list that has items. */
  terms: Record<string, PlanTerms>;
  /** When that list was true; absent before there was one. */
  termsOf?: Moment;
  /** The states that were seen, oldest first. */
  states: SeenState[];
  /** The type of the object that it is in the API of its source; absent when that is not read. */
  readAs?: string;
  /** The newest fact, if no plan names some of its items: it is read again when `plans.json` has changed. */
  unmapped?: Fact;
  /** Its clock stands still since then. Never kept: see `holdings.ts`. */
  asOf?: string;
}

/** One item of a subscription. Where `terms` lack its plan, nobody knows what it means. */
export interface SoldUnit {
  product?: string;
  plan?: string;
  /** The rules say that an unknown product is set aside. */
  ignored?: true;
  /** Where the event should have a quantity, and has none. */
  missing?: string;
}

export interface SeenState extends Moment {
  state: SubscriptionState;
  /** When the sender says that the state began. */
  since?: string;
}

export interface ReadableSubscription {
  source: string;
  object: SourceObject;
  /** True when the newest that is known of it was old already when it came. */
  isLate?: boolean;
}

const MOST_STATES = 40;
const MOST_QUANTITIES = 500;
const personFields = ['name', 'language', 'contact', 'login'] as const satisfies PersonField[];

export const emptyLedger = (): Ledger => ({ people: {}, subscriptions: {} });

/** The newest facts with items that no plan names. */
export function unmappedFacts({ subscriptions }: Ledger): Fact[] {
  return Object.values(subscriptions).flatMap(({ unmapped }) => unmapped ?? []);
}

/** The subscriptions that can be read from the APIs of their sources. */
export function readableSubscriptions({ subscriptions }: Ledger): ReadableSubscription[] {
  return Object.values(subscriptions).flatMap(({ source, ref: id, readAs: type }) =>
    type === undefined ? [] : [{ source, object: { type, id } }],
  );
}

/** True while no source has said anything. */
export function isEmpty({ people, subscriptions }: Ledger): boolean {
  return Object.keys(people).length === 0 && Object.keys(subscriptions).length === 0;
}

/**
 * Adds a fact. The newest word on each field wins, so the order in which facts arrive does not matter. Answers with the
 * same ledger when the fact says nothing new.
 */
export function merge(ledger: Ledger, fact: MappedFact): Ledger {
  const { source, subscription } = fact;
  const people = replaced(ledger.people, source, (before) => mergePerson(before, fact));
  const subscriptions =
    subscription === undefined
      ? ledger.subscriptions
      : replaced(ledger.subscriptions, keyOf(source, subscription.ref), (before) => mergeSubscription(before, fact));
  const isSame = people === ledger.people && subscriptions === ledger.subscriptions;
  return isSame ? ledger : { people, subscriptions };
}

/** Names a subscription among all of a customer. */
export function keyOf(source: string, ref: string): string {
  return JSON.stringify([source, ref]);
}

/** True unless a fact is about a subscription of which nothing was said before. */
export function isKnown({ subscriptions }: Ledger, { source, subscription }: Fact): boolean {
  return subscription === undefined || Object.hasOwn(subscriptions, keyOf(source, subscription.ref));
}

/** The records with one of them changed; the same object when the change is none. */
function replaced<T>(records: Record<string, T>, key: string, change: (before: T | undefined) => T): Record<string, T> {
  const before = Object.hasOwn(records, key) ? records[key] : undefined;
  const after = change(before);
  return JSON.stringify(after) === JSON.stringify(before) ? records : { ...records, [key]: after };
}

function mergePerson(before: PersonRecord | undefined, { at, customer, owns }: MappedFact): PersonRecord {
  const person: PersonRecord = { ...before, owns, first: { ...before?.first } };
  for (const field of personFields) {
    const value = customer[field];
    if (value === undefined) continue;
    const first = person.first[field];
    if (first === undefined || at < first) person.first[field] = at;
    if (isNewer({ at }, before?.[field])) Object.assign(person, { [field]: { value, at } });
  }
  return person;
}

function mergeSubscription(before: SubscriptionRecord | undefined, fact: MappedFact): SubscriptionRecord {
  const { source, at, version, sold = [] } = fact;
  const { ref, state, since, until, trialEnd } = fact.subscription!;
  const moment: Moment = { at, ...(version !== undefined && { version }) };
  const isNewest = isNewer(moment, before?.newest);
  const kept = before ?? { source, ref, newest: moment, items: [], quantities: {}, terms: {}, states: [] };
  const { until: _until, trialEnd: _trialEnd, unmapped: _unmapped, readAs: _readAs, ...lasting } = kept;
  const newest = {
    ...lasting,
    newest: moment,
    ...(until !== undefined && { until }),
    ...(trialEnd !== undefined && { trialEnd }),
    ...(fact.readAs !== undefined && { readAs: fact.readAs }),
    ...(sold.some(isUnknown) && { unmapped: asSent(fact) }),
    items: sold.map((one): SoldUnit => ({
      ...toUnit(one),
      ...(one.ignored && { ignored: true }),
      ...(one.missing !== undefined && { missing: one.missing }),
    })),
  };
  return {
    ...(isNewest ? newest : kept),
    // an end often comes without items, and the rules of the plans still count
    ...(sold.length > 0 && isNewer(moment, kept.termsOf) && { terms: takeTerms(kept, sold), termsOf: moment }),
    quantities: mergeQuantities(kept.quantities, sold, moment),
    states: mergeStates(kept.states, { ...moment, state, ...(since !== undefined && { since }) }),
  };
}

function isUnknown({ plan, ignored }: MappedItem): boolean {
  return plan === undefined && !ignored;
}

function asSent({ owns: _owns, act: _act, readAs: _readAs, sold: _sold, ...fact }: MappedFact): Fact {
  return fact;
}

/** A plan that the subscription has keeps its terms: a changed plan counts for new subscriptions only. */
function takeTerms({ terms: known }: SubscriptionRecord, sold: MappedItem[]): Record<string, PlanTerms> {
  const usable = sold.flatMap(({ plan, retired }) => {
    const before = plan && Object.hasOwn(known, plan.name) ? known[plan.name] : undefined;
    return plan !== undefined && (before !== undefined || !retired) ? [before ?? plan] : [];
  });
  return Object.fromEntries(usable.map((plan) => [plan.name, plan]));
}

function toUnit({ product, plan, planName = plan?.name }: MappedItem): SoldUnit {
  return { ...(product !== undefined && { product }), ...(planName !== undefined && { plan: planName }) };
}

/** Names an item within a subscription. */
export function itemKey({ product, plan }: SoldUnit): string {
  return JSON.stringify([product ?? null, plan ?? null]);
}

function mergeQuantities(before: SubscriptionRecord['quantities'], sold: MappedItem[], moment: Moment) {
  const quantities = { ...before };
  for (const item of sold) {
    const key = itemKey(toUnit(item));
    if (item.quantity !== undefined && isNewer(moment, Object.hasOwn(before, key) ? before[key] : undefined))
      quantities[key] = { value: item.quantity, ...moment };
  }
  const entries = Object.entries(quantities).toSorted(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length <= MOST_QUANTITIES) return Object.fromEntries(entries);
  return Object.fromEntries(
    entries.toSorted(([, one], [, other]) => (isNewer(one, other) ? -1 : 1)).slice(0, MOST_QUANTITIES),
  );
}

export function mergeStates(before: SeenState[], seen: SeenState): SeenState[] {
  if (before.some((one) => JSON.stringify(one) === JSON.stringify(seen))) return before;
  const later = before.findIndex((one) => isNewer(one, seen) && !isNewer(seen, one));
  const at = later === -1 ? before.length : later;
  return thinOut([...before.slice(0, at), seen, ...before.slice(at)]);
}

/**
 * Leaves out the inner states of an unbroken run: those with the same `since` at once, because they say nothing, and
 * those without one where there are too many. Then the oldest go.
 */
function thinOut(states: SeenState[]): SeenState[] {
  const isInner = ({ state, since }: SeenState, at: number, all: SeenState[]) =>
    [all[at - 1], all[at + 1]].every((one) => one?.state === state && one.since === since);
  const kept = states.filter((one, ...where) => one.since === undefined || !isInner(one, ...where));
  if (kept.length <= MOST_STATES) return kept;
  return kept.filter((one, ...where) => !isInner(one, ...where)).slice(-MOST_STATES);
}
