import { ActivityFailure, isCancellation, sleep, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import type { Asking } from '../../activities/claim-ahead.js';
import type { InputAnswer } from '../../activities/input.js';
import { anyWorker, localActivities } from './activity-options.js';
import { retryOnEviction } from './eviction.js';

/**
 * Reads an input. Where this worker does not know its cloud, any worker that does may take it within a minute; what none of them knows by then
 * is refused. The revision is of the worker whose code the run goes by.
 */
export async function readInput(operation: string, input: unknown, claimFor?: Asking): Promise<InputAnswer> {
  const { runId } = workflowInfo();
  const asked = { operation, input, runId, ...(claimFor && { claimFor }) };
  const here = await readHere(asked);
  if (here.ok || here.unknownCloud === undefined) return here;
  const { cloud, revision } = here.unknownCloud;
  try {
    const summary = `Which worker knows cloud ${cloud}?`;
    const there = await anyWorker.readInput.executeWithOptions({ summary }, [
      { operation, input, runId, passOn: true },
    ]);
    return there.ok ? { ...there, revision } : there;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return here;
  }
}

/** A worker that is too busy to read an input in time says nothing of the input: it is read again. */
async function readHere(asked: Parameters<typeof localActivities.readInput>[0]): Promise<InputAnswer> {
  for (;;)
    try {
      return await retryOnEviction(() => localActivities.readInput(asked));
    } catch (error) {
      if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
      await sleep('1 second', { summary: 'Until the input is read again' });
    }
}
