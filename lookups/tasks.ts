import type { Task, TaskActivity, WorkFilter } from '../acronis/index.js';
import { lookup, scopedClient, toUtc, type LookUpScope } from './lookup.js';

interface TasksFilter {
  /** Only tasks changed since. */
  since: Date;
  /** `enqueued`, `assigned`, `started`, `paused` or `completed`. */
  state?: string;
  /** `ok`, `error`, `warning`, `cancelled`, `abandoned` or `timedout`. */
  result?: string;
  type?: string;
}

const fields = {
  type: ({ type }: Task) => type,
  state: ({ state }: Task) => state,
  result: ({ result }: Task) => result?.code ?? null,
  resource: ({ resource }: Task) => resource?.name ?? null,
  plan: ({ policy }: Task) => policy?.name ?? null,
  tenant: ({ tenant }: Task) => tenant?.name ?? null,
  startedBy: ({ startedByUser }: Task) => startedByUser,
  enqueuedAt: ({ enqueuedAt }: Task) => toUtc(enqueuedAt),
  startedAt: ({ startedAt }: Task) => toUtc(startedAt),
  completedAt: ({ completedAt }: Task) => toUtc(completedAt),
  updatedAt: ({ updatedAt }: Task) => toUtc(updatedAt),
  /** Too long for a JavaScript number. */
  id: ({ id }: Task) => id,
};

async function* listTasks(scope: LookUpScope, filter: TasksFilter): AsyncGenerator<Task> {
  yield* (await scopedClient(scope)).tasks.list(latest(filter));
}

/** The tasks of the tenant, the latest change first. */
export const tasks = lookup(listTasks, fields);

async function* listActivities(scope: LookUpScope, filter: TasksFilter): AsyncGenerator<TaskActivity> {
  yield* (await scopedClient(scope)).taskActivities.list(latest(filter));
}

/** The activities of the tenant, which are parts of tasks, the latest change first. */
export const activities = lookup(listActivities, { ...fields, taskId: ({ taskId }) => taskId });

function latest({ since, state, result, type }: TasksFilter): WorkFilter {
  return { state, type, resultCode: result, updatedAfter: since, order: 'desc(updatedAt)' };
}
