import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';

/** What the server knows of the attempt that runs here. */
export interface PendingAttempt {
  /** False once the server has given it up, or has an answer of another worker. */
  counts: boolean;
  /** How long it has waited for a worker, by the server's clock. Milliseconds. */
  waitedMs: number;
}

const ANSWER_MS = 5000;

/**
 * Asks the server whether this attempt still counts. A worker that was stopped for some seconds (a paused machine, memory
 * on disk) does not know it: by its own clock no time has passed. Fails, to be tried again, when the server does not
 * answer. Changes nothing.
 */
export async function pendingAttempt({ client, info }: Context): Promise<PendingAttempt> {
  const { workflowId, runId } = info.workflowExecution!;
  const { connection, options } = client;
  const execution = { workflowId, runId };
  const { namespace } = options;
  const asked = connection.withAbortSignal(AbortSignal.timeout(ANSWER_MS), async () =>
    connection.workflowService.describeWorkflowExecution({ namespace, execution }),
  );
  const { pendingActivities } = await asked.catch(() => {
    throw ApplicationFailure.retryable(
      'Temporal does not say whether this attempt still counts',
      FailureType.Unavailable,
    );
  });
  const pending = pendingActivities?.find(({ activityId }) => activityId === info.activityId);
  const { seconds = 0, nanos } = pending?.lastStartedTime ?? {};
  const startedAt = Number(seconds) * 1000 + (nanos ?? 0) / 1e6;
  return {
    counts: pending?.attempt === info.attempt,
    waitedMs: startedAt - info.currentAttemptScheduledTimestampMs,
  };
}

/** The failure of an attempt that is over: nobody hears it. */
export function overFailure(): ApplicationFailure {
  return ApplicationFailure.retryable('this attempt is over: another worker has its step', FailureType.Unavailable);
}
