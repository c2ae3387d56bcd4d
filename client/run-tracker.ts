import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { describeRun } from '../vault/list-runs.js';

/** How a followed run stands in Temporal. */
export interface Standing {
  /** The run id under which it goes on: a reset gives it another. Undefined when there is no such run. */
  runId: string | undefined;
  isClosed: boolean;
  /** Another text whenever the run may have another status. */
  version: string;
}

/**
 * Follows the run that began with `runId`; without one, the last run of the workflow id at the first call. A run that
 * somebody starts later under the same id is another one.
 */
export function trackRun(client: Client, id: string, runId?: string): () => Promise<Standing> {
  let [first, newest] = [runId, runId];
  return async () => {
    const run = await describeRun(client, id).catch(ignoreNotFound);
    const firstOfRun = run?.raw.workflowExecutionInfo?.firstRunId || run?.runId;
    first ??= firstOfRun;
    if (run === undefined || firstOfRun !== first)
      return { runId: newest, isClosed: true, version: `${newest} has closed` };
    newest = run.runId;
    return { runId: newest, isClosed: run.status.name !== 'RUNNING', version: versionOf(run) };
  };
}

/** A retry of an activity writes no event. */
export function versionOf({ runId, status, raw }: WorkflowExecutionDescription): string {
  const attempts = (raw.pendingActivities ?? []).map(({ activityId, attempt, lastFailure }) => [
    activityId,
    attempt,
    lastFailure?.message,
  ]);
  return JSON.stringify([runId, status.name, String(raw.workflowExecutionInfo?.historyLength), attempts]);
}

/** The status call reports it. */
function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
