import type { CustomerStatus } from '../contract/customers.js';
import { milestones, type Milestone } from '../contract/milestones.js';
import type { Lasting, OutgoingEvent } from '../contract/outgoing-events.js';
import { eventId } from './event-ids.js';
import type { AboutCustomer } from './run-events.js';

/** What is older is no news, so nothing is remembered for customers that were protected long ago. */
const NEWS_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The milestones that a customer has reached since it was asked last. That its tenant was created is said by the end of the
 * run that created it. `now` is an ISO time.
 */
export function milestoneNews(
  customer: AboutCustomer,
  { milestones: reached, protection, tenantId }: Pick<CustomerStatus, 'milestones' | 'protection' | 'tenantId'>,
  { reached: before }: Pick<Lasting, 'reached'>,
  now: string,
): Pick<Lasting, 'reached'> & { events: OutgoingEvent[] } {
  const run = protection?.run;
  if (run === undefined || tenantId === undefined) return { events: [] };
  const oldest = new Date(Date.parse(now) - NEWS_MS).toISOString();
  const recent = milestones.slice(1).flatMap((milestone) => {
    const at = reached[milestone];
    return at === null || at < oldest ? [] : [{ milestone, at }];
  });
  const fresh = recent.filter(({ milestone }) => !before?.includes(keyOf(tenantId, milestone)));
  const all = recent.map(({ milestone }) => keyOf(tenantId, milestone));
  return {
    ...(all.length > 0 && { reached: all }),
    events: fresh.map((one) => milestoneEvent(customer, run, one)),
  };
}

/** A customer can get another tenant, which reaches every milestone again. */
function keyOf(tenantId: string, milestone: Milestone): string {
  return `${tenantId.slice(0, 8)} ${milestone}`;
}

function milestoneEvent(
  customer: AboutCustomer,
  { operation, id }: { operation: string; id: string },
  { milestone, at }: { milestone: Milestone; at: string },
): OutgoingEvent {
  const type = 'onboarding.milestone';
  const data = { ...customer, operation, run: id, milestone, at };
  return { id: eventId(type, customer.id, customer.tenantId ?? '', milestone), type, timestamp: at, data };
}
