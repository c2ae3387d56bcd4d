import type { Execution } from './execution.js';
import type { Activation } from './activations.js';

type Ended = NonNullable<Activation['jobs'][number]['resolveActivity']>;
type Update = NonNullable<Activation['jobs'][number]['doUpdate']>;
type Ordered = NonNullable<Activation['commands'][number]['scheduleActivity']>;

/** The events of a history that the product reads: the start, activities and updates with their ends, and the end. */
export function historyEvents({ beginning, history, closing }: Execution): object[] {
  const events: object[] = [{ workflowExecutionStartedEventAttributes: { input: { payloads: beginning.arguments } } }];
  const add = (event: object) => events.push({ eventId: events.length + 1, ...event });
  const scheduled = new Map<number, number>();
  const accepted = new Map<string, number>();
  for (const { jobs, commands } of history) {
    for (const { resolveActivity: ended, doUpdate: update } of jobs) {
      if (ended && scheduled.has(ended.seq!)) add(endOf(ended, scheduled.get(ended.seq!)!));
      if (update) accepted.set(update.protocolInstanceId!, add(acceptanceOf(update)));
    }
    for (const { scheduleActivity: ordered, updateResponse: answer } of commands) {
      if (ordered) scheduled.set(ordered.seq!, add(startOf(ordered)));
      if (answer?.completed) add(answerOf(answer.completed, accepted.get(answer.protocolInstanceId!)));
    }
  }
  const result = closing?.completeWorkflowExecution?.result;
  if (result) add({ workflowExecutionCompletedEventAttributes: { result: { payloads: [result] } } });
  const failure = closing?.failWorkflowExecution?.failure;
  if (failure) add({ workflowExecutionFailedEventAttributes: { failure } });
  return events;
}

function acceptanceOf({ name, input: payloads }: Update): object {
  const acceptedRequest = { input: { name, args: { payloads } } };
  return { workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest } };
}

function answerOf(payload: object, acceptedEventId: number | undefined): object {
  const outcome = { success: { payloads: [payload] } };
  return { workflowExecutionUpdateCompletedEventAttributes: { acceptedEventId, outcome } };
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
