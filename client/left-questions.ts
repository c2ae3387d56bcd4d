import type { Client } from '@temporalio/client';
import { questionTypes } from '../contract/questions.js';
import { listRuns } from '../vault/list-runs.js';
import { deleteRun } from './ask-worker.js';

/** Whoever has asked reads the answer at once; what is older was left behind. */
const OLD_MS = 60_000;

/**
 * Deletes questions and answers that nobody has deleted, because the program that asked was killed. Says how many. Safe
 * to repeat, also by several programs.
 */
export async function deleteLeftQuestions(client: Client, now = Date.now()): Promise<number> {
  const types = questionTypes.map((type) => `'${type}'`).join(', ');
  const closedBefore = new Date(now - OLD_MS).toISOString();
  const query = `WorkflowType IN (${types}) AND CloseTime < '${closedBefore}'`;
  let deleted = 0;
  for await (const { workflowId, runId } of listRuns(client, query)) {
    await deleteRun(client, workflowId, runId);
    deleted += 1;
  }
  return deleted;
}
