import type { CustomerStart, CustomerStatus, NotDone, SubscriptionStatus } from '../../contract/customers.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { comingOf } from './coming.js';
import type { SubscriptionRecord } from './ledger.js';
import type { CustomerMemory } from './memory.js';
import { nextOperation } from './next-operation.js';
import { standingOf } from './standing.js';
import { quantityOf, wantedOf } from './wanted.js';

/** The answer of the query, from what is known and the time. */
export function statusOf(
  { ref, cloud }: CustomerStart,
  memory: CustomerMemory,
  now: number,
  beingRead = 0,
): CustomerStatus {
  const { ledger, events } = memory;
  const unread = beingRead + memory.inbox.length;
  const wanted = wantedOf(ledger, now);
  const [next] = comingOf(ledger, now);
  const intention = nextOperation({ ref, ...(cloud !== undefined && { cloud }), wanted });
  const records = Object.values(ledger.subscriptions);
  const asked = records.flatMap((record) => questionsOf(record, now));
  const notDone = [...wanted.setAside, ...(intention.kind === 'asks' ? intention.open : []), ...asked];
  return {
    ref,
    cloud: cloud ?? DEFAULT_CLOUD,
    state: 'observed',
    observed: true,
    subscriptions: records.map((record) => toStatus(record, now)),
    wanted: wanted.tenant,
    ...(notDone.length > 0 && { notDone }),
    ...(next && { next }),
    ...(intention.kind === 'operation' && {
      wouldDo: { operation: intention.operation, why: intention.why, input: intention.input },
    }),
    ...(intention.kind === 'waits' && { waitingFor: intention.waitingFor }),
    ...(unread > 0 && { unread }),
    events,
  };
}

/** What the rules of a subscription ask a person, and since when. */
function questionsOf(record: SubscriptionRecord, now: number): NotDone[] {
  const { actions } = standingOf(record, now);
  return actions
    .filter((action) => action.do === 'ask' && Date.parse(action.at) <= now)
    .map(({ why }) => ({ field: `${record.source} ${record.ref}`, why: `${why}: shall the customer be suspended?` }));
}

function toStatus(record: SubscriptionRecord, now: number): SubscriptionStatus {
  const { source, ref, items, until, trialEnd } = record;
  const { state, since } = standingOf(record, now);
  return {
    source,
    ref,
    items: items.map((item) => ({
      ...(item.plan !== undefined && { plan: item.plan }),
      ...(item.product !== undefined && { product: item.product }),
      quantity: quantityOf(record, item),
    })),
    state,
    since,
    ...(until !== undefined && { until }),
    ...(trialEnd !== undefined && { trialEnd }),
  };
}
