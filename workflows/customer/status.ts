import type { CustomerStart, CustomerStatus, SubscriptionStatus } from '../../contract/customers.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { comingOf } from './coming.js';
import type { SubscriptionRecord } from './ledger.js';
import type { CustomerMemory } from './memory.js';
import { nextOperation } from './next-operation.js';
import { standingOf } from './standing.js';
import { quantityOf, wantedOf } from './wanted.js';

/** The answer of the query, from what is known and the time. */
export function statusOf({ ref, cloud }: CustomerStart, memory: CustomerMemory, now: number): CustomerStatus {
  const { ledger, events } = memory;
  const wanted = wantedOf(ledger, now);
  const [next] = comingOf(ledger, now);
  const intention = nextOperation({ ref, ...(cloud !== undefined && { cloud }), wanted });
  const notDone = [...wanted.setAside, ...(intention.kind === 'asks' ? intention.open : [])];
  return {
    ref,
    cloud: cloud ?? DEFAULT_CLOUD,
    state: 'observed',
    observed: true,
    subscriptions: Object.values(ledger.subscriptions).map((record) => toStatus(record, now)),
    wanted: wanted.tenant,
    ...(notDone.length > 0 && { notDone }),
    ...(next && { next }),
    ...(intention.kind === 'operation' && {
      wouldDo: { operation: intention.operation, why: intention.why, input: intention.input },
    }),
    ...(intention.kind === 'waits' && { waitingFor: intention.waitingFor }),
    events,
  };
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
