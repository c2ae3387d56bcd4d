import type { FactReading, MappedFact } from '../../contract/customers.js';
import { countedLedger, ownLedger } from './holdings.js';
import { keyOf, readableSubscriptions, type Ledger, type ReadableSubscription } from './ledger.js';
import { REPEATED_FOR_MS, type CustomerMemory } from './memory.js';
import { standingOf } from './standing.js';
import { isPatched } from './patches.js';

/** Customers of older releases made a tenant by facts of any age. */
const ASKS_ABOUT_LATE_FACTS = 'customer-asks-about-late-facts';

/**
 * Remembers which subscriptions are known only by a fact that was old when it came: the customer may have ended since and
 * be forgotten. `before`: what was known before the readings were worked in.
 */
export function withLateFacts(
  memory: CustomerMemory,
  readings: readonly FactReading[],
  { before, now }: { before: Ledger; now: number },
): CustomerMemory {
  const facts = readings.flatMap((one) => ('mapped' in one ? one.mapped : []));
  const isConcerned = memory.late !== undefined || facts.some((fact) => isLate(fact, now));
  if (!isConcerned || !isPatched(ASKS_ABOUT_LATE_FACTS)) return memory;
  const late = { ...memory.late };
  for (const fact of facts) {
    const key = keyIn(memory.ledger, fact);
    if (key === undefined) continue;
    if (!isLate(fact, now)) delete late[key];
    else if (keyIn(before, fact) !== key) late[key] = fact.at;
  }
  const { late: _late, ...rest } = memory;
  return Object.keys(late).length === 0 ? rest : { ...rest, late };
}

/** What a source was asked for is true now, whatever time it names. */
function isLate({ at, asked }: Pick<MappedFact, 'at' | 'asked'>, now: number): boolean {
  return asked === undefined && now - Date.parse(at) > REPEATED_FOR_MS;
}

/** The key of the subscription of which this fact is the newest; undefined if there is none. */
function keyIn({ subscriptions }: Ledger, { source, subscription, at }: MappedFact): string | undefined {
  if (subscription === undefined) return undefined;
  const key = keyOf(source, subscription.ref);
  return Object.hasOwn(subscriptions, key) && subscriptions[key]!.newest.at === at ? key : undefined;
}

/** What is sold only by late facts, of subscriptions that nobody can look up: each as a sentence. */
export function soldLate(memory: CustomerMemory, now: number): { late?: string[] } {
  const { late } = memory;
  if (late === undefined) return {};
  const sold = Object.entries(countedLedger(memory).subscriptions).flatMap(([key, record]) =>
    Object.hasOwn(late, key) && record.readAs === undefined && standingOf(record, now).isSold
      ? [`what ${record.source} says of ${record.ref} is of ${late[key]}`]
      : [],
  );
  return sold.length === 0 ? {} : { late: sold.toSorted() };
}

/** The subscriptions that are of this customer for sure and can be read; those known by late facts only are marked. */
export function ownReadable(memory: CustomerMemory): ReadableSubscription[] {
  const { late = {} } = memory;
  return readableSubscriptions(ownLedger(memory)).map((one) =>
    Object.hasOwn(late, keyOf(one.source, one.object.id)) ? { ...one, isLate: true } : one,
  );
}
