import { Context } from '@temporalio/activity';
import type { WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory, WorkflowNotFoundError } from '@temporalio/common';
import { NO_TURN_MEMO } from '../contract/status.js';
import type { TakenTurn, RunRef } from '../contract/turn-queue.js';
import { describeRun, listRuns } from '../vault/list-runs.js';

/** What runs must know about each other. They ask Temporal. All are safe to repeat, and none blocks its worker. */
export function createTurnActivities() {
  return {
    /** Finds the run that has a turn; null when it has just been released. */
    whoseTurn: async ({ turn }: { turn: string }): Promise<TakenTurn | null> => {
      const open = await openRun({ workflowId: turn });
      return open ? { runId: firstRunIdOf(open), holder: parentOf(open)?.workflowId ?? turn } : null;
    },
    /** Finds the open run with this first run id; null when it has closed, or claims its turns as any other run. */
    whoMade: async ({ runId }: { runId: string }): Promise<RunRef | null> => await whoMade(runId),
    /** Ends once the run has closed; until then it fails, to be tried again. */
    runCloses: async (run: RunRef): Promise<void> => {
      if (await openRun(run)) throw runStillOpen(run);
    },
    /**
     * Ends once this run of a turn has closed; until then it fails, to be tried again. Cancels a turn whose holder has
     * closed or is an earlier run of the workflow that asks: the server itself does so only for a holder that was never
     * reset.
     */
    turnEnds: async (turn: RunRef): Promise<void> => {
      const open = await openRun(turn);
      if (open === undefined) return;
      const { client, info } = Context.current();
      const holder = await holderOf(open);
      if (holder === undefined || holder.workflowId === info.workflowExecution?.workflowId)
        await client.workflow.getHandle(open.workflowId, open.runId).cancel();
      throw runStillOpen(turn);
    },
  };
}

/** Finds the open run with this first run id, with any workflow id; null also for one that claims its turns. */
export async function whoMade(runId: string): Promise<RunRef | null> {
  const query = `RunId = '${runId}'`;
  const found = listRuns(Context.current().client, query)[Symbol.asyncIterator]();
  const { value, done } = await found.next();
  if (done === true) return null;
  const run = { workflowId: value.workflowId, runId };
  const open = await openRun(run);
  return open === undefined || claimsItsTurns(open) ? null : run;
}

/** True while a run has given back its turn and waits for something else than for another one. */
export function wantsNoTurn({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): boolean {
  return memo?.[NO_TURN_MEMO] === true;
}

/**
 * True once a run has given back its turns for the first time. From then on it works at a tenant only with a turn that it
 * has claimed, also at one that it has made itself, and needs that of its key no more.
 */
export function claimsItsTurns({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): boolean {
  return typeof memo?.[NO_TURN_MEMO] === 'boolean';
}

/** Finds the open run that has a turn, also after resets; undefined when none has it. */
export async function holderOf(turn: WorkflowExecutionDescription): Promise<WorkflowExecutionDescription | undefined> {
  const parent = parentOf(turn);
  if (parent === undefined) return undefined;
  const { workflowId } = parent;
  const holder = await findRun(parent);
  return await openRun(holder ? { workflowId, runId: firstRunIdOf(holder) } : { workflowId });
}

/** Finds the open run of a workflow id; with a run id only when that is its first run id. */
export async function openRun({
  workflowId,
  runId,
}: Partial<RunRef> & Pick<RunRef, 'workflowId'>): Promise<WorkflowExecutionDescription | undefined> {
  const newest = await findRun({ workflowId });
  if (newest === undefined || !isOpen(newest)) return undefined;
  return runId === undefined || firstRunIdOf(newest) === runId ? newest : undefined;
}

/** True for a run that somebody has paused, too: it goes on later where it was. */
export function isOpen({ status }: WorkflowExecutionDescription): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}

/** Describes a run, also when its memo cannot be decrypted here; undefined when there is none. */
export async function findRun({ workflowId, runId }: { workflowId: string; runId?: string }) {
  try {
    return await describeRun(Context.current().client, workflowId, runId);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The run that has started this one as its child; undefined when none has. */
export function parentOf({ raw }: WorkflowExecutionDescription): RunRef | undefined {
  const { workflowId, runId } = raw.workflowExecutionInfo?.parentExecution ?? {};
  return workflowId && runId ? { workflowId, runId } : undefined;
}

/** The run id before any reset. */
export function firstRunIdOf({ raw, runId }: WorkflowExecutionDescription): string {
  return raw.workflowExecutionInfo?.firstRunId || runId;
}

export function runStillOpen({ workflowId }: RunRef): ApplicationFailure {
  return tryAgain(`${workflowId} is still open`);
}

/** A benign failure: no warning, and not counted as a failure. */
export function tryAgain(message: string): ApplicationFailure {
  return ApplicationFailure.create({ message, category: ApplicationFailureCategory.BENIGN });
}
