import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestEnvironment } from './test-environment.js';

/** Resets a run, as Temporal's own tools do: to its first or last task, or to the task that scheduled an activity. Gives what it has become. */
export async function reset(
  { client }: Pick<TestEnvironment, 'client'>,
  handle: WorkflowHandle,
  to: 'first' | 'last' | { before: string },
): Promise<WorkflowHandle> {
  const { events } = await handle.fetchHistory();
  const tasks = events!.filter((event) => event.workflowTaskCompletedEventAttributes);
  const scheduled = events!
    .map((event) => event.activityTaskScheduledEventAttributes)
    .find((one) => typeof to === 'object' && one?.activityType?.name === to.before);
  const finished = scheduled?.workflowTaskCompletedEventId ?? tasks.at(to === 'first' ? 0 : -1)!.eventId!;
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId, runId: (await handle.describe()).runId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: finished,
  });
  return client.workflow.getHandle(handle.workflowId, runId);
}
