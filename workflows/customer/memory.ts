import type { CustomerEvent, FactReading, MappedFact } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';
import { jsonBytes } from '../../contract/json-bytes.js';
import type { Holdings } from './holdings.js';
import { emptyLedger, isKnown, merge, type Ledger } from './ledger.js';
import type { SavedProgress } from './progress.js';

/** What a customer takes along when it continues as new. Plain JSON. */
export interface CustomerMemory {
  version: 1;
  ledger: Ledger;
  /** Facts that have not been read; anybody may send some. */
  inbox: unknown[];
  /** Facts of sources that no worker knew when they were read, oldest first. */
  waiting?: Fact[];
  /** What did not fit, newest last; absent while everything has. */
  missed?: MissedFact[];
  /** The events that were seen, and when: no sender repeats an event for longer. */
  seen: Record<string, string>;
  /** The newest, newest last. */
  events: CustomerEvent[];
  /** Of subscriptions whose newest fact was late when it came: the time of that fact, by the answer of `keyOf`. */
  late?: Record<string, string>;
  /** Since when the tenant is gone and nothing else is open; absent before. ISO 8601. */
  recordSince?: string;
  /** Why the customer needed a person when somebody was notified last, if it still does. */
  noticed?: string;
  /** When it looks at its tenant next. ISO 8601. */
  lookAt?: string;
  /** What the customer has done. Absent in memories of releases that only observed. */
  progress?: SavedProgress;
  /** Whose each subscription is. Absent in memories of releases that did not ask. */
  holdings?: Holdings;
}

/** A fact that did not fit. A newer one about the same subscription that fits makes up for it. */
export interface MissedFact {
  source: string;
  /** Of the subscription; absent for the customer itself. */
  ref?: string;
  at: string;
  /** Too much came at once, and nobody has read it. */
  isUnread?: true;
}

/** So long an event may be repeated. */
export const REPEATED_FOR_MS = 35 * 24 * 60 * 60 * 1000;
const MOST_SEEN = 2000;
const MOST_EVENTS = 50;
const MOST_MISSED = 20;
const MOST_BYTES_SEEN = 500_000;

export const emptyMemory = (): CustomerMemory => ({
  version: 1,
  ledger: emptyLedger(),
  inbox: [],
  seen: {},
  events: [],
});

/** What the run before has left, or nothing: anybody may start a workflow with anything. */
export function memoryFrom(carried: CustomerMemory | null | undefined): CustomerMemory {
  return carried?.version === 1 && carried.ledger !== undefined ? { ...emptyMemory(), ...carried } : emptyMemory();
}

/** Bytes of the ledger. Temporal refuses to carry more than two million bytes over to the next run. */
const MOST_REMEMBERED = 500_000;
/** Only what is said of known subscriptions may use the rest: a payment or an end must always fit. */
const MOST_FOR_NEW = 450_000;

/**
 * Works the readings of a batch in. A fact that would make the memory too large is not worked in: the customer knows
 * that it has missed it.
 */
export function learnAll(
  memory: CustomerMemory,
  readings: readonly FactReading[],
  { ref, now }: { ref: string; now: number },
): CustomerMemory {
  const learned = readings.reduce((before, reading) => take(before, reading, ref, now), memory);
  if (sizeOf(learned) <= MOST_FOR_NEW) return learned;
  return readings.reduce((before, reading) => {
    const after = take(before, reading, ref, now);
    if ('refused' in reading) return after;
    const most = isKnown(before.ledger, reading.mapped) ? MOST_REMEMBERED : MOST_FOR_NEW;
    return sizeOf(after) <= most ? after : miss(before, reading.mapped, now);
  }, memory);
}

function sizeOf({ ledger }: CustomerMemory): number {
  return jsonBytes(ledger);
}

/** True when a customer can remember a ledger of this size. */
export function fits(ledger: Ledger): boolean {
  return jsonBytes(ledger) <= MOST_REMEMBERED;
}

/** Works in facts that are known and mean more now. One that would not fit stays as it was. */
export function relearn(memory: CustomerMemory, facts: readonly MappedFact[]): CustomerMemory {
  return facts.reduce((before, fact) => {
    const ledger = merge(before.ledger, fact);
    return fits(ledger) ? { ...before, ledger } : withMissed(before, missedOf(fact));
  }, memory);
}

