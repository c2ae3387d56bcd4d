import { ActivityFailure, isCancellation, sleep, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import type { AskingRun } from '../../activities/claim-ahead.js';
import type { InputAnswer } from '../../activities/input.js';
import { anyWorkerReads, localActivities } from './activity-options.js';
import { retryOnEviction } from './activity-calls.js';
import { toSummary } from '../../contract/markdown.js';

/**
 * Reads an input. If this worker does not know the cloud, any other worker may read it within a minute; after that, the
 * unknown cloud is refused. The revision is always the one of this worker, because the run follows its code.
 */
export async function readInput(operation: string, input: unknown, claimFor?: AskingRun): Promise<InputAnswer> {
  const { runId, firstExecutionRunId } = workflowInfo();
  const hasBegun = claimFor !== undefined && runId !== firstExecutionRunId;
  const asked = { operation, input, runId, hasBegun };
  const here = await readHere({ ...asked, ...(claimFor && { claimFor }) });
  if (here.ok || here.unknownCloud === undefined) return here;
  const { cloud, revision } = here.unknownCloud;
  try {
    const summary = toSummary(`Which worker knows cloud ${cloud}?`);
    const there = await anyWorkerReads.readInput.executeWithOptions({ summary }, [{ ...asked, passOn: true }]);
    return there.ok ? { ...there, revision } : there;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return here;
  }
}

/** A timeout of a busy worker says nothing about the input, so the input is read again. */
async function readHere(asked: Parameters<typeof localActivities.readInput>[0]): Promise<InputAnswer> {
  for (;;)
    try {
      return await retryOnEviction(() => localActivities.readInput(asked));
    } catch (error) {
      if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
      await sleep('1 second', { summary: 'Until the input is read again' });
    }
}
