import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestEnvironment } from './test-environment.js';

/** Resets a run, as Temporal's own tools do, to what it was after its first or its last task; gives what it has become. */
export async function reset(
  { client }: Pick<TestEnvironment, 'client'>,
  handle: WorkflowHandle,
  to: 'first' | 'last',
): Promise<WorkflowHandle> {
  const { events } = await handle.fetchHistory();
  const tasks = events!.filter((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId, runId: (await handle.describe()).runId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: tasks.at(to === 'first' ? 0 : -1)!.eventId!,
  });
  return client.workflow.getHandle(handle.workflowId, runId);
}
