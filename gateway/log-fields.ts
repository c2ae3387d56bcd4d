import type { EventFacts } from '../sources/kind.js';

/** The ids and the types of the events, for the log. */
export function logFields(events: readonly EventFacts[]): { event?: string; type?: string } {
  if (events.length === 0) return {};
  const list = (values: string[]) => [...new Set(values)].join(' ').slice(0, LONGEST);
  return { event: list(events.map(({ id }) => id)), type: list(events.map(({ type }) => type)) };
}

const LONGEST = 300;
