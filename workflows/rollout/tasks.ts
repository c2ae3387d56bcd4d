import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';

/** A dead worker is noticed when its heartbeats stop: until then nobody else begins. */
const heartbeatTimeout = '10 seconds';

export const { rollOut } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Its attempts add nothing to the history, and no slot is used between them. */
export const { lookAtCustomers } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout,
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 1.5, maximumInterval: '10 seconds' },
});

/** The rows of an import are personal data: they go with it. */
export const { forgetRows } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumAttempts: 5 },
});
