import type { InputProblem } from '../contract/errors.js';
import type { Fact, SoldItem } from '../contract/facts.js';
import { textAt } from './body.js';
import type { EventFacts, Reading, SourceContext } from './kind.js';
import { AHEAD, isAhead } from './times.js';

/** The event says nothing that is acted on. */
export function nothing(event: EventFacts, why = `nothing is done about events of the type ${event.type}`): Reading {
  return { ...event, says: 'nothing', why };
}

/** One field of the event is missing or of the wrong kind. */
export function problem(event: EventFacts, path: string, message: string): Reading {
  return { ...event, says: 'incomplete', problems: [{ path, message }] };
}

/** Every problem of an object that stands at `path` of the body. */
export function incomplete(event: EventFacts, path: string, found: readonly InputProblem[]): Reading {
  const problems = found.map((one) => ({ path: `${path}.${one.path}`, message: one.message }));
  return { ...event, says: 'incomplete', problems };
}

/** The reading of an event from the future; undefined for a time that can be true. */
export function fromTheFuture(event: EventFacts, path: string, at: string, now: Date): Reading | undefined {
  return isAhead(at, now) ? problem(event, path, AHEAD) : undefined;
}

export function facts(event: EventFacts, { name }: SourceContext, says: Omit<Fact, 'source' | 'event'>): Reading {
  const { id, type } = event;
  return { ...event, says: 'facts', facts: [{ source: name, event: { id, type }, ...says }] };
}

/**
 * The reference of a customer: the shared one, on the first object that has it. Where the source has no shared one, it
 * is made from the sender's own id. Undefined when the shared one is on none of the objects.
 */
export function referenceOf(
  objects: readonly unknown[],
  senderId: string,
  { name, reference }: SourceContext,
): string | undefined {
  if (reference === undefined) return ownReference(name, senderId);
  return objects.map((one) => textAt(one, reference)).find((ref) => ref !== undefined);
}

/** Customer 12 of one source is never customer 12 of another one. */
export function ownReference(source: string, senderId: string): string {
  return `${source}.${senderId}`;
}

/** The name of a company, else of a person; language and contact as far as they are known. */
export function personDetails(given: {
  company?: string | null | undefined;
  first?: string | null | undefined;
  last?: string | null | undefined;
  email?: string | null | undefined;
  language?: string | null | undefined;
}) {
  const { company, first, last, email, language } = given;
  const name = company || [first, last].filter(Boolean).join(' ');
  const names = { ...(first ? { firstName: first } : {}), ...(last ? { lastName: last } : {}) };
  return {
    ...(name ? { name } : {}),
    ...(language ? { language } : {}),
    ...(email ? { contact: { email, ...names } } : {}),
  };
}

/** One item for each product: lists can name a product several times. Undefined when a sum is less than nothing. */
export function sumByProduct(
  items: readonly { product: string; aliases?: string[]; quantity: number | undefined }[],
): SoldItem[] | undefined {
  const sums = new Map<string, SoldItem>();
  for (const { product, aliases = [], quantity } of items) {
    const before = sums.get(product);
    const sum = quantity === undefined ? before?.quantity : (before?.quantity ?? 0) + quantity;
    sums.set(product, {
      product,
      ...(aliases.length > 0 ? { aliases } : {}),
      ...(sum === undefined ? {} : { quantity: sum }),
    });
  }
  const all = [...sums.values()];
  return all.some(({ quantity = 0 }) => quantity < 0) ? undefined : all;
}
