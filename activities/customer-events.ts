import type { CustomerStatus } from '../contract/customers.js';
import type { Lasting, OutgoingEvent } from '../contract/outgoing-events.js';
import { eventId, shortened } from './event-ids.js';
import { milestoneNews } from './milestone-events.js';
import type { AboutCustomer } from './run-events.js';

/** What lasts for a customer now, and what is to be reported of it. */
export interface CustomerNews {
  lasting: Lasting;
  events: OutgoingEvent[];
}

/** Compares what a customer says of itself with what was reported. `now` is an ISO time. */
export function newsOf(id: string, status: CustomerStatus, before: Lasting, now: string): CustomerNews {
  const { ref, cloud, tenantId } = status;
  const customer = { id, ref, cloud, ...(tenantId !== undefined && { tenantId }) };
  const about: Situation = { customer, status, before, now };
  const { suspending, events: ofSuspension } = suspensionNews(about);
  const { different, events: ofDifference } = differenceNews(about);
  const { reached, events: ofMilestones } = milestoneNews(customer, status, before, now);
  return {
    lasting: {
      ...(suspending !== undefined && { suspending }),
      ...(different !== undefined && { different }),
      ...(reached && { reached }),
    },
    events: [...ofMilestones, ...ofSuspension, ...ofDifference],
  };
}

interface Situation {
  customer: AboutCustomer;
  status: CustomerStatus;
  before: Lasting;
  now: string;
}

function suspensionNews({
  customer,
  status,
  before,
  now,
}: Situation): CustomerNews['lasting'] & Pick<CustomerNews, 'events'> {
  const { suspending } = before;
  const known = suspending === undefined ? {} : { suspending };
  // nothing comes while a person has stopped it, and nothing is called off by that
  if (status.observed || status.paused || status.held) return { ...known, events: [] };
  const coming = [status.next, ...(status.later ?? [])].find((one) => one?.what === 'suspend');
  if (coming === undefined) return { events: calledOff(customer, suspending, now) };
  if (coming.at === suspending) return { ...known, events: [] };
  const { at, why } = coming;
  const type = 'customer.suspending';
  const event = { id: eventId(type, customer.id, at), type, timestamp: now, data: { ...customer, at, why } } as const;
  return { suspending: at, events: [event] };
}

/** What is due no longer comes either, but that is no news. */
function calledOff(customer: AboutCustomer, at: string | undefined, now: string): OutgoingEvent[] {
  if (at === undefined || at <= now) return [];
  const type = 'customer.changed';
  const data = { ...customer, calledOff: { what: 'suspend', at } };
  return [{ id: eventId(type, customer.id, at), type, timestamp: now, data }];
}

function differenceNews({
  customer,
  status,
  before,
  now,
}: Situation): Pick<Lasting, 'different'> & Pick<CustomerNews, 'events'> {
  const { different: found = [] } = status;
  if (found.length === 0) return { events: [] };
  const different = shortened(...found.map(({ field, is }) => JSON.stringify([field, is])));
  if (different === before.different) return { different, events: [] };
  const type = 'customer.different';
  const [{ since }] = found as [(typeof found)[0]];
  const data = { ...customer, fields: found.map(({ field }) => field) };
  return {
    different,
    events: [{ id: eventId(type, customer.id, different, since.slice(0, 10)), type, timestamp: now, data }],
  };
}
