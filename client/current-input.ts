import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { AmendRequest, Choice } from '../contract/decisions.js';
import { TenantryError } from '../contract/errors.js';
import { decoded } from './payload.js';

const AMEND: Choice = 'amend';

/** The input that a run goes by now: the one it was started with, or that of the last amendment it took. No worker is asked. */
export async function currentInput(client: Client, id: string): Promise<unknown> {
  const { events } = await historyOf(client, id);
  let input = await decoded(client, events?.[0]?.workflowExecutionStartedEventAttributes?.input);
  const asked = new Map<string, unknown>();
  for (const event of events ?? []) {
    const request = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    if (request?.name === AMEND)
      asked.set(String(event.eventId), ((await decoded(client, request.args)) as AmendRequest).input);
    const answer = event.workflowExecutionUpdateCompletedEventAttributes;
    if (answer?.outcome?.success) input = asked.get(String(answer.acceptedEventId)) ?? input;
  }
  return input;
}

async function historyOf(client: Client, id: string) {
  try {
    const { runId } = await client.workflow.getHandle(id).describe();
    return await client.workflow.getHandle(id, runId).fetchHistory();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new TenantryError('refused', `There is no run ${id}. "tenantry list" shows those there are.`);
  }
}
