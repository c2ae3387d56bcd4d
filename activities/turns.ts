import { Context } from '@temporalio/activity';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory, WorkflowNotFoundError } from '@temporalio/common';
import type { Taken } from '../contract/tenant-turn.js';
import type { RunRef } from '../contract/turn-queue.js';
import { listRuns } from '../vault/list-runs.js';

/** What runs must know of each other; Temporal itself is asked. All are safe to repeat, and none holds its worker up. */
export function createTurnActivities() {
  return {
    /** Who has a turn, or null when that has just been given up. */
    whoseTurn: async ({ turn }: { turn: string }): Promise<Taken | null> => {
      const open = await openRun({ workflowId: turn });
      return open ? { runId: began(open), holder: parentOf(open)?.workflowId ?? turn } : null;
    },
    /** The run that has this first run id, whatever its workflow id, or null when it has closed. */
    whoMade: async ({ runId }: { runId: string }): Promise<RunRef | null> => await whoMade(runId),
    /** Ends once the run has closed; until then it fails, to be tried again. */
    runCloses: async (run: RunRef): Promise<void> => {
      if (await openRun(run)) throw stillOpen(run);
    },
    /**
     * Ends once this run of a turn has closed; until then it fails, to be tried again. A turn that nobody has any more is asked to end: the
     * server does so only for a holder that was never reset. Nor has it an earlier life of the run that asks.
     */
    turnEnds: async (turn: RunRef): Promise<void> => {
      const open = await openRun(turn);
      if (open === undefined) return;
      const { client, info } = Context.current();
      const holder = await holderOf(open);
      if (holder === undefined || holder.workflowId === info.workflowExecution?.workflowId)
        await client.workflow.getHandle(open.workflowId, open.runId).cancel();
      throw stillOpen(turn);
    },
  };
}

/** The open run that has this first run id, whatever its workflow id. */
export async function whoMade(runId: string): Promise<RunRef | null> {
  const query = `RunId = '${runId}'`;
  const found = listRuns(Context.current().client, query)[Symbol.asyncIterator]();
  const { value, done } = await found.next();
  if (done === true) return null;
  const run = { workflowId: value.workflowId, runId };
  return (await openRun(run)) ? run : null;
}

/** The open run that has a turn, whatever has become of it by resets; undefined when nobody has it any more. */
export async function holderOf(turn: WorkflowExecutionDescription): Promise<WorkflowExecutionDescription | undefined> {
  const parent = parentOf(turn);
  if (parent === undefined) return undefined;
  const { workflowId } = parent;
  const holder = await described(parent);
  return await openRun(holder ? { workflowId, runId: began(holder) } : { workflowId });
}

/** The open run of a workflow id, if it is the one that began with the run id given. */
export async function openRun({
  workflowId,
  runId,
}: Partial<RunRef> & Pick<RunRef, 'workflowId'>): Promise<WorkflowExecutionDescription | undefined> {
  const newest = await described({ workflowId });
  if (newest?.status.name !== 'RUNNING') return undefined;
  return runId === undefined || began(newest) === runId ? newest : undefined;
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

function parentOf({ raw }: WorkflowExecutionDescription): RunRef | undefined {
  const { workflowId, runId } = raw.workflowExecutionInfo?.parentExecution ?? {};
  return workflowId && runId ? { workflowId, runId } : undefined;
}

/** The run id with which a run began, before any reset. */
export function began({ raw, runId }: WorkflowExecutionDescription): string {
  return raw.workflowExecutionInfo?.firstRunId || runId;
}

/** No mistake, so neither a warning nor counted as a failure. */
export function stillOpen({ workflowId }: RunRef): ApplicationFailure {
  return ApplicationFailure.create({
    message: `${workflowId} is still open`,
    category: ApplicationFailureCategory.BENIGN,
  });
}
