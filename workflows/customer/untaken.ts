import type { NotDone } from '../../contract/customers.js';
import { countedLedger, openHoldings } from './holdings.js';
import { soldLate } from './late-facts.js';
import type { CustomerMemory } from './memory.js';
import { wantedOf, type WantedCustomer } from './wanted.js';

/** What all facts ask for at a time, in milliseconds of the epoch. What was not taken in is a question for a person. */
export function wantedBy(memory: CustomerMemory, now: number): WantedCustomer {
  const wanted = wantedOf(countedLedger(memory), now);
  return {
    ...wanted,
    open: [...untakenOf(memory), ...wanted.open],
    ...(openHoldings(memory).length > 0 && { isOwnerOpen: true }),
    ...soldLate(memory, now),
  };
}

/** What was said to this customer and not taken in, and what a person can do about it. */
export function untakenOf({ missed = [], waiting = [] }: CustomerMemory): NotDone[] {
  const sources = [...new Set(waiting.map(({ source }) => source))];
  const ofUnknownSources = sources.map((source) => ({
    field: source,
    why: 'facts of it wait, because no worker has this source in its sources.json: add it there',
  }));
  const tooMuch = missed.map(({ source, ref = '', isUnread }) => ({
    field: `${source} ${ref}`.trimEnd(),
    why: isUnread ? tooFast(source) : TOO_MUCH,
  }));
  return [...ofUnknownSources, ...tooMuch];
}

const TOO_MUCH =
  'what was said of it does not fit: more is sold under this reference than a customer can remember. Give some of its ' +
  'subscriptions another reference at the source';

function tooFast(source: string): string {
  return (
    'facts of it were dropped unread, because too many came at once. Its newest fact makes up for them: let the source ' +
    `be listed ("tenantry sources sync ${source}"), or, without an apiKey, let it send the newest event again`
  );
}
