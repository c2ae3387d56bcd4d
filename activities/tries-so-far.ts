import { Context } from '@temporalio/activity';
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import type { FailureFacts } from '../contract/failures.js';
import { contextOf } from '../vault/index.js';

/** What is known of the tries of a step while it waits for the next one. */
export interface TriesSoFar {
  facts: FailureFacts;
  /** When the next try begins. Milliseconds since 1970. */
  nextAt: number;
}

type Pending = proto.temporal.api.workflow.v1.IPendingActivityInfo;

const { PENDING_ACTIVITY_STATE_SCHEDULED } = proto.temporal.api.enums.v1.PendingActivityState;

/** It waits only briefly for a try that runs: a longer one gets the cancellation and reports what it has done. */
const LOOK_EVERY_MS = 200;
const MOST_LOOKS = 8;

export function createTriesSoFarActivities() {
  return {
    /**
     * Reads what Temporal knows about the tries of a step of the run that asks; null while a try runs, when there was
     * none yet, or when nothing is known. Calls no cloud. Safe to repeat.
     */
    triesSoFar: async ({ activityId }: { activityId: string }): Promise<TriesSoFar | null> => {
      for (let looks = 1; ; looks += 1) {
        const pending = await pendingOf(activityId);
        if (pending?.state === PENDING_ACTIVITY_STATE_SCHEDULED) {
          const facts = await factsOf(pending);
          return facts && { facts, nextAt: nextAt(pending) };
        }
        // a try that is just ending would be cancelled before it can report
        if (pending === undefined || looks === MOST_LOOKS) return null;
        await Context.current().sleep(LOOK_EVERY_MS);
      }
    },
  };
}

async function pendingOf(activityId: string): Promise<Pending | undefined> {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution!;
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  return raw.pendingActivities?.find((one) => one.activityId === activityId);
}

async function factsOf({ lastFailure, attempt }: Pending): Promise<FailureFacts | null> {
  const { client, info } = Context.current();
  const context = contextOf(client, info.workflowExecution!.workflowId);
  const failure = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, lastFailure, context);
  // that try ended without a report
  if (failure instanceof TimeoutFailure)
    return { attempts: (attempt ?? 1) - 1, apiCalls: 0, changed: false, unsure: true };
  const facts = failure instanceof ApplicationFailure ? failure.details?.[0] : undefined;
  return typeof facts === 'object' && facts !== null ? (facts as FailureFacts) : null;
}

function nextAt({ nextAttemptScheduleTime, scheduledTime }: Pending): number {
  const { seconds, nanos } = nextAttemptScheduleTime ?? scheduledTime ?? {};
  return Number(seconds ?? 0) * 1000 + Math.floor((nanos ?? 0) / 1e6);
}
