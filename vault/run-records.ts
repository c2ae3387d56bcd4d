import { WorkflowFailedError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { FINAL_STATUS_MEMO, type OperationStatus } from '../contract/status.js';
import { decodeFirst } from './codec.js';

/** The input of a run's start, from the first event of its history. Fails with `DecryptionError` without its key. */
export async function startInput(client: Client, workflowId: string, runId: string): Promise<unknown> {
  const { history } = await client.connection.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  return await decodeFirst(client, workflowId, started?.input?.payloads);
}

/** How a closed run has ended, from Temporal's own record: no worker is needed. */
export async function finalStatus(client: Client, description: WorkflowExecutionDescription): Promise<OperationStatus> {
  const { workflowId, runId, memo } = description;
  const remembered = memo?.[FINAL_STATUS_MEMO] as OperationStatus | undefined;
  if (remembered !== undefined) return remembered;
  try {
    return (await client.workflow.getHandle(workflowId, runId).result()) as OperationStatus;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const detail =
      cause instanceof ApplicationFailure ? (cause.details?.[0] as OperationStatus | undefined) : undefined;
    return detail ?? statusFromTemporal(description, cause?.message);
  }
}

/** The status of a run that could not write its own: it was terminated, or a bug ended it. */
function statusFromTemporal(
  { workflowId, type, status, startTime, closeTime }: WorkflowExecutionDescription,
  message = '',
): OperationStatus {
  const ended = status.name.toLowerCase();
  return {
    operation: type,
    id: workflowId,
    state: ended === 'cancelled' ? 'cancelled' : 'failed',
    reason: {
      type: status.name === 'TERMINATED' ? 'Terminated' : 'Internal',
      message: message || `the run was ${ended}`,
    },
    steps: [],
    startedAt: startTime.toISOString(),
    updatedAt: (closeTime ?? startTime).toISOString(),
  };
}
