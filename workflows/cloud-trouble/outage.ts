import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, isCancellation, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { oneProbe, probes } from '../kernel/activity-options.js';
import { CLOUD_TROUBLE, type Trouble } from '../../contract/cloud-trouble.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';

/** Failures of the cloud itself, or of the connection to it. They say nothing about the order. */
export const outageTypes: readonly string[] = [
  FailureType.Unavailable,
  FailureType.Throttled,
  FailureType.Credentials,
  FailureType.UnknownCloud,
];

/** Waits while the cloud is down. False when it answers: then something else is wrong. */
export async function waitOutOutage(trouble: Trouble): Promise<boolean> {
  if (await cloudAnswers(trouble.cloud)) return false;
  await announceTrouble(trouble);
  await waitUntilCloudIsBack(trouble.cloud);
  return true;
}

/** True when the cloud answers now. */
export async function cloudAnswers(cloud: string): Promise<boolean> {
  const summary = toSummary(`Does cloud ${cloud} answer?`);
  return await oneProbe.probeCloud.executeWithOptions({ summary }, [{ cloud }]).then(
    () => true,
    () => false,
  );
}

/** Resolves when the cloud answers again, however long that takes. */
export async function waitUntilCloudIsBack(cloud: string): Promise<void> {
  try {
    await probes.probeCloud.executeWithOptions({ summary: toSummary(`Is cloud ${cloud} back?`) }, [{ cloud }]);
  } catch (error) {
    // a probe that cannot be made must not end a run: the run retries its step and probes again
    if (isCancellation(error)) throw error;
  }
}

/** Starts the notifications about a cloud, once for all affected runs. */
export async function announceTrouble(trouble: Trouble): Promise<void> {
  try {
    // other runs are affected too: it must outlive the run that reported it first
    await CancellationScope.nonCancellable(
      async () =>
        await startChild(CLOUD_TROUBLE, {
          workflowId: `${CLOUD_TROUBLE}:${trouble.cloud}`,
          args: [trouble],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          staticSummary: toSummary(`Cloud ${trouble.cloud} is in trouble`),
        }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