function take(memory: CustomerMemory, reading: FactReading, ref: string, now: number): CustomerMemory {
  if ('refused' in reading) return ignore(memory, reading, now);
  return reading.mapped.customer.ref === ref ? learn(memory, reading.mapped, now) : ignore(memory, reading.mapped, now);
}

/**
 * Works one fact in, and writes down what became of it. A repeated event changes nothing; what a source was asked for
 * always counts.
 */
export function learn(memory: CustomerMemory, fact: MappedFact, now: number): CustomerMemory {
  const key = seenKey(fact);
  if (!fact.asked && memory.seen[key] !== undefined) return written(memory, fact, 'repeated', now);
  const ledger = merge(memory.ledger, fact);
  const seen = fact.asked ? memory.seen : { ...memory.seen, [key]: new Date(now).toISOString() };
  return written(
    { ...madeUpFor(memory, fact), ledger, seen },
    fact,
    ledger === memory.ledger ? 'older' : 'recorded',
    now,
  );
}

function miss(memory: CustomerMemory, fact: MappedFact, now: number): CustomerMemory {
  return ignore(withMissed(memory, missedOf(fact)), fact, now);
}

function missedOf({ source, subscription, at }: MappedFact): MissedFact {
  return { source, ...(subscription && { ref: subscription.ref }), at };
}

/** Remembers that a fact was not worked in. */
export function withMissed(memory: CustomerMemory, one: MissedFact): CustomerMemory {
  const others = (memory.missed ?? []).filter((other) => !isAboutSame(other, one));
  return { ...memory, missed: [...others, one].slice(-MOST_MISSED) };
}

/** Without what this fact, which fits, makes up for. */
function madeUpFor({ missed = [], ...memory }: CustomerMemory, fact: MappedFact): CustomerMemory {
  const left = missed.filter((one) => !isAboutSame(one, missedOf(fact)) || one.at > fact.at);
  return left.length === 0 ? memory : { ...memory, missed: left };
}

function isAboutSame(one: MissedFact, other: MissedFact): boolean {
  return one.source === other.source && one.ref === other.ref;
}

/** Writes down an event that could not be used. */
export function ignore(memory: CustomerMemory, fact: Pick<Fact, 'source' | 'event'>, now: number): CustomerMemory {
  return written(memory, fact, 'ignored', now);
}

/** Once nothing is left to do: what the events asked for is done. */
export function withAllApplied(memory: CustomerMemory): CustomerMemory {
  if (!memory.events.some(({ outcome }) => outcome === 'recorded')) return memory;
  const events = memory.events.map((event): CustomerEvent =>
    event.outcome === 'recorded' ? { ...event, outcome: 'applied' } : event,
  );
  return { ...memory, events };
}

/** Without the events that no sender repeats any more. */
export function forgetOld(memory: CustomerMemory, now: number): CustomerMemory {
  const oldest = new Date(now - REPEATED_FOR_MS).toISOString();
  const entries = Object.entries(memory.seen);
  const kept = newestThatFit(entries.filter(([, at]) => at >= oldest).slice(-MOST_SEEN), MOST_BYTES_SEEN);
  return kept.length === entries.length ? memory : { ...memory, seen: Object.fromEntries(kept) };
}

/** The last entries that together have not more bytes. */
export function newestThatFit(entries: [string, string][], mostBytes: number): [string, string][] {
  let bytes = 0;
  const last = entries.findLastIndex((entry) => (bytes += jsonBytes(entry)) > mostBytes);
  return entries.slice(last + 1);
}

/** The whole of each id: two that differ only in the middle are two events. */
function seenKey({ source, event: { id }, subscription }: Fact): string {
  return JSON.stringify([source, id, subscription?.ref ?? null]);
}

function written(
  memory: CustomerMemory,
  { source, event: { id, type } }: Pick<Fact, 'source' | 'event'>,
  outcome: CustomerEvent['outcome'],
  now: number,
): CustomerMemory {
  const event: CustomerEvent = { source, id, type, at: new Date(now).toISOString(), outcome };
  return { ...memory, events: [...memory.events, event].slice(-MOST_EVENTS) };
}
