import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { FailureType } from '../../contract/failures.js';

/**
 * Options for calls that change something. A dead worker is noticed when its heartbeats stop, so the long timeout costs
 * nothing then. The activity decides how long to retry, because it can distinguish a busy cloud from a worker that was
 * down. A cancellation waits for the call in flight: an undo that started during a POST would miss what the POST
 * creates.
 */
const changeOptions = {
  startToCloseTimeout: '4 minutes',
  heartbeatTimeout: '2 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} as const;

export const activities = proxyActivities<Activities>(changeOptions);

/** Look-ups while the cloud answers. They run inside the workflow task, which saves a round trip to the server. */
export const localActivities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 1 },
});

/** Lets another worker read an input whose cloud this worker does not know. */
export const anyWorkerReads = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 1 },
});

/** Notifications. No run waits for one, and one that cannot be sent does not harm the run. */
export const notices = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
});

/** One try to send a message. Its queue decides when the next one follows. */
export const oneDelivery = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** Probes a cloud until it is back, however long that takes. */
export const probes = proxyActivities<Activities>({
  startToCloseTimeout: '45 seconds',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 1.5, maximumInterval: '2 minutes' },
});

/** Probes a cloud once. A worker that does not know the cloud has not probed it, so another attempt follows. */
export const oneProbe = proxyActivities<Activities>({
  startToCloseTimeout: '45 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 1,
    maximumAttempts: 5,
    nonRetryableErrorTypes: Object.values(FailureType).filter((type) => type !== FailureType.UnknownCloud),
  },
});

/**
 * Asks about another run until it closes or changes. That can take months, so it uses no worker slot between attempts,
 * and a cancellation does not wait for the current attempt.
 */
export const runWatches = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/** Looks for news at a cloud. That can take months; the activity says when it looks again. */
export const newsWatches = proxyActivities<Activities>({
  startToCloseTimeout: '4 minutes',
  heartbeatTimeout: '2 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Asks a customer until it agrees. That can take months, and it may read its sources meanwhile. */
export const agreements = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '15 minutes' },
});

/** Looks at runs that usually say themselves when they change. */
export const slowLooks = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** Asks a queue from time to time whether it still knows a claim. That can take months too. */
export const claimWatches = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Checks once which unwatched runs have closed. What it misses is found the next time. */
export const closedRuns = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '5 minutes',
});

/** One short call to Temporal. The run goes on without its answer. */
export const quickTemporalCalls = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});

/** Asks Temporal until it answers; the workflow cannot continue without it. */
export const temporalReads = proxyLocalActivities<Activities>({ startToCloseTimeout: '10 seconds' });
