import { ApplicationFailure, type WorkflowInterceptors } from '@temporalio/workflow';
import { UNREAD_NEWS, UNREAD_NEWS_TYPE } from '../../contract/unread-news.js';

/** The newest workflow task that this run has begun, as its server began it. */
interface Task {
  startedAt: string;
  historyBytes: string;
  events: number;
}

/** All runs of a worker share the modules; what is global belongs to one run. */
const ofThisRun = globalThis as { tenantryTask?: Task };

/**
 * A query that has waited for a worker comes with the whole history. If something has happened meanwhile, the history ends
 * in news whose workflow task has not begun, and the SDK passes them to the run all the same. The task itself then brings
 * only the rest, so the run acts in two portions where its replay gets one: it could never be replayed again. Such a query
 * fails, and the worker forgets what it knew of the run.
 *
 * News without a task of their own are longer than the history of the last task, which has the same beginning.
 */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate(input, next) {
        const { timestamp, historySizeBytes, historyLength, isReplaying, jobs } = input.activation;
        if (jobs?.some(({ queryWorkflow }) => queryWorkflow)) return next(input);
        const before = ofThisRun.tenantryTask;
        const task: Task = {
          startedAt: JSON.stringify(timestamp),
          historyBytes: String(historySizeBytes ?? 0),
          events: historyLength ?? 0,
        };
        if (before && isReplaying !== true && areNewsOf(before, task))
          throw ApplicationFailure.nonRetryable(UNREAD_NEWS, UNREAD_NEWS_TYPE);
        ofThisRun.tenantryTask = task;
        return next(input);
      },
    },
  ],
});

/** A server that does not say the size of the history may begin two tasks in one moment. */
function areNewsOf(before: Task, now: Task): boolean {
  const sameTask = now.startedAt === before.startedAt && now.historyBytes === before.historyBytes;
  return sameTask && now.historyBytes !== '0' && now.events > before.events;
}
