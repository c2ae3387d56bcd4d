import { ActivityFailure, ApplicationFailure, proxyActivities, uuid4 } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { toSummary } from '../../contract/markdown.js';
import type { TruthReport } from '../../contract/source-objects.js';
import type { ReadableSubscription } from './ledger.js';

/** The customer reads on meanwhile; a source that does not answer is asked again later. */
const { deliverTruth } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Why the truth does not allow that something is taken away now. */
export type Untrue = { unread: string } | { unclear: string };

/**
 * Reads the truth about all subscriptions of a customer that can be read, once more. What has changed comes as facts
 * before this resolves. A subscription that its source does not have, or that belongs to somebody else now, is no end:
 * then a person must act.
 */
export async function confirmTruth(
  ref: string,
  subscriptions: readonly ReadableSubscription[],
): Promise<Untrue | undefined> {
  for (const { source, object } of subscriptions) {
    const event = { id: `confirm-${uuid4()}`, type: 'tenantry.confirm' };
    const summary = toSummary(`Is it still so? ${object.type} ${object.id} of ${source}`);
    try {
      const report = await deliverTruth.executeWithOptions({ summary }, [{ source, object, event }]);
      if (report.notices.length > 0) return { unclear: report.notices.join('; ') };
      if (!report.customers.includes(ref)) return { unclear: otherThan(ref, { source, object }, report) };
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      const { cause } = error;
      return { unread: cause instanceof ApplicationFailure ? cause.message : `${source} does not answer` };
    }
  }
  return undefined;
}

function otherThan(
  ref: string,
  { source, object: { type, id } }: ReadableSubscription,
  { customers, ignored }: TruthReport,
): string {
  if (customers.length > 0)
    return `the ${type} ${id} of ${source} belongs to ${customers.join(', ')} now, and not to ${ref}`;
  return `${source} says nothing of the ${type} ${id}: ${ignored.join('; ')}`;
}
