import type { FactReading, FactReadings, MappedItem } from '../../contract/customers.js';

/** Characters of JSON that one activity reads, so that its result stays small. A longer fact is read alone. */
const MOST_CHARACTERS = 64 * 1024;
const MOST_FACTS = 50;

/** The content of all signals as one list: a signal brings a list of facts, and anybody may send anything. */
export function factsIn(inbox: readonly unknown[]): unknown[] {
  return inbox.flat();
}

/** The first facts, as many as one activity reads. */
export function firstBatch(facts: readonly unknown[]): unknown[] {
  let characters = 0;
  const end = facts.findIndex((fact, at) => {
    characters += JSON.stringify(fact ?? null).length;
    return at > 0 && (characters > MOST_CHARACTERS || at >= MOST_FACTS);
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
