import type { Client } from '@temporalio/client';
import { decoded } from './payload.js';

/** The input with which a run was started, out of the first event of its history. */
export async function firstInput(client: Client, workflowId: string, runId: string): Promise<unknown> {
  const { history } = await client.connection.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  return await decoded(client, history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input);
}
