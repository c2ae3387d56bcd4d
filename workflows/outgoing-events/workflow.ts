import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { nothingReported, type Reported } from '../../contract/outgoing-events.js';
import { autoUpgrade } from '../kernel/new-versions.js';

/** Each attempt is one look. A dead worker is noticed when its heartbeats stop. */
const { collectEvents } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/**
 * Sees what happens in this namespace, and gives each event to its deliveries. It never ends by itself. What happened
 * before its first start is not reported.
 */
export async function outgoingEvents(reported?: Reported | null): Promise<void> {
  const given = reported ?? nothingReported(new Date(Date.now()).toISOString());
  const next = await collectEvents.executeWithOptions({ summary: 'Look what has happened' }, [given]);
  await continueAsNew<typeof outgoingEvents>(next);
}

autoUpgrade(outgoingEvents);
