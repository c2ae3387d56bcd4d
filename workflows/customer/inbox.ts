import type { FactReading, FactReadings, MappedItem } from '../../contract/customers.js';
import { jsonBytes } from '../../contract/json-bytes.js';

/** Bytes of JSON that one activity reads, so that its result stays small. A longer fact is read alone. */
const MOST_BYTES = 64 * 1024;
const MOST_FACTS = 50;

/** A longer fact is none: an event has at most 1 MiB, and facts are shorter than their event. */
const MOST_OF_ONE = 256 * 1024;

/** The facts of a signal. Anybody may send anything, so what is too long or too deep becomes null: that is no fact. */
export function acceptable(content: unknown): unknown[] {
  return [content].flat().map((fact) => (sizeOf(fact) <= MOST_OF_ONE ? fact : null));
}

/** Bytes of JSON. */
function sizeOf(fact: unknown): number {
  try {
    return jsonBytes(fact);
  } catch {
    return Infinity;
  }
}

/** The first facts, as many as one activity reads. */
export function firstBatch(facts: readonly unknown[]): unknown[] {
  let bytes = 0;
  const end = facts.findIndex((fact, at) => {
    bytes += sizeOf(fact);
    return at > 0 && (bytes > MOST_BYTES || at >= MOST_FACTS);
  });
  return facts.slice(0, end === -1 ? facts.length : end);
}

/** The readings with their plans in place. */
export function unpack({ readings, plans }: FactReadings): FactReading[] {
  return readings.map((reading): FactReading => {
    if ('refused' in reading) return reading;
    const { sold, ...fact } = reading.mapped;
    const items = sold?.map(({ digest, ...item }): MappedItem => {
      const plan = digest === undefined ? undefined : plans[digest];
      return { ...item, ...(plan && { plan }) };
    });
    return { mapped: { ...fact, ...(items && { sold: items }) } };
  });
}
