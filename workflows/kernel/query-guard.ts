import { ApplicationFailure, type ActivateInput, type WorkflowInterceptors } from '@temporalio/workflow';
import { UNREAD_NEWS, UNREAD_NEWS_TYPE } from '../../contract/unread-news.js';

/** Milliseconds of the real clock within which a worker passes on what one answer of its server brings. */
const AT_ONCE = 2_000;
/** How the SDK names a query that does not come with a workflow task. */
const ALONE = 'legacy_query';

type Activation = ActivateInput['activation'];

/** The newest workflow task that this run has begun, as its server began it. */
interface Task {
  startedAt: string;
  historyBytes: string;
  events: number;
  isReplayed: boolean;
  /** The real time at which it came to this run, if it was the first one since the run was loaded. */
  doubtedAt?: number;
}

/** All runs of a worker share the modules; what is global belongs to one run. */
const ofThisRun = globalThis as { tenantryTask?: Task };

/**
 * A query that has waited for a worker comes with the whole history. If something has happened meanwhile, the SDK passes
 * this to the run as well, although the workflow task for it has not begun, or another worker has begun it and may lose
 * it. Then the run acts in two portions where its replay gets one: it could never be replayed again. Such a query fails,
 * and the worker forgets what it knew of the run.
 *
 * News without a task are longer than the history of the last task, which has the same beginning. The task of another
 * worker looks like any other: it is doubted when the run was just loaded for it, and the query follows at once.
 */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate(input, next) {
        const { jobs, isReplaying } = input.activation;
        const before = ofThisRun.tenantryTask;
        const query = jobs?.find(({ queryWorkflow }) => queryWorkflow)?.queryWorkflow;
        if (query) {
          if (query.queryId === ALONE && isAtOnce(before)) throw unreadNews();
          return next(input);
        }
        const task = taskOf(input.activation, before);
        if (before && isReplaying !== true && areNewsOf(before, task)) throw unreadNews();
        ofThisRun.tenantryTask = task;
        return next(input);
      },
    },
  ],
});

const unreadNews = () => ApplicationFailure.nonRetryable(UNREAD_NEWS, UNREAD_NEWS_TYPE);

function taskOf({ timestamp, historySizeBytes, historyLength, isReplaying }: Activation, before?: Task): Task {
  const task: Task = {
    startedAt: JSON.stringify(timestamp),
    historyBytes: String(historySizeBytes ?? 0),
    events: historyLength ?? 0,
    isReplayed: isReplaying === true,
  };
  if (before === undefined || task.isReplayed || task.historyBytes === '0') return task;
  if (isSameTask(before, task)) return { ...before, events: task.events };
  return before.isReplayed ? { ...task, doubtedAt: realTime() } : task;
}

/** A server that does not say the size of the history may begin two tasks in one moment. */
function areNewsOf(before: Task, now: Task): boolean {
  return isSameTask(before, now) && now.historyBytes !== '0' && now.events > before.events;
}

function isSameTask(before: Task, now: Task): boolean {
  return now.startedAt === before.startedAt && now.historyBytes === before.historyBytes;
}

function isAtOnce(task?: Task): boolean {
  return task?.doubtedAt !== undefined && Math.abs(realTime() - task.doubtedAt) < AT_ONCE;
}

/** In a workflow, `Date.now()` is the time of its history. */
function realTime(): number {
  return (Date.prototype.constructor as DateConstructor).now();
}
