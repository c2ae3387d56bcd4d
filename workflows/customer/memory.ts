import type { CustomerEvent, MappedFact } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';
import { emptyLedger, merge, type Ledger } from './ledger.js';

/** What a customer takes along when it continues as new. Plain JSON. */
export interface CustomerMemory {
  version: 1;
  ledger: Ledger;
  /** The content of signals that has not been worked in; anybody may send one. */
  inbox: unknown[];
  /** The events that were seen, and when: no sender repeats an event for longer. */
  seen: Record<string, string>;
  /** The newest, newest last. */
  events: CustomerEvent[];
}

const REPEATED_FOR_MS = 35 * 24 * 60 * 60 * 1000;
const MOST_SEEN = 2000;
const MOST_EVENTS = 50;

export const emptyMemory = (): CustomerMemory => ({
  version: 1,
  ledger: emptyLedger(),
  inbox: [],
  seen: {},
  events: [],
});

/** Works one fact in, and writes down what became of it. A repeated event changes nothing. */
export function learn(memory: CustomerMemory, fact: MappedFact, now: number): CustomerMemory {
  const key = seenKey(fact);
  if (memory.seen[key] !== undefined) return written(memory, fact, 'repeated', now);
  const ledger = merge(memory.ledger, fact);
  const seen = { ...memory.seen, [key]: new Date(now).toISOString() };
  return written({ ...memory, ledger, seen }, fact, ledger === memory.ledger ? 'older' : 'recorded', now);
}

/** Writes down an event that could not be used. */
export function ignore(memory: CustomerMemory, fact: Pick<Fact, 'source' | 'event'>, now: number): CustomerMemory {
  return written(memory, fact, 'ignored', now);
}

/** Without the events that no sender repeats any more. */
export function forgetOld(memory: CustomerMemory, now: number): CustomerMemory {
  const oldest = new Date(now - REPEATED_FOR_MS).toISOString();
  const entries = Object.entries(memory.seen);
  const kept = entries.filter(([, at]) => at >= oldest).slice(-MOST_SEEN);
  return kept.length === entries.length ? memory : { ...memory, seen: Object.fromEntries(kept) };
}

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
