import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { AmendRequest, Choice } from '../contract/decisions.js';
import { checkIsRun, runNotFound } from '../contract/errors.js';
import { decodeFirst } from '../vault/index.js';
import { describeRun } from '../vault/list-runs.js';

const AMEND: Choice = 'amend';

/**
 * The input that a run uses now: that of its start, or of the last amendment that it accepted. No worker is asked.
 * Without a run id it is the last run of this workflow id.
 */
export async function currentInput(client: Client, id: string, run?: string): Promise<unknown> {
  checkIsRun(id);
  const { events } = await historyOf(client, id, run);
  let input = await decodeFirst(client, id, events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads);
  const amendments = new Map<string, unknown>();
  for (const event of events ?? []) {
    const request = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    if (request?.name === AMEND)
      amendments.set(
        String(event.eventId),
        ((await decodeFirst(client, id, request.args?.payloads)) as AmendRequest).input,
      );
    const answer = event.workflowExecutionUpdateCompletedEventAttributes;
    if (answer?.outcome?.success) input = amendments.get(String(answer.acceptedEventId)) ?? input;
  }
  return input;
}

async function historyOf(client: Client, id: string, run?: string) {
  try {
    const { runId } = await describeRun(client, id, run);
    return await client.workflow.getHandle(id, runId).fetchHistory();
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? runNotFound(id) : error;
  }
}
