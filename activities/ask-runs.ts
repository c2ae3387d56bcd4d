import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { describeRun } from '../vault/list-runs.js';

const QUERY_MS = 5000;
const AT_ONCE = 10;

/** What Temporal says of a run; of the newest one without a run id. Undefined when it keeps none. */
export async function findRun(
  client: Client,
  id: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await describeRun(client, id, runId);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The answer of a run to a query; undefined when it does not answer within five seconds. */
export async function ask<Answer>(
  client: Client,
  { workflowId, runId }: { workflowId: string; runId: string },
  query: string,
): Promise<Answer | undefined> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<Answer>(query));
  } catch {
    return undefined;
  }
}

/** The answers of all, in order. Few are asked at a time, so that Temporal has time for others. */
export async function inBatches<One, Answer>(
  all: readonly One[],
  answer: (one: One) => Promise<Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    answers.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(answer))).flat());
  return answers;
}
