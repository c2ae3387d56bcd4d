import { jsonBytes } from '../../contract/json-bytes.js';
import { ignore, newestThatFit, withMissed, type CustomerMemory, type MissedFact } from './memory.js';
import { isPatched } from './patches.js';

/** Bytes that the next run of the workflow gets at most. Temporal refuses 2 MiB, and encryption adds a little. */
const MOST_CARRIED = 1_900_000;
/** Bytes of facts that are carried over unread. */
const MOST_UNREAD = 500_000;
/** How often a full inbox is read before the oldest facts in it are dropped. */
export const MOST_ROUNDS = 20;
const MOST_CHARACTERS = 500;

interface About {
  /** Of the customer. */
  ref: string;
  /** Milliseconds of the epoch. */
  now: number;
}

/** Customers of older releases read as long as facts came, and carried all that was left. */
export function carriesLittle(): boolean {
  return isPatched('customer-carries-a-small-inbox');
}

/** True when more facts wait than the next run can get: then some are read first. */
export function isInboxLarge({ inbox }: CustomerMemory): boolean {
  return jsonBytes(inbox) > MOST_UNREAD;
}

/**
 * What the next run of the workflow gets. Where it is too much, the oldest ids of events go: to hear an event again does
 * no harm. Of facts that nobody could read in time the oldest go, and the customer knows that it has missed them.
 */
export function carriedOver(memory: CustomerMemory, about: About): CustomerMemory {
  const { seen, ...bounded } = withNewestFacts(memory, MOST_UNREAD, about);
  const room = MOST_CARRIED - jsonBytes({ ...bounded, seen: {} });
  if (room >= 0) return { ...bounded, seen: Object.fromEntries(newestThatFit(Object.entries(seen), room)) };
  return withNewestFacts({ ...bounded, seen: {} }, jsonBytes(bounded.inbox) + room, about);
}

function withNewestFacts(memory: CustomerMemory, most: number, about: About): CustomerMemory {
  const { inbox } = memory;
  // the brackets, and a comma for each
  let bytes = 2;
  const last = inbox.findLastIndex((fact) => (bytes += jsonBytes(fact) + 1) > most);
  const kept: CustomerMemory = { ...memory, inbox: inbox.slice(last + 1) };
  return inbox.slice(0, last + 1).reduce<CustomerMemory>((before, fact) => withoutFact(before, fact, about), kept);
}

/** Nobody has read the fact, so it may be anything: only what is about this customer is missed. */
function withoutFact(memory: CustomerMemory, content: unknown, { ref, now }: About): CustomerMemory {
  const { source, event, customer, subscription, at } = partsOf(content);
  const { id, type } = partsOf(event);
  const ignored = ignore(memory, { source: textOf(source), event: { id: textOf(id), type: textOf(type) } }, now);
  if (partsOf(customer)['ref'] !== ref || typeof source !== 'string') return ignored;
  const named = partsOf(subscription)['ref'];
  const time = Math.min(now, Date.parse(textOf(at)) || now);
  const missed: MissedFact = {
    source: textOf(source),
    ...(typeof named === 'string' && { ref: textOf(named) }),
    at: new Date(time).toISOString(),
    isUnread: true,
  };
  return withMissed(ignored, missed);
}

function partsOf(content: unknown): Record<string, unknown> {
  return typeof content === 'object' && content !== null ? { ...content } : {};
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content.slice(0, MOST_CHARACTERS) : '';
}
