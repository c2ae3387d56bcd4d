import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, isCancellation, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { oneProbe, probes } from '../kernel/activity-options.js';
import { CLOUD_TROUBLE, type Trouble } from '../../contract/cloud-trouble.js';
import { FailureType } from '../../contract/failures.js';

/** Says nothing of the order: the cloud itself, or our way to it, is in trouble. */
export const outageTypes: readonly string[] = [
  FailureType.Unavailable,
  FailureType.Throttled,
  FailureType.Credentials,
  FailureType.UnknownCloud,
];

/** Waits while the cloud is away. False when it is not: then the trouble lies elsewhere. */
export async function waitOutOutage(trouble: Trouble): Promise<boolean> {
  if (await cloudAnswers(trouble.cloud)) return false;
  await announceTrouble(trouble);
  await waitUntilCloudIsBack(trouble.cloud);
  return true;
}

/** Whether the cloud answers at all just now. */
export async function cloudAnswers(cloud: string): Promise<boolean> {
  const summary = `Does cloud ${cloud} answer?`;
  return await oneProbe.probeCloud.executeWithOptions({ summary }, [{ cloud }]).then(
    () => true,
    () => false,
  );
}

/** Ends when the cloud answers again, however long that takes. */
export async function waitUntilCloudIsBack(cloud: string): Promise<void> {
  try {
    await probes.probeCloud.executeWithOptions({ summary: `Is cloud ${cloud} back?` }, [{ cloud }]);
  } catch (error) {
    // a probe that cannot even be made must not end a run: it tries again and asks anew
    if (isCancellation(error)) throw error;
  }
}

/** Sees to it that people hear of a cloud's trouble once, however many runs suffer from it. */
export async function announceTrouble(trouble: Trouble): Promise<void> {
  try {
    // others suffer from the trouble too: it does not end with the run that told of it first
    await CancellationScope.nonCancellable(
      async () =>
        await startChild(CLOUD_TROUBLE, {
          workflowId: `${CLOUD_TROUBLE}:${trouble.cloud}`,
          args: [trouble],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          staticSummary: `Cloud ${trouble.cloud} is in trouble`,
        }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
