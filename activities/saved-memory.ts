import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import { decodeFirst } from '../vault/index.js';
import type { AttemptMemory } from './failures.js';

/** The SDK sends a heartbeat at once, or as soon as the last one is a tenth of a second old. */
const LOOK_EVERY_MS = 120;
const MOST_LOOKS = 15;

/**
 * Ends once Temporal has the memory of this attempt, so that a later attempt has it even if this worker dies. Fails, to
 * be tried again, when that cannot be seen, or when another worker has the attempt now.
 */
export async function waitUntilSaved(context: Context, memory: AttemptMemory): Promise<void> {
  const wanted = JSON.stringify(memory);
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    context.heartbeat(memory);
    await context.sleep(LOOK_EVERY_MS);
    const kept = await memoryAtServer(context).catch(() => undefined);
    if (JSON.stringify(kept) === wanted) return;
  }
  throw ApplicationFailure.retryable('Temporal does not confirm the memory of this attempt', FailureType.Unavailable);
}

async function memoryAtServer({ client, info }: Context): Promise<unknown> {
  const { workflowId, runId } = info.workflowExecution!;
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  const pending = raw.pendingActivities?.find(({ activityId }) => activityId === info.activityId);
  if (pending?.attempt !== info.attempt) return undefined;
  return await decodeFirst(client, workflowId, pending.heartbeatDetails?.payloads);
}
