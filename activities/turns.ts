import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { RunRef } from '../workflows/shared/turns.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;

/** What runs must know of each other; Temporal itself is asked. None of these changes anything, so each is safe to repeat. */
export function createTurnActivities() {
  return {
    /** The run that has a turn, or null when that has just been given up. */
    whoseTurn: async ({ turn }: { turn: string }): Promise<RunRef | null> => await holderOf(turn),
    /** The open run that has this run id, whatever its workflow id, or null when it has closed. */
    whoMade: async ({ runId }: { runId: string }): Promise<RunRef | null> => {
      const query = `RunId = '${runId}' AND ExecutionStatus = 'Running'`;
      const found = Context.current().client.workflow.list({ query })[Symbol.asyncIterator]();
      const { value, done } = await found.next();
      return done === true ? null : { workflowId: value.workflowId, runId };
    },
    /** Ends when the run has closed, however long that takes. */
    runCloses: async (run: RunRef): Promise<void> => {
      const { heartbeat, sleep } = Context.current();
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        if ((await described(run))?.status.name !== 'RUNNING') return;
        heartbeat();
        await sleep(pause);
      }
    },
  };
}

/** The run that has a turn, or had it last. */
export async function holderOf(turn: string): Promise<RunRef | null> {
  const description = await described({ workflowId: turn });
  const { workflowId, runId } = description?.raw.workflowExecutionInfo?.parentExecution ?? {};
  return workflowId && runId ? { workflowId, runId } : null;
}

/** What Temporal says of a run; undefined when there is none. */
export async function described({ workflowId, runId }: { workflowId: string; runId?: string }) {
  try {
    return await Context.current().client.workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
