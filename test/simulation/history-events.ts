import type { Execution } from './execution.js';
import type { Activation } from './activations.js';

type Ended = NonNullable<Activation['jobs'][number]['resolveActivity']>;
type Ordered = NonNullable<Activation['commands'][number]['scheduleActivity']>;

/** The events of a history that the product reads: the start, activities with their ends, and the completion. */
export function historyEvents({ beginning, history, closing }: Execution): object[] {
  const events: object[] = [{ workflowExecutionStartedEventAttributes: { input: { payloads: beginning.arguments } } }];
  const add = (event: object) => events.push({ eventId: events.length + 1, ...event });
  const scheduled = new Map<number, number>();
  for (const { jobs, commands } of history) {
    for (const { resolveActivity: ended } of jobs)
      if (ended && scheduled.has(ended.seq!)) add(endOf(ended, scheduled.get(ended.seq!)!));
    for (const { scheduleActivity: ordered } of commands)
      if (ordered) scheduled.set(ordered.seq!, add(startOf(ordered)));
  }
  const result = closing?.completeWorkflowExecution?.result;
  if (result) add({ workflowExecutionCompletedEventAttributes: { result: { payloads: [result] } } });
  return events;
}

function startOf({ activityType, arguments: payloads }: Ordered): object {
  return { activityTaskScheduledEventAttributes: { activityType: { name: activityType }, input: { payloads } } };
}

function endOf({ result }: Ended, scheduledEventId: number): object {
  const { completed, failed } = result ?? {};
  if (!completed)
    return { activityTaskFailedEventAttributes: { scheduledEventId, failure: failed?.failure?.cause ?? null } };
  const payloads = completed.result ? [completed.result] : [];
  return { activityTaskCompletedEventAttributes: { scheduledEventId, result: { payloads } } };
}
