import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { FailureType } from '../../contract/failures.js';

/**
 * Calls that change something. A worker that dies is noticed when its heartbeats stop, so the long time limit costs nothing then.
 * How long "again" lasts is decided in the activity, which can tell a busy cloud from a worker that was away. A cancellation waits
 * for the call in flight: an undo that began while a POST is on its way would miss what the POST makes.
 */
const regular = {
  startToCloseTimeout: '4 minutes',
  heartbeatTimeout: '2 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} as const;

export const activities = proxyActivities<Activities>(regular);

/** Look-ups while the cloud answers: run inside the workflow task, which saves a round trip to the server and back. */
export const localActivities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 1 },
});

/** Looks for a worker that can do what the one before could not. */
export const anyWorker = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 1 },
});

/** What people are told. Nobody waits for it, and a run is not worse off when it cannot be told. */
export const notices = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
});

/** Asks a cloud again and again, however long it takes, whether it is back. */
export const probes = proxyActivities<Activities>({
  startToCloseTimeout: '45 seconds',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 1.5, maximumInterval: '2 minutes' },
});

/** Asks a cloud once whether it answers; a worker that does not know the cloud has not asked it. */
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

/** Watches a run for as long as others wait for it. It holds nothing up, and whoever asked may stop asking at any time. */
export const watches = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/** Looks once through what nobody watches; what is not found today is found the next time. */
export const closedRuns = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '5 minutes',
});

/** Gives a turn back. Whoever waits for it would find out in any case, only later. */
export const farewells = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});

/** Asks Temporal itself, once, while a cancellation waits for the answer. */
export const quickLooks = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});

/** Asks Temporal itself, which answers before anything else here could go on. */
export const patientLooks = proxyLocalActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/**
 * Asks again and again whether another run has closed. That may take months, so nothing is held in between, neither a worker's slot nor its
 * attention; and an attempt that is under way when the run is cancelled need not be waited for.
 */
export const waits = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});
