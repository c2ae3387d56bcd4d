import type { FactReading } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';
import { jsonBytes } from '../../contract/json-bytes.js';
import { ignore, type CustomerMemory } from './memory.js';

const MOST_WAITING = 200;
const MOST_BYTES = 200_000;

/** True for a fact of a source that the worker does not have in its `sources.json`. */
export function isOfUnknownSource(reading: FactReading): boolean {
  return 'refused' in reading && reading.mayBeKnownSoon === true;
}

/** Keeps facts until a worker knows their source. Where there are too many, the oldest are ignored. */
export function keepWaiting(memory: CustomerMemory, facts: readonly Fact[], now: number): CustomerMemory {
  const all = [...(memory.waiting ?? []), ...facts];
  let bytes = 0;
  const first = all.findLastIndex((fact, at) => {
    bytes += jsonBytes(fact);
    return bytes > MOST_BYTES || all.length - at > MOST_WAITING;
  });
  const kept: CustomerMemory = { ...memory, waiting: all.slice(first + 1) };
  return all.slice(0, first + 1).reduce((before, fact) => ignore(before, fact, now), kept);
}

/** Without facts that have been read. */
export function withoutWaiting(memory: CustomerMemory, read: readonly Fact[]): CustomerMemory {
  return { ...memory, waiting: memory.waiting?.filter((fact) => !read.includes(fact)) ?? [] };
}
